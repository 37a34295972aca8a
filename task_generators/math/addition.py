"""Sums of several numbers, worked column by column."""

from __future__ import annotations

import re

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (terms, digits of each) by level
_LEVELS = ((2, 2), (2, 3), (2, 4), (3, 3), (3, 4), (4, 4), (4, 5), (5, 5), (6, 6), (8, 8))


class Addition(TaskGenerator):
    """`What is 348 + 271?`."""

    name = "math.addition"
    summary = "chains of sums; answer: an integer"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[int, ...]:
        """The terms."""
        terms, digits = _LEVELS[level]
        return tuple(rng.integers(10 ** (digits - 1), 10**digits, size=terms).tolist())

    def write(self, params: tuple[int, ...]) -> Draft:
        """Add from left to right; each sum in columns from the right, carries added last."""
        steps = []
        total = params[0]
        for term in params[1:]:
            if len(params) > 2:
                steps.append(f"{total} + {term}")
            steps += _columns(total, term)
            total += term
        return Draft(
            prompt=f"What is {' + '.join(map(str, params))}?",
            reference={"type": "integer", "answer": str(total)},
            solution=worked(steps, str(total)),
            meta={"terms": len(params)},
        )

    def solve_independently(self, prompt: str) -> str:
        """Let Python add the numbers of the prompt."""
        return str(sum(map(int, re.findall(r"\d+", prompt))))


def _columns(a: int, b: int) -> list[str]:
    """`8+1=9`, `4+7=11`, `3+2+1=6` for 348 + 271."""
    lines = []
    carry = 0
    while a or b:
        parts = [str(n % 10) for n in (a, b) if n] + ["1"] * carry
        total = a % 10 + b % 10 + carry
        lines.append(f"{'+'.join(parts)}={total}")
        a, b, carry = a // 10, b // 10, total // 10
    return lines
