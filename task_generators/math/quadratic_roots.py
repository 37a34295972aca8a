"""Quadratic equations with two rational roots, worked by the discriminant."""

from __future__ import annotations

from fractions import Fraction
from math import gcd

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked
from task_generators.math.text import polynomial, rational

# (largest leading coefficient, largest constant of the linear factors, products on the left, whether right is 0)
_LEVELS = (
    (1, 20, 0, True),
    (1, 60, 0, True),
    (4, 40, 0, True),
    (4, 40, 0, False),
    (12, 60, 0, False),
    (6, 30, 1, False),
    (20, 99, 1, False),
    (20, 99, 2, False),
    (30, 200, 3, False),
    (60, 400, 4, False),
)

_Polynomial = tuple[int, ...]  # coefficients, constant first


class QuadraticRoots(TaskGenerator):
    """`Find both roots of 2x^2 - 5x - 12 = 0.`."""

    name = "math.quadratic_roots"
    summary = "quadratic equations with two different rational roots; answer: the set of both"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[tuple[_Polynomial, ...], _Polynomial]:
        """The left side, a quadratic or linear factors multiplied in pairs, and the right side."""
        lead, constant, products, zero = _LEVELS[level]
        while True:
            p, r = rng.integers(1, lead + 1, size=2).tolist() if lead > 1 else (1, 1)
            q, s, *numbers = _nonzero(rng, constant, 2 if zero else 5 + 2 * products)
            if p * s == q * r:
                continue
            roots_at = (q * s, p * s + q * r, p * r)
            if zero:
                return (roots_at,), (0,)
            if products:
                leads = rng.integers(1, lead + 1, size=2 * products).tolist()
                factors = tuple(zip(numbers[: 2 * products], leads, strict=True))
                right = [-c for c in roots_at]
                for (b, a), (d, c) in zip(factors[::2], factors[1::2], strict=True):
                    right = [right[0] + b * d, right[1] + a * d + b * c, right[2] + a * c]
                return factors, tuple(right)
            left = tuple(map(sum, zip(roots_at, numbers, strict=True)))
            if left[2]:
                return (left,), tuple(numbers)

    def write(self, params: tuple[tuple[_Polynomial, ...], _Polynomial]) -> Draft:
        """Expand, bring everything to the left, and use the formula for the roots."""
        factors, right = params
        steps = []
        if len(factors) == 1:
            left = factors[0]
            text = polynomial(left)
        else:
            left, parts = (0, 0, 0), []
            for (b, a), (d, c) in zip(factors[::2], factors[1::2], strict=True):
                product = (b * d, a * d + b * c, a * c)
                left = tuple(map(sum, zip(left, product, strict=True)))
                parts.append(f"({polynomial((b, a))})({polynomial((d, c))})")
                steps.append(f"{parts[-1]} = {polynomial(product)}")
            text = " + ".join(parts)
            if len(parts) > 1:
                steps.append(f"sum: {polynomial(left)}")
        c, b, a = (p - q for p, q in zip(left, right, strict=True)) if any(right) else left
        if steps or any(right):
            steps.append(f"{polynomial((c, b, a))} = 0")
        common = gcd(a, b, c)
        if common > 1:
            a, b, c = a // common, b // common, c // common
            steps.append(f"{polynomial((c, b, a))} = 0")
        square, rest = b * b, 4 * a * c
        steps.append(f"D = {_factor(b)}^2 - 4*{a}*{_factor(c)} = {square} {'-' if rest > 0 else '+'} {abs(rest)}")
        discriminant = square - rest
        steps.append(f"D = {discriminant}")
        root = _square_root(discriminant, steps)
        roots = []
        for sign, top in (("+", root - b), ("-", -b - root)):
            roots.append(Fraction(top, 2 * a))
            steps.append(f"x = ({-b} {sign} {root})/{2 * a} = {top}/{2 * a} = {rational(roots[-1])}")
        answer = f"{{{rational(roots[1])}, {rational(roots[0])}}}"
        return Draft(
            prompt=f"Find both roots of {text} = {polynomial(right)}.",
            reference={"type": "set", "answer": answer},
            solution=worked(steps, answer),
            meta={"products": len(factors) // 2},
        )

    def solve_independently(self, prompt: str) -> str:
        """Split the difference of the sides into linear factors."""
        import re

        from sympy import Poly, Symbol, parse_expr

        text = re.sub(r"(?<=[\dx)])(?=[x(])", "*", prompt.removeprefix("Find both roots of ").removesuffix("."))
        left, right = map(parse_expr, text.replace("^", "**").split(" = "))
        factors = Poly(left - right, Symbol("x")).factor_list()[1]
        return f"{{{', '.join(str(Fraction(-int(f.nth(0)), int(f.nth(1)))) for f, _ in factors)}}}"


def _nonzero(rng: np.random.Generator, size: int, count: int) -> list[int]:
    """Numbers of absolute value 1 to `size`."""
    return [n + 1 if n >= 0 else n for n in rng.integers(-size, size, size=count).tolist()]


def _factor(n: int) -> str:
    return f"({n})" if n < 0 else str(n)


def _square_root(square: int, steps: list[str]) -> int:
    """The root of a square number, by Heron's rule in whole numbers from a power of ten above it."""
    root = 10 ** ((len(str(square)) + 1) // 2)
    while root * root != square:
        better = (root + square // root) // 2
        steps.append(f"{square}/{root} -> {square // root}, ({root} + {square // root})/2 -> {better}")
        root = better
    steps.append(f"{root}^2 = {square}")
    return root
