"""Deep comparison of what environments return."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rlvr_envs.testing.result import shown


def difference(a: Any, b: Any, path: str = "") -> str:
    """Where two nested values differ, in one line; empty if they do not. Types and array dtypes count."""
    here = path or "the value"
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        if a.keys() != b.keys():
            return f"the keys of {here} differ: {sorted(a.keys() ^ b.keys())}"
        parts = (difference(a[key], b[key], f"{path}[{key!r}]") for key in a)
        return next(filter(None, parts), "")
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if (a.shape, a.dtype) != (b.shape, b.dtype):
            return f"{here} is {a.dtype}{a.shape} against {b.dtype}{b.shape}"
        if a.dtype != object:
            return "" if np.array_equal(a, b) else f"{here} is {shown(a.tolist())} against {shown(b.tolist())}"
        return difference(a.tolist(), b.tolist(), path)
    if isinstance(a, list | tuple) and type(a) is type(b):
        if len(a) != len(b):
            return f"{here} has {len(a)} entries against {len(b)}"
        parts = (difference(x, y, f"{path}[{i}]") for i, (x, y) in enumerate(zip(a, b, strict=True)))
        return next(filter(None, parts), "")
    same = type(a) is type(b) and a == b
    return "" if same else f"{here} is {shown(a)} against {shown(b)}"
