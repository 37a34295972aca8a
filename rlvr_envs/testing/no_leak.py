"""The check `no_leak`: nothing that the agent sees holds the key."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rlvr_envs.core.verdict import Verdict
from rlvr_envs.envs.feedback import FEEDBACK, Feedback
from rlvr_envs.testing.result import CheckFailure, shown
from rlvr_envs.testing.subject import Subject, kind_check
from task_generators import Task

_PROMPTS = 100
_PLAYED = 5
_CANARY = "rlvr-canary-5309187264"
_DISTINCTIVE = 4  # an answer of so many characters does not turn up in a text by accident
_MOST = 0.9
_CONTEXT = 12
_LONG_STEP = 8


@kind_check("no_leak")
def check_no_leak(subject: Subject) -> None:
    """Prompts, hints, observations and infos do not hold reference, answer or worked steps; infos are well formed."""
    distinctive: list[Task] = []
    for level in subject.levels:
        tasks = subject.tasks(level, _PROMPTS)
        for task in tasks:
            _prompt(task)
        _answer_behind_same_words(subject, level, tasks)
        keys = [(task, subject.key(task)) for task in tasks]
        distinctive += [t for t, key in keys if len(key) >= _DISTINCTIVE and not _holds(_shown_anyway(t), key)][:1]
        _hints(subject, tasks[0])
    played = distinctive[-_PLAYED:] or subject.tasks(subject.levels[-1], _PLAYED)
    for task in played:
        for feedback in _feedbacks(subject):
            _play(subject, task, feedback)


def _shown_anyway(task: Task) -> str:
    return f"{task.prompt}\n{json.dumps(task.meta)}\n{task.id}"


def _holds(text: str, answer: str) -> bool:
    """Whether the answer stands in the text, not as a part of a longer number or word."""
    return re.search(rf"(?<![\w.]){re.escape(answer)}(?!\w|\.\d)", text) is not None


def _prompt(task: Task) -> None:
    advice = "The prompt may state the question only"
    text = f"{task.prompt}\n{json.dumps(task.meta)}"
    secrets = {
        "solution": (task.solution, repr(task.solution)[1:-1]),
        "reference": (json.dumps(task.reference), repr(dict(task.reference))),
    }
    for what, forms in secrets.items():
        if any(form in text for form in forms):
            raise CheckFailure(f"prompt or meta holds the {what}: {shown(text, 300)}", advice, task.id)
    steps = [line for line in task.solution.split("\n")[:-1] if len(line) >= _LONG_STEP]
    told = [step for step in steps if step in task.prompt]
    if len(told) > 1 and 2 * len(told) >= len(steps):
        raise CheckFailure(f"the prompt holds worked steps such as {told[-1]!r:.100}", advice, task.id)


def _answer_behind_same_words(subject: Subject, level: int, tasks: list[Task]) -> None:
    """One prompt may hold its answer by chance; nine in ten that hold it behind the same words tell it."""
    behind: Counter[str] = Counter()
    for task in tasks:
        key = re.escape(subject.key(task))
        for text in (task.prompt, json.dumps(task.meta)):
            found = re.finditer(rf"(?<![\w.]){key}(?!\w|\.\d)", text)
            behind.update({re.sub(r"\d", "0", text[max(0, m.start() - _CONTEXT) : m.start()]) for m in found})
    if behind:
        words, count = behind.most_common(1)[0]
        if count >= _MOST * len(tasks):
            raise CheckFailure(
                f"in {count} of {len(tasks)} prompts or metas of level {level} the answer stands behind {words!r}",
                "The prompt may state the question only",
                subject.generator.name,
            )


def _hints(subject: Subject, task: Task) -> None:
    answer_line = task.solution.split("\n")[-1]
    for amount in (1, 2, 1000):
        given = subject.generator.hint(task, amount)
        if answer_line in given or given == task.solution:
            raise CheckFailure(f"hint(task, {amount}) gives the answer line", "Give at most half of the steps", task.id)


def _feedbacks(subject: Subject) -> list[Feedback]:
    def hint(task: Task, verdict: Verdict, tries: int) -> str:
        return subject.generator.hint(task, tries)

    return [FEEDBACK["unary"], FEEDBACK["verdict"], hint]


def _play(subject: Subject, task: Task, feedback: Feedback) -> None:
    """Play the item with canaries in its secrets, and look for them and for the answer in all that comes back."""
    key = subject.key(task)
    lines = task.solution.split("\n")
    marked = replace(
        task,
        reference={**task.reference, "canary": _CANARY},
        solution="\n".join([*lines[:-1], f"{lines[-1]} {_CANARY}"]),
    )
    env = subject.make_env(max_turns=4, feedback=feedback, render_mode="ansi")
    look = _searcher(task, key)
    obs, info = env.reset(options={"task": marked})
    look("reset", obs, info)
    keys = list(info)
    for response in ("", subject.wrap("@"), subject.wrap(key[::-1] + "1"), subject.wrap("-7919/104729")):
        obs, _, terminated, truncated, info = env.step(response)
        look("step", obs, info)
        if list(info) != keys:
            raise CheckFailure(
                f"the keys of info differ: {keys} at reset, {list(info)} at step",
                "Return the same keys always",
                task.id,
            )
        if terminated or truncated:
            break
    look("render", env.render(), {})  # type: ignore[arg-type]
    env.close()


def _searcher(task: Task, key: str) -> Callable[[str, str, dict[str, Any]], None]:
    search_key = len(key) >= _DISTINCTIVE and not _holds(_shown_anyway(task), key)
    # What the agent said itself, and what the worked steps give as hints, is no leak.
    allowed = "\n".join(task.solution.split("\n")[:-1])
    search_key = search_key and not _holds(allowed, key)

    def look(when: str, obs: str, info: dict[str, Any]) -> None:
        advice = "Show the prompt, the verdict and the meta; never the task itself"
        try:
            text = json.dumps(info, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise CheckFailure(f"info of {when} is not JSON-able: {error}", "Use plain values", task.id) from error
        for where, content in (("observation", obs), ("info", text)):
            if _CANARY in content:
                raise CheckFailure(f"the {where} of {when} holds reference or solution", advice, task.id)
            if search_key and _holds(content, key):
                raise CheckFailure(f"the {where} of {when} holds the answer {key!r:.80}", advice, task.id)

    return look
