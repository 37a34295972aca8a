"""Countdown: make a target from given numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations
from zlib import crc32

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (how many numbers, the largest) by level
_LEVELS = ((3, 20), (3, 60), (4, 20), (4, 75), (4, 400), (5, 60), (5, 400), (6, 60), (6, 400), (7, 99))

_LARGEST = 9999  # no product is above this


def evaluate(numbers: Sequence[int], target: int, used: Sequence[int], value: Fraction | None) -> tuple[bool, str]:
    """The rule of the game: each given number exactly once, and the value must be the target.

    Args:
        numbers: The given numbers.
        target: The target.
        used: The integers that the answer used, in any order.
        value: Value of the answer; None if it divides by zero.

    Returns:
        Whether the answer wins, and one line that says why without giving a solution away.
    """
    given, found = Counter(numbers), Counter(used)
    for number in found:
        if number not in given:
            return False, "it uses a number that is not given"
    for number in given:
        if found[number] != given[number]:
            return False, f"it uses {number} {_times(found[number])}, not {_times(given[number])}"
    if value is None:
        return False, "it divides by zero"
    if value != target:
        return False, f"it does not equal {target}"
    return True, f"it uses each number once and equals {target}"


class Countdown(TaskGenerator):
    """`Use each of the numbers 3, 25, 7 and 5 exactly once, with + - * / and parentheses, to make 46.`."""

    name = "math.countdown"
    summary = "reach a target from given numbers; answer: an arithmetic expression"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[int, ...]:
        """The numbers, ascending.

        They alone fix target and solution (see `_play`). Were the solution drawn, it would have to be a parameter, and
        one question with two solutions could stand in two splits.
        """
        count, high = _LEVELS[level]
        return tuple(sorted(rng.integers(1, high + 1, size=count).tolist()))

    def write(self, params: tuple[int, ...]) -> Draft:
        """One line for each operation of the solution."""
        numbers, target, answer, steps = _play(params)
        return Draft(
            prompt=(
                f"Use each of the numbers {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} exactly once, "
                f"with + - * / and parentheses, to make {target}."
            ),
            reference={"type": "target", "numbers": numbers, "target": target, "answer": answer},
            solution=worked(steps, answer),
            meta={"numbers": len(numbers), "target": target},
        )

    def solve_independently(self, prompt: str) -> str:
        """Search backwards from the target; see `_reach`."""
        *numbers, target = map(int, re.findall(r"\d+", prompt))
        _reach.cache_clear()
        _values.cache_clear()
        answer = _reach(tuple(sorted(numbers)), Fraction(target))
        assert answer is not None
        return answer


def _times(count: int) -> str:
    return ("never", "once", "twice")[count] if count < 3 else f"{count} times"


def _play(params: tuple[int, ...]) -> tuple[list[int], int, str, list[str]]:
    """The numbers in the order of the prompt, a target, a solution and its steps, all of them fixed by `params`.

    Two of the numbers are replaced by their sum, difference, product or quotient until one is left. The choices are the
    digits of a hash. The target is never the plain sum, which a learner would try always.
    """
    pick = crc32(repr(params).encode())
    shift = pick % len(params)
    numbers = [*params[shift:], *params[:shift]]
    left = [(number, str(number)) for number in numbers]
    steps = []
    only_sums = True
    while len(left) > 1:
        pick, place = divmod(pick, len(left))
        a, a_text = left.pop(place)
        pick, place = divmod(pick, len(left))
        b, b_text = left.pop(place)
        if a < b:
            a, a_text, b, b_text = b, b_text, a, a_text
        pick, symbol = divmod(pick, 8)
        ...
    return numbers, left[0][0], left[0][1], steps
