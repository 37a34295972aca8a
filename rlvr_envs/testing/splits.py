"""The check `splits`: the splits share no question, and questions repeat no more often than chance has it."""

from __future__ import annotations

import numpy as np

from rlvr_envs.testing.result import CheckFailure
from rlvr_envs.testing.subject import Subject, kind_check
from task_generators import TaskGenerator
from task_generators.seeding import SPLITS

_FAR = 2**40
_FEWEST_QUESTIONS = 200
_SHUFFLES = 200
_SIGMAS = 6.0


@kind_check("splits")
def check_splits(subject: Subject) -> None:
    """No shared question between splits over twice `items` draws; duplicates within birthday odds; no tiny level."""
    for level in subject.levels:
        near = [task.prompt for task in subject.tasks(level, subject.items)]
        far = _prompts(subject.generator, "train", level, subject.items, _FAR)
        repeats = len(near) + len(far) - len({*near, *far})
        _birthday(subject, level, near, far)
        # Where so many draws meet no question twice, those of another split would not either, were they shared: a few
        # draws then show what there is to see.
        count = 2 * subject.items if repeats else max(50, subject.items // 10)
        seen: dict[str, set[str]] = {"train": {*near, *far}}
        for split in SPLITS[1:]:
            seen[split] = set(_prompts(subject.generator, split, level, count))
            for other in SPLITS[: SPLITS.index(split)]:
                shared = seen[split] & seen[other]
                if shared:
                    raise CheckFailure(
                        f"{len(shared)} question(s) of level {level} are in both {other} and {split}, "
                        f"such as {min(shared)!r:.120}",
                        "Make `draw` return all that the question depends on, and nothing else: it picks the split",
                        subject.generator.name,
                    )


def _prompts(generator: TaskGenerator, split: str, level: int, count: int, start: int = 0) -> list[str]:
    return [generator.task(split, level, start + index).prompt for index in range(count)]


def _birthday(subject: Subject, level: int, near: list[str], far: list[str]) -> None:
    """Are items at small and at far indices draws of one and the same space?

    Were all items independent draws, whatever the distribution, then which of them are `near` would not matter: equal
    pairs across the two sets would be as frequent as across two random halves. Streams that repeat themselves (indices
    that alias, seeds that overlap) make them rarer or more frequent.
    """
    _, ids, counts = np.unique(np.array(near + far), return_inverse=True, return_counts=True)
    n = len(near)
    if len(counts) < min(_FEWEST_QUESTIONS, n // 2):
        raise CheckFailure(
            f"level {level} has only about {len(counts)} different questions ({2 * n} draws), which a learner can "
            "know by heart",
            f"Widen what `draw` draws to at least {_FEWEST_QUESTIONS} questions",
            subject.generator.name,
        )
    if len(counts) == len(ids):
        return
    across = _pairs_across(ids, n, len(counts))
    rng = np.random.default_rng(0)
    shuffled = np.array([_pairs_across(rng.permutation(ids), n, len(counts)) for _ in range(_SHUFFLES)])
    mean, spread = shuffled.mean(), shuffled.std() + 1.0
    if abs(across - mean) > _SIGMAS * spread:
        raise CheckFailure(
            f"level {level} repeats its questions: {across} equal pairs between the first {n} items and {n} far ones, "
            f"where independent draws would have {mean:.0f} +- {spread:.0f}",
            "Take all randomness from the stream that `draw` is handed",
            subject.generator.name,
        )


def _pairs_across(ids: np.ndarray, n: int, questions: int) -> int:
    return int(np.bincount(ids[:n], minlength=questions) @ np.bincount(ids[n:], minlength=questions))
