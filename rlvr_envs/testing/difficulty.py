"""The check `difficulty`: higher levels are harder."""

from __future__ import annotations

import numpy as np

from rlvr_envs.testing.result import CheckFailure
from rlvr_envs.testing.subject import Subject, kind_check

_SLIP = 0.002
"""Chance of a slip at each character, for a solver that works as the solutions do and is right if it never slips."""


@kind_check("difficulty")
def check_difficulty(subject: Subject) -> None:
    """The chance that a solver who slips writes the whole worked solution without a slip falls with every level."""
    easier: np.ndarray | None = None
    for level in subject.levels:
        chances = chances_of_success(subject, level)
        # By more than three standard errors: equal levels would pass by chance half of the time.
        if easier is not None and not easier.mean() - chances.mean() > 3 * np.hypot(_error(easier), _error(chances)):
            raise CheckFailure(
                f"level {level} is not harder than level {level - 1}: a solver that slips once in {1 / _SLIP:.0f} "
                f"characters of the worked solution succeeds in {chances.mean():.3g} +- {_error(chances):.1g} of the "
                f"items, against {easier.mean():.3g} +- {_error(easier):.1g}",
                "Set the knobs of the levels so that the work to do grows with every level",
                subject.generator.name,
            )
        easier = chances


def chances_of_success(subject: Subject, level: int) -> np.ndarray:
    """Chance of that solver to solve each of the first items of a level."""
    return (1 - _SLIP) ** np.array([len(task.solution) for task in subject.tasks(level, subject.items)])


def _error(values: np.ndarray) -> float:
    return float(values.std() / np.sqrt(len(values)))
