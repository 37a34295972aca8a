"""Values of polynomials, worked by Horner's rule."""

from __future__ import annotations

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked
from task_generators.math.text import polynomial, read_polynomial

# (degree, smallest coefficient, largest coefficient, largest absolute value of x) by level
_LEVELS = (
    (1, 1, 30, 12),
    (2, 1, 20, 12),
    (2, -30, 30, 20),
    (3, -30, 30, 12),
    (4, -20, 20, 9),
    (5, -20, 20, 9),
    (6, -20, 20, 9),
    (7, -30, 30, 12),
    (8, -60, 60, 15),
    (10, -99, 99, 20),
)


class PolynomialValue(TaskGenerator):
    """`What is the value of 3x^2 - x + 4 at x = -5?`."""

    name = "math.polynomial_value"
    summary = "value of a polynomial at a whole number; answer: an integer"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[tuple[int, ...], int]:
        """The coefficients, constant first, and x; x is not 0, 1 or -1, which would leave little to do."""
        degree, low, high, size = _LEVELS[level]
        *coefficients, lead = rng.integers(low, high + 1, size=degree + 1).tolist()
        x = int(rng.integers(2, size + 1))
        if low < 0 and rng.random() < 0.5:
            x = -x
        return (*coefficients, lead or high), x

    def write(self, params: tuple[tuple[int, ...], int]) -> Draft:
        """Start with the leading coefficient; times x plus the next one, down to the constant."""
        coefficients, x = params
        at = f"({x})" if x < 0 else str(x)
        *rest, value = coefficients
        steps = []
        for coefficient in reversed(rest):
            product = value * x
            steps.append(f"{value}*{at} = {product}")
            value = product + coefficient
            if coefficient:
                steps.append(f"{product} {'-' if coefficient < 0 else '+'} {abs(coefficient)} = {value}")
        return Draft(
            prompt=f"What is the value of {polynomial(coefficients)} at x = {x}?",
            reference={"type": "integer", "answer": str(value)},
            solution=worked(steps, str(value)),
            meta={"degree": len(rest)},
        )

    def solve_independently(self, prompt: str) -> str:
        """Add up the terms, each with its own power of x."""
        text, x = prompt.removeprefix("What is the value of ").removesuffix("?").split(" at x = ")
        return str(sum(c * int(x) ** power for power, c in enumerate(read_polynomial(text))))
