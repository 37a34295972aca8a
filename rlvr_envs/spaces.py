"""`UnicodeText`: the space of all strings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from gymnasium.spaces import Space

_SAMPLE_CHARS = "abcdefghijklmnopqrstuvwxyz 0123456789.,+-=<>/\\{}äλ中"
_SAMPLE_LENGTH = 24


class UnicodeText(Space[str]):
    """All strings up to a length, whatever their characters. Membership is O(1).

    Not a subclass of `gymnasium.spaces.Text`: Gymnasium's shared-memory vectors read a `Text` observation only once
    and then return it for ever; an unknown space fails loudly there instead.

    Args:
        max_length: Largest number of characters (code points), or None for no limit.
        seed: Seed of `sample`.

    Raises:
        ValueError: If `max_length` is negative.
    """

    def __init__(self, max_length: int | None = None, seed: int | np.random.Generator | None = None):
        if max_length is not None and max_length < 0:
            raise ValueError(f"max_length must be None or >= 0, got {max_length}")
        self.max_length = max_length
        super().__init__(shape=None, dtype=None, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """False: text has no fixed-size array form."""
        return False

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A short random string.

        Raises:
            ValueError: If a mask or probability is given; text has none.
        """
        if mask is not None or probability is not None:
            raise ValueError("UnicodeText.sample takes no mask and no probability")
        longest = _SAMPLE_LENGTH if self.max_length is None else min(_SAMPLE_LENGTH, self.max_length)
        length = int(self.np_random.integers(longest + 1))
        return "".join(_SAMPLE_CHARS[i] for i in self.np_random.integers(len(_SAMPLE_CHARS), size=length))

    def contains(self, x: Any) -> bool:
        """Whether `x` is a str of admissible length."""
        return isinstance(x, str) and (self.max_length is None or len(x) <= self.max_length)

    def to_jsonable(self, sample_n: Iterable[str]) -> list[str]:
        """The strings themselves."""
        return list(sample_n)

    def from_jsonable(self, sample_n: list[Any]) -> list[str]:
        """The strings themselves."""
        return [str(sample) for sample in sample_n]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnicodeText) and self.max_length == other.max_length

    def __hash__(self) -> int:
        return hash((UnicodeText, self.max_length))

    def __repr__(self) -> str:
        return "UnicodeText()" if self.max_length is None else f"UnicodeText(max_length={self.max_length})"
