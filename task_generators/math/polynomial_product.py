"""Products of polynomials, expanded term by term."""

from __future__ import annotations

import re

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked
from task_generators.math.text import polynomial, read_polynomial

# (degrees of the factors, largest leading coefficient, largest other coefficient) by level
_LEVELS = (
    ((1, 1), 1, 20),
    ((1, 1), 9, 20),
    ((1, 2), 9, 20),
    ((2, 2), 9, 20),
    ((1, 1, 1), 9, 20),
    ((1, 1, 2), 9, 20),
    ((1, 2, 2), 9, 20),
    ((1, 1, 2, 2), 5, 9),
    ((2, 2, 2, 2), 5, 12),
    ((2, 2, 3, 3), 9, 20),
)


class PolynomialProduct(TaskGenerator):
    """`Expand (x + 3)(2x - 5).`."""

    name = "math.polynomial_product"
    summary = "products of polynomials; answer: the expanded polynomial"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[tuple[int, ...], ...]:
        """The coefficients of the factors, constant first and never 0; sorted, so that no item has a mirror image."""
        degrees, lead, size = _LEVELS[level]
        numbers = rng.integers(-size, size, size=sum(degrees)).tolist()
        leads = rng.integers(1, lead + 1, size=len(degrees)).tolist()
        factors = []
        for degree, first in zip(degrees, leads, strict=True):
            constant = numbers.pop()
            middle = [numbers.pop() for _ in range(degree - 1)]
            factors.append((constant + (constant >= 0), *middle, first))
        return tuple(sorted(factors))

    def write(self, params: tuple[tuple[int, ...], ...]) -> Draft:
        """Multiply by one factor after the other: a line for each of its terms, then their sum."""
        texts = [f"({polynomial(factor)})" for factor in params]
        steps = []
        product, text = params[0], texts[0]
        for factor in params[1:]:
            total = [0] * (len(product) + len(factor) - 1)
            for power in range(len(factor) - 1, -1, -1):
                if factor[power]:
                    row = [0] * power + [factor[power] * c for c in product]
                    for i in range(power, len(row)):
                        total[i] += row[i]
                    term = [0] * power + [factor[power]]
                    steps.append(f"{polynomial(term)}*{text} = {polynomial(row)}")
            product, text = tuple(total), f"({polynomial(total)})"
            steps.append(f"sum: {text[1:-1]}")
        answer = text[1:-1]
        return Draft(
            prompt=f"Expand {''.join(texts)}.",
            reference={"type": "polynomial", "answer": answer},
            solution=worked(steps, answer),
            meta={"factors": len(params), "degree": len(product) - 1},
        )

    def solve_independently(self, prompt: str) -> str:
        """Multiply the values at x = 10^40, whose digits in blocks of 40 are the coefficients."""
        base, value = 10**40, 1
        for factor in re.findall(r"\(([^()]*)\)", prompt):
            value *= sum(c * base**power for power, c in enumerate(read_polynomial(factor)))
        terms, power = [], 0
        while value:
            coefficient = (value + base // 2) % base - base // 2
            if coefficient:
                terms.append(f"{coefficient}*x^{power}")
            value, power = (value - coefficient) // base, power + 1
        return " + ".join(terms).replace("+ -", "- ")
