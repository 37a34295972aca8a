"""Products of several numbers, worked by partial products."""

from __future__ import annotations

import re

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# digits of each factor by level
_LEVELS = (
    (2, 1), (2, 2), (3, 2), (3, 3), (3, 2, 2), (3, 3, 2), (3, 3, 3), (3, 3, 3, 2), (4, 4, 4), (4, 4, 4, 3),
)  # fmt: skip


class Multiplication(TaskGenerator):
    """`What is 348 * 27?`."""

    name = "math.multiplication"
    summary = "chains of products; answer: an integer"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[int, ...]:
        """The factors, none of them 0 or 1."""
        return tuple(int(rng.integers(10 ** (n - 1) if n > 1 else 2, 10**n)) for n in _LEVELS[level])

    def write(self, params: tuple[int, ...]) -> Draft:
        """Multiply from left to right; each product row by row, one row for each digit of the second factor."""
        steps = []
        product = params[0]
        for factor in params[1:]:
            if len(params) > 2:
                steps.append(f"{product} * {factor}")
            steps += _rows(product, factor)
            product *= factor
        return Draft(
            prompt=f"What is {' * '.join(map(str, params))}?",
            reference={"type": "integer", "answer": str(product)},
            solution=worked(steps, str(product)),
            meta={"factors": len(params)},
        )

    def solve_independently(self, prompt: str) -> str:
        """Double and add in place of multiplying digits."""
        product = 1
        for factor in map(int, re.findall(r"\d+", prompt)):
            doubled, product = product, 0
            while factor:
                product += doubled if factor % 2 else 0
                doubled, factor = doubled + doubled, factor // 2
        return str(product)


def _rows(a: int, b: int) -> list[str]:
    """For the last digit of 348 * 27: `8*7=56`, `4*7+5=33`, `3*7+3=24`, `348*7=2436`. The rows are added up."""
    lines = []
    place, total = 1, 0
    while b:
        digit = b % 10
        if digit:
            rest, carry = a, 0
            while rest:
                product = rest % 10 * digit + carry
                lines.append(f"{rest % 10}*{digit}+{carry}={product}" if carry else f"{rest % 10}*{digit}={product}")
                rest, carry = rest // 10, product // 10
            row = a * digit * place
            lines.append(f"{a}*{digit * place}={row}")
            if total:
                lines.append(f"{total}+{row}={total + row}")
            total += row
        b, place = b // 10, place * 10
    return lines
