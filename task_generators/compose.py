"""Weighted mixtures of task kinds and levels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

import numpy as np

from task_generators import catalog
from task_generators.generator import DEFAULT_LEVEL
from task_generators.seeding import SPLITS, draw_index
from task_generators.task import Task

Levels = int | Sequence[int]


def as_levels(levels: Levels) -> tuple[int, ...]:
    """One level or several as a tuple. What is no level stays in it, for `check_level` to refuse."""
    one = isinstance(levels, str) or not isinstance(levels, Iterable)
    return (levels,) if one else tuple(levels)  # type: ignore[arg-type, return-value]


class Mixture:
    """Draws tasks from several kinds with given weights, levels uniformly.

    Args:
        kinds: Full kind names, or a mapping from full name to weight (positive, finite; normalised here).
        levels: One level or several, used for every kind.
        split: One of `SPLITS`.

    Raises:
        ValueError: If a kind, level, weight or the split is not valid.
    """

    def __init__(
        self, kinds: Iterable[str] | Mapping[str, float], levels: Levels = DEFAULT_LEVEL, split: str = "train"
    ):
        weights = dict(kinds) if isinstance(kinds, Mapping) else dict.fromkeys(kinds, 1.0)
        if not weights:
            raise ValueError("a mixture needs at least one task kind")
        if not all(isfinite(weight) and weight > 0 for weight in weights.values()):
            raise ValueError(f"mixture weights must be positive and finite, got {weights}")
        if split not in SPLITS:
            raise ValueError(f"unknown split {split!r}: it must be one of {', '.join(SPLITS)}")
        self.kinds = tuple(weights)
        self.levels = as_levels(levels)
        if not self.levels:
            raise ValueError("a mixture needs at least one level")
        self.split = split
        self._generators = [catalog.get(kind) for kind in self.kinds]
        for generator in self._generators:
            for level in self.levels:
                generator.check_level(level)
        total = sum(weights.values())
        self.weights = tuple(weight / total for weight in weights.values())
        self._edges = np.cumsum(self.weights)[:-1]

    def draw(self, rng: np.random.Generator, index: int | None = None) -> Task:
        """Draw one task.

        Args:
            rng: The caller's stream; a draw advances it by the same number of steps whatever is drawn.
            index: Position in the drawn kind's item stream; drawn too if None.

        Raises:
            ValueError: If `index` is out of range.
        """
        generator = self._generators[int(self._edges.searchsorted(rng.random(), side="right"))]
        level = self.levels[int(rng.integers(len(self.levels)))]
        drawn = draw_index(rng)
        return generator.task(self.split, level, drawn if index is None else index)
