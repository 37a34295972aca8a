"""Countdown: make a target from given numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from hashlib import blake2b
from itertools import combinations

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (how many numbers, the largest) by level
_LEVELS = ((3, 16), (3, 75), (4, 20), (4, 75), (4, 400), (5, 60), (5, 400), (6, 60), (6, 400), (7, 99))

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
            return False, f"it uses the number {number} {_times(found[number])} instead of {_times(given[number])}"
    if value is None:
        return False, "it divides by zero"
    if value != target:
        return False, f"it does not equal {target}"
    return True, f"it uses each number once and equals {target}"


class Countdown(TaskGenerator):
    """`Use each of the numbers 3, 5, 7 and 25 exactly once, with + - * / and parentheses, to make 46.`."""

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
        target, answer, steps = _play(params)
        return Draft(
            prompt=(
                f"Use each of the numbers {', '.join(map(str, params[:-1]))} and {params[-1]} exactly once, "
                f"with + - * / and parentheses, to make {target}."
            ),
            reference={"type": "target", "numbers": list(params), "target": target, "answer": answer},
            solution=worked(steps, answer),
            meta={"numbers": len(params), "target": target},
        )

    def solve_independently(self, prompt: str) -> str:
        """Search backwards from the target."""
        *numbers, target = map(int, re.findall(r"\d+", prompt))
        answer = _Search().reach(tuple(numbers), target)
        assert answer is not None
        return answer


def _times(count: int) -> str:
    return ("not at all", "once", "twice")[count] if count < 3 else f"{count} times"


def _play(numbers: tuple[int, ...]) -> tuple[int, str, list[str]]:
    """A target, a solution and its steps, all of them fixed by the numbers.

    Two of the numbers are replaced by their sum, difference, product or quotient until one is left; the choices are the
    digits of a hash. The target is never the plain sum or product, which a learner could try every time.
    """
    pick = int.from_bytes(blake2b(repr(numbers).encode(), digest_size=8).digest(), "big")
    left = [(number, str(number)) for number in numbers]
    steps = []
    symbols = ""
    while len(left) > 1:
        pick, place = divmod(pick, len(left))
        a, a_text = left.pop(place)
        pick, place = divmod(pick, len(left))
        b, b_text = left.pop(place)
        if a < b:
            a, a_text, b, b_text = b, b_text, a, a_text
        pick, place = divmod(pick, 8)
        symbol = "++--**//"[place]
        if not left and symbol in "+-" and not set(symbols) - {"+", "-"}:
            symbol = "*"
        elif not left and symbol in "*/" and not set(symbols) - {"*", "/"}:
            symbol = "+-"[pick % 2]
        if symbol == "/" and (a % b or b == 1):
            symbol = "*"
        if symbol == "*" and a * b > _LARGEST:
            symbol = "+-"[pick % 2] if left else "-"
        if symbol == "-" and a == b:
            symbol = "/"
        value = a + b if symbol == "+" else a - b if symbol == "-" else a * b if symbol == "*" else a // b
        steps.append(f"{a} {symbol} {b} = {value}")
        left.append((value, f"({a_text} {symbol} {b_text})"))
        symbols += symbol
    value, text = left[0]
    return value, text[1:-1], steps


class _Search:
    """Splits the numbers in two, and looks for what one part must give when the other gives this or that.

    All values are positive integers. Results are kept for the next split.
    """

    def __init__(self) -> None:
        self._values: dict[tuple[int, ...], dict[int, str]] = {}
        self._reached: dict[tuple[tuple[int, ...], int], str | None] = {}

    def reach(self, numbers: tuple[int, ...], target: int) -> str | None:
        """An expression of all the numbers with this value, if there is one."""
        if len(numbers) <= 4:
            return self.values(numbers).get(target)
        key = numbers, target
        if key not in self._reached:
            self._reached[key] = self._split(numbers, target)
        return self._reached[key]

    def _split(self, numbers: tuple[int, ...], target: int) -> str | None:
        for part, rest in _splits(numbers):
            for b, text in self.values(part).items():
                for a, pattern in (
                    (target - b, "({0}) + ({1})"),
                    (target + b, "({0}) - ({1})"),
                    (b - target, "({1}) - ({0})"),
                    (target // b if target % b == 0 else 0, "({0}) * ({1})"),
                    (target * b, "({0}) / ({1})"),
                    (b // target if b % target == 0 else 0, "({1}) / ({0})"),
                ):
                    found = self.reach(rest, a) if a > 0 else None
                    if found is not None:
                        return pattern.format(found, text)
        return None

    def values(self, numbers: tuple[int, ...]) -> dict[int, str]:
        """All values of expressions of all the numbers (at most four), each with one expression."""
        if numbers not in self._values:
            found = {numbers[0]: str(numbers[0])} if len(numbers) == 1 else {}
            for part, rest in _splits(numbers):
                for a, a_text in self.values(part).items():
                    for b, b_text in self.values(rest).items():
                        found[a + b] = f"({a_text}) + ({b_text})"
                        found[a * b] = f"({a_text}) * ({b_text})"
                        if a > b:
                            found[a - b] = f"({a_text}) - ({b_text})"
                        elif a < b:
                            found[b - a] = f"({b_text}) - ({a_text})"
                        if a % b == 0:
                            found[a // b] = f"({a_text}) / ({b_text})"
                        if b % a == 0:
                            found[b // a] = f"({b_text}) / ({a_text})"
            self._values[numbers] = found
        return self._values[numbers]


def _splits(numbers: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The ways to split the numbers into two parts, halves first; the first part is not the longer one."""
    for size in range(len(numbers) // 2, 0, -1):
        for places in combinations(range(len(numbers)), size):
            rest = tuple(number for place, number in enumerate(numbers) if place not in places)
            yield tuple(numbers[place] for place in places), rest
