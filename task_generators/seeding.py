"""The one seeding rule: every item has its own random stream, addressed by (kind, version, split, level, index).

Streams are keyed by hashing (NumPy's `SeedSequence`), never by `seed + i`, so neighbouring seeds and indices share
nothing, and any item can be drawn without drawing those before it.
"""

from __future__ import annotations

from hashlib import blake2b
from zlib import crc32

import numpy as np

ROOT = 0x524C5652  # "RLVR": keeps our streams apart from any other user of default_rng

SPLITS = ("train", "eval", "test")

MAX_INDEX = 2**53  # indices stay exact in JSON readers that hold numbers as doubles


def item_rng(kind: str, version: int, split: str, level: int, index: int) -> np.random.Generator:
    """The random stream of one item.

    Args:
        kind: Full kind name, e.g. `math.gcd`.
        version: The kind's version.
        split: One of `SPLITS`.
        level: Difficulty level, >= 0.
        index: Position in the item stream, in [0, MAX_INDEX).

    Returns:
        A fresh generator; equal arguments give equal streams in every process and on every machine.
    """
    # The stream of default_rng([ROOT, crc32, split, level, index]), without its slow way to turn a list into words.
    name = crc32(f"{kind}@{version}".encode())
    words = [ROOT, name, SPLITS.index(split), level, index & 0xFFFFFFFF]
    if index >> 32:
        words.append(index >> 32)
    return np.random.default_rng(np.array(words, dtype=np.uint32))


def draw_index(rng: np.random.Generator) -> int:
    """A uniformly drawn item index in [0, MAX_INDEX)."""
    return int(rng.integers(MAX_INDEX))


def split_of(params: object) -> str:
    """The split that owns an item with these parameters: 3/4 of all items are train, 1/8 eval, 1/8 test.

    A generator keeps drawing until the item belongs to the split asked for, so splits are disjoint by construction
    however small the space is.

    Args:
        params: Plain ints, strs and tuples (their `repr` is hashed, so it must not depend on the process).
    """
    bucket = blake2b(repr(params).encode(), digest_size=1).digest()[0]
    return "train" if bucket < 192 else "eval" if bucket < 224 else "test"
