"""Turns one info per environment into Gymnasium's vector info: arrays by key, and a mask `_key` beside each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Info = Mapping[str, Any]


def batch_infos(rows: Sequence[Info | None]) -> dict[str, Any]:
    """Batch the infos of n environments, as `gymnasium.vector.VectorEnv._add_info` would one by one.

    Args:
        rows: One info per environment; None where an environment has none.

    Returns:
        For each key an array of length n (bool, int64 and float64 values get that dtype, all else is object) and a
        bool mask `_key` of the rows that have it; dict values become nested batches.
    """
    batch: dict[str, Any] = {}
    for key in dict.fromkeys(key for row in rows if row for key in row):
        has = np.fromiter((row is not None and key in row for row in rows), bool, len(rows))
        values = [row[key] if row is not None and key in row else None for row in rows]
        batch[key] = _batch(values, has)
        batch[f"_{key}"] = has
    return batch


def _batch(values: list[Any], has: np.ndarray) -> Any:
    present = [value for value, there in zip(values, has, strict=True) if there]
    kind = type(present[0])
    if all(isinstance(value, Mapping) for value in present):
        return batch_infos(values)
    if kind in (bool, int, float) and all(type(value) is kind for value in present):
        array = np.zeros(len(values), dtype=kind)
        array[has] = present
        return array
    objects = np.full(len(values), None, dtype=object)
    for i, value in enumerate(values):
        objects[i] = value
    return objects
