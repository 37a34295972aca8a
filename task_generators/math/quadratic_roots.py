"""Quadratic equations with two rational roots, worked by the discriminant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import gcd

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked
from task_generators.math.text import polynomial, rational, read_polynomial

# (largest leading coefficient, largest constant of the linear factors, products on the left, whether right is 0)
# by level
_LEVELS = (
    (1, 40, 1, True),
    (12, 60, 1, True),
    (1, 40, 0, True),
    (8, 60, 0, True),
    (9, 120, 0, False),
    (24, 200, 0, False),
    (24, 200, 1, False),
    (30, 300, 2, False),
    (60, 400, 3, False),
    (99, 999, 4, False),
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
            difference = (q * s, p * s + q * r, p * r)
            if zero:
                return tuple(sorted(((q, p), (s, r)))) if products else (difference,), (0,)
            if products:
                leads = rng.integers(1, lead + 1, size=2 * products).tolist()
                factors = tuple(zip(numbers[: 2 * products], leads, strict=True))
                right = [-c for c in difference]
                for (b, a), (d, c) in zip(factors[::2], factors[1::2], strict=True):
                    right = [right[0] + b * d, right[1] + a * d + b * c, right[2] + a * c]
                return factors, tuple(right)
            left = tuple(map(sum, zip(difference, numbers, strict=True)))
            if left[2]:
                return (left,), tuple(numbers)

    def write(self, params: tuple[tuple[_Polynomial, ...], _Polynomial]) -> Draft:
        """A product that is 0 has a factor that is 0; else bring all to the left and use the formula."""
        factors, right = params
        products = list(zip(factors[::2], factors[1::2], strict=False))
        parts = [f"({polynomial(p)})({polynomial(q)})" for p, q in products] or [polynomial(factors[0])]
        steps: list[str] = []
        if len(products) == 1 and not any(right):
            roots = [Fraction(-b, a) for b, a in factors]
            for factor, root in zip(factors, roots, strict=True):
                steps += [f"{polynomial(factor)} = 0", f"x = {rational(root)}"]
        else:
            left: Sequence[int] = (0, 0, 0) if products else factors[0]
            for part, ((b, a), (d, c)) in zip(parts, products, strict=False):
                product = (b * d, a * d + b * c, a * c)
                left = [n + m for n, m in zip(left, product, strict=True)]
                steps.append(f"{part} = {polynomial(product)}")
            if len(products) > 1:
                steps.append(f"sum: {polynomial(left)}")
            if any(right):
                left = [n - m for n, m in zip(left, right, strict=True)]
                steps.append(f"{polynomial(left)} = 0")
            roots = _formula(left, steps)
        answer = f"{{{rational(min(roots))}, {rational(max(roots))}}}"
        return Draft(
            prompt=f"Find both roots of {' + '.join(parts)} = {polynomial(right)}.",
            reference={"type": "set", "answer": answer},
            solution=worked(steps, answer),
            meta={"products": len(products)},
        )

    def solve_independently(self, prompt: str) -> str:
        """Split the difference of the sides into linear factors."""
        from sympy import Poly, Symbol

        x = Symbol("x")
        left, right = prompt.removeprefix("Find both roots of ").removesuffix(".").split(" = ")
        total = Poly(read_polynomial("0" if "(" in left else left)[::-1], x) - Poly(read_polynomial(right)[::-1], x)
        for pair in re.findall(r"\(([^()]*)\)\(([^()]*)\)", left):
            one, two = (Poly(read_polynomial(factor)[::-1], x) for factor in pair)
            total += one * two
        factors = total.factor_list()[1]
        return f"{{{', '.join(str(Fraction(-int(f.nth(0)), int(f.nth(1)))) for f, _ in factors)}}}"


def _nonzero(rng: np.random.Generator, size: int, count: int) -> list[int]:
    """Numbers of absolute value 1 to `size`."""
    return [n + 1 if n >= 0 else n for n in rng.integers(-size, size, size=count).tolist()]


def _factor(n: int) -> str:
    return f"({n})" if n < 0 else str(n)


def _formula(coefficients: Sequence[int], steps: list[str]) -> list[Fraction]:
    """Both roots of a quadratic, and the steps to them."""
    common = gcd(*coefficients)
    c, b, a = (n // common for n in coefficients)
    if common > 1:
        steps.append(f"{polynomial((c, b, a))} = 0")
    square, rest = b * b, 4 * a * c
    discriminant = square - rest
    sign = "-" if rest > 0 else "+"
    steps.append(f"D = {_factor(b)}^2 - 4*{a}*{_factor(c)} = {square} {sign} {abs(rest)} = {discriminant}")
    root = _square_root(discriminant, steps)
    roots = []
    for sign, top in (("+", root - b), ("-", -b - root)):
        roots.append(Fraction(top, 2 * a))
        steps.append(f"x = ({-b} {sign} {root})/{2 * a} = {top}/{2 * a} = {rational(roots[-1])}")
    return roots


def _square_root(square: int, steps: list[str]) -> int:
    """The root of a square number, by Heron's rule in whole numbers from a power of ten above it."""
    root = 10 ** ((len(str(square)) + 1) // 2)
    while root * root != square:
        better = (root + square // root) // 2
        steps.append(f"{square}/{root} -> {square // root}, ({root} + {square // root})/2 -> {better}")
        root = better
    steps.append(f"{root}^2 = {square}")
    return root
