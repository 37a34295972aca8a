"""Numbers written in another base."""

from __future__ import annotations

import re

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

_DIGITS = "0123456789abcdef"

# (smallest number, largest number, largest base, through base 10) by level; through base 10 means that neither the
# source nor the target is base 10, so that it takes two conversions
_LEVELS = (
    (17, 99, 9, False), (100, 399, 9, False), (600, 2999, 12, False), (8000, 49999, 12, False), (400, 2999, 16, True),
    (3000, 19999, 16, True), (30000, 199999, 16, True), (300000, 1999999, 16, True), (4000000, 39999999, 16, True),
    (10**9, 10**10, 16, True),
)  # fmt: skip


class BaseConversion(TaskGenerator):
    """`Convert 101101 from base 2 to base 10.`."""

    name = "math.base_conversion"
    summary = "between bases 2 to 16; answer: digits"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[int, int, int]:
        """The number, the base it is given in and the base asked for."""
        low, high, base_max, through = _LEVELS[level]
        number = int(rng.integers(low, high + 1))
        while True:
            source = int(rng.integers(2, base_max + 1))
            target = int(rng.integers(2, base_max + 1)) if through else 10
            if source != target and (not through or (source != 10 and target != 10)):
                break
        return (number, source, target) if through or rng.integers(2) else (number, target, source)

    def write(self, params: tuple[int, int, int]) -> Draft:
        """Multiply by the source base and add the next digit; then divide by the target base."""
        number, source, target = params
        given, _ = _divide(number, source)
        steps = []
        if source != 10:
            value = _DIGITS.index(given[0])
            for digit in given[1:]:
                following = value * source + _DIGITS.index(digit)
                steps.append(f"{value}*{source}+{_DIGITS.index(digit)}={following}")
                value = following
        answer = str(number)
        if target != 10:
            answer, divisions = _divide(number, target)
            steps += divisions
        letters = " Write digits above 9 as lower-case letters." if target > 10 else ""
        return Draft(
            prompt=f"Convert {given} from base {source} to base {target}.{letters}",
            reference={"type": "digits", "answer": answer, "base": target},
            solution=worked(steps, answer),
            meta={"from": source, "to": target},
        )

    def solve_independently(self, prompt: str) -> str:
        """Read the digits with `int`; take as often as it goes the highest power of the target base."""
        match = re.match(r"Convert (\w+) from base (\d+) to base (\d+)\.", prompt)
        assert match
        rest, target = int(match[1], int(match[2])), int(match[3])
        power = 1
        while power * target <= rest:
            power *= target
        answer = ""
        while power:
            answer += "0123456789abcdef"[rest // power]
            rest, power = rest % power, power // target
        return answer


def _divide(number: int, base: int) -> tuple[str, list[str]]:
    """The digits of `number` and the divisions that give them, last digit first."""
    text, lines = "", []
    while number:
        digit = number % base
        lines.append(f"{number} = {number // base}*{base} + {digit}" + (f" ({_DIGITS[digit]})" if digit > 9 else ""))
        text = _DIGITS[digit] + text
        number //= base
    return text, lines
