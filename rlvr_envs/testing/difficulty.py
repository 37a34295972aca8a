"""The check `difficulty`: higher levels are harder."""

from __future__ import annotations

from rlvr_envs.testing.result import CheckFailure
from rlvr_envs.testing.subject import Subject, kind_check

_SLIP = 0.002
"""Chance of a slip at each character, for a solver that works as the solutions do and is right if it never slips."""


@kind_check("difficulty")
def check_difficulty(subject: Subject) -> None:
    """The chance that a solver who slips writes the whole worked solution without a slip falls with every level."""
    easier: float | None = None
    for level in subject.levels:
        success = expected_success(subject, level)
        if easier is not None and not success < easier:
            raise CheckFailure(
                f"level {level} is not harder than level {level - 1}: a solver that slips once in {1 / _SLIP:.0f} "
                f"characters of the worked solution succeeds in {success:.4f} against {easier:.4f} of the items",
                "Set the knobs of the levels so that the work to do grows with every level",
                subject.generator.name,
            )
        easier = success


def expected_success(subject: Subject, level: int) -> float:
    """Mean chance of that solver to solve an item of this level."""
    tasks = subject.tasks(level, subject.items)
    return sum((1 - _SLIP) ** len(task.solution) for task in tasks) / len(tasks)
