"""The check `no_free_reward`: nothing but an answer to the question pays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import sqrt

from rlvr_envs.testing.result import CheckFailure
from rlvr_envs.testing.subject import Subject, kind_check
from task_generators import Task

_LIMIT = 0.05
_MUST_FAIL = 5
_PROBED = 100
_GUESSED = 10
_FIRST_LOOK = 200

_CONSTANTS = ("0", "1", "-1", "2", "10", "x", "0, 1", "()", "[]", "{}", "1/2", "yes", "no", "true", "A", "answer", "?")
_RUN = re.compile(r"[\w\s+\-*/^().,;:=%\[\]{}]*\d[\w\s+\-*/^().,;:=%\[\]{}]*")
_WORD = re.compile(r"[A-Za-z]{2,}")
_NUMERAL = re.compile(r"(?:[a-z]\s*=\s*)?[-+]?\d[\d.,/\s]*%?")
_INTEGER = re.compile(r"-?\d{1,300}")


@kind_check("no_free_reward")
def check_no_free_reward(subject: Subject) -> None:
    """Null, echo, hedging, another item's key, constants and numbers of the prompt earn nothing."""
    scores: dict[str, list[float]] = {}
    for level in subject.levels:
        for task, other in zip(subject.tasks(level, _MUST_FAIL), _other_keys(subject, level), strict=True):
            for response, why in (*_empty(task), *_echoes(subject, task), *_foreign(subject, task, other)):
                score = subject.verifier.verify(task, response).score
                if score:
                    raise CheckFailure(
                        f"it earned {score:g}, being {why}", f"Judge it so that {why} earns 0", task.id, response
                    )
        _probe(subject, level, scores)
        _best_constant(subject, level)
    for name, earned in scores.items():
        _hold(subject, name, earned, "over all levels")


def _empty(task: Task) -> Iterator[tuple[object, str]]:
    yield None, "no text"
    yield task.solution.encode(), "bytes"
    yield 12, "a number instead of text"
    yield [task.solution], "a list instead of text"
    for text in ("", " ", "\n", "<answer></answer>", "<answer> </answer>", "\\boxed{}", "Answer:", "<answer>"):
        yield text, "an empty answer"
    yield f"<think>{task.solution}</think>", "an answer only inside thinking"
    yield f"<think>{task.solution}", "an answer inside thinking that never ends"


def _echoes(subject: Subject, task: Task) -> Iterator[tuple[str, str]]:
    yield task.prompt, "an echo of the prompt"
    yield subject.wrap(task.prompt), "an echo of the prompt"
    yield f"{task.prompt}\n{subject.wrap(task.prompt)}", "an echo of the prompt"
    for fragment in sorted(fragments(task.prompt), key=len)[-1:]:
        yield subject.wrap(fragment), "the longest piece of the prompt"


def fragments(prompt: str) -> list[str]:
    """Pieces of a prompt that look like arithmetic: whole runs, their parts and what stands in brackets.

    A lone number is left out; such are probed by themselves.
    """
    found: dict[str, None] = {}
    for text in (match.group() for match in _RUN.finditer(prompt)):
        for run in _WORD.split(text):
            parts = [run, *re.split(r"[=;:]|,\s|\s,|\.\s", run), *re.findall(r"\(([^()]+)\)", run)]
            found.update(dict.fromkeys(part.strip(" \n.,;:=") for part in parts))
    return [part for part in found if part and not _NUMERAL.fullmatch(part) and re.search(r"\d", part)]


def _foreign(subject: Subject, task: Task, other: str) -> Iterator[tuple[str, str]]:
    key = subject.key(task)
    yield subject.wrap(other), "the key of another item"
    hedge = "offering a right and a wrong answer"
    for first, second in ((key, other), (other, key)):
        yield subject.wrap(f"{first} or {second}"), hedge
        yield subject.wrap(f"{first}, {second}"), hedge
        yield subject.wrap(f"{first} and {second}"), hedge
        yield subject.wrap(f"either {first} or {second}"), hedge
        yield subject.wrap(f"{first}\n{second}"), hedge
        yield f"{subject.wrap(first)} or {subject.wrap(second)}", hedge
        yield f"{subject.wrap(first)}\n{subject.wrap(second)}", hedge
    yield f"{subject.wrap(key)} No, it is {subject.wrap(other)}", "taking a right answer back"
    yield subject.wrap(", ".join([*map(str, range(-20, 60)), key])), "a list of many answers"


def _other_keys(subject: Subject, level: int) -> list[str]:
    """For each of the first tasks a key of another item that is not a right answer to it."""
    tasks = subject.tasks(level, 2 * _MUST_FAIL + 10)
    found = []
    for i, task in enumerate(tasks[:_MUST_FAIL]):
        own = subject.canonical(task, subject.key(task))
        keys = (subject.key(other) for other in tasks[i + 1 :])
        found.append(next((key for key in keys if subject.canonical(task, key) != own), None))
    if None in found:
        at = tasks[found.index(None)]
        raise CheckFailure(
            f"all of the next {len(tasks) - _MUST_FAIL} items have the same answer {subject.key(at)!r:.80}",
            "Draw items with different answers",
            at.id,
        )
    return [key for key in found if key is not None]


_PIECES = "the best piece of the prompt"


def _guesses(task: Task) -> Iterator[tuple[str, str]]:
    numbers = [int(number) for number in _INTEGER.findall(task.prompt)]
    if numbers:
        yield "the first integer of the prompt", str(numbers[0])
        yield "the last integer of the prompt", str(numbers[-1])
        yield "the smallest integer of the prompt", str(min(numbers))
        yield "the largest integer of the prompt", str(max(numbers))


def _probe(subject: Subject, level: int, scores: dict[str, list[float]]) -> None:
    """Answer with numbers of the prompt and with constants; append what they earned."""
    earned: dict[str, list[float]] = {}
    for i, task in enumerate(subject.tasks(level, _PROBED)):
        guesses = [*_guesses(task), *((f"{text!r}", text) for text in (_CONSTANTS if i < _GUESSED else ()))]
        if i < _GUESSED:
            guesses += [(_PIECES, piece) for piece in fragments(task.prompt)]
        score = {answer: subject.verifier.verify(task, subject.wrap(answer)).score for _, answer in guesses}
        for name in dict.fromkeys(name for name, _ in guesses):
            earned.setdefault(name, []).append(max(score[answer] for of, answer in guesses if of == name))
    for name, values in earned.items():
        _hold(subject, name, values, f"at level {level}")
        scores.setdefault(name, []).extend(values)


def _hold(subject: Subject, name: str, earned: list[float], where: str) -> None:
    mean = sum(earned) / len(earned)
    if mean > allowed(len(earned)):
        raise CheckFailure(
            f"{where}, answering with {name} earns {mean:.3f} on average over {len(earned)} items, more than {_LIMIT}",
            "Redraw the items whose answer stands in the question, or widen the range of answers",
            subject.generator.name,
        )


def allowed(items: int) -> float:
    """The largest mean reward of a guess over so many items: 0.05, and below 1,000 items three sigma more."""
    return _LIMIT + (3 * sqrt(_LIMIT * (1 - _LIMIT) / items) if items < 1000 else 0.0)


def _best_constant(subject: Subject, level: int) -> None:
    """Count equal answers. Where equal texts are rare, the first items tell whether equal values are rare too."""
    tasks = subject.tasks(level, subject.items)
    keys = [subject.key(task) for task in tasks]
    if max(Counter(keys).values()) <= 2:
        first = Counter(subject.canonical(*pair) for pair in zip(tasks[:_FIRST_LOOK], keys, strict=False))
        if max(first.values()) <= 2:  # an answer of 5 % of the items would be met more often but once in 2,000 kinds
            return
    counts = Counter(subject.canonical(task, key) for task, key in zip(tasks, keys, strict=True))
    answer, count = counts.most_common(1)[0]
    if count > allowed(len(tasks)) * len(tasks):
        raise CheckFailure(
            f"the constant answer {answer!r:.80} is right in {count} of {len(tasks)} items of level {level}, more than "
            f"{_LIMIT:.0%}",
            "Widen the range of answers, or draw so that no answer is frequent",
            subject.generator.name,
        )
