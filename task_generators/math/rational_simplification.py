"""Quotients of polynomials, reduced by their greatest common divisor."""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked
from task_generators.math.text import polynomial, read_polynomial

# (degree of the common factor, linear factors only above, only below, largest leading, other coefficient) by level
_LEVELS = (
    (1, 1, 0, 1, 40),
    (1, 2, 0, 3, 9),
    (1, 1, 1, 1, 9),
    (1, 1, 1, 9, 20),
    (1, 2, 1, 3, 9),
    (2, 1, 2, 3, 9),
    (1, 2, 2, 3, 9),
    (2, 2, 2, 4, 9),
    (2, 3, 3, 3, 9),
    (3, 3, 3, 5, 12),
)

_Polynomial = tuple[int, ...]  # coefficients, constant first


class RationalSimplification(TaskGenerator):
    """`Write (x^2 + 5x + 6)/(x^2 - 9) in lowest terms.`."""

    name = "math.rational_simplification"
    summary = "quotients of polynomials with a common factor; answer: the quotient in lowest terms"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[_Polynomial, _Polynomial]:
        """Numerator and denominator: a common factor times linear factors that share no root."""
        degree, above, below, lead, size = _LEVELS[level]
        n = above + below
        while True:
            constants = [c + (c >= 0) for c in rng.integers(-size, size, size=n + degree).tolist()]
            leads = rng.integers(1, lead + 1, size=n + 1).tolist() if lead > 1 else [1] * (n + 1)
            linear = list(zip(constants[:n], leads[:n], strict=True))
            if all(b * c != a * d for b, a in linear[:above] for d, c in linear[above:]):
                common = (*constants[n:], leads[n])
                rest_above, rest_below = _product((1,), linear[:above]), _product((1,), linear[above:])
                if common not in (rest_above, rest_below):  # else a part of the answer stands in the question
                    return _product(common, linear[:above]), _product(common, linear[above:])

    def write(self, params: tuple[_Polynomial, _Polynomial]) -> Draft:
        """Euclid's algorithm; then divide both by what it finds, and by any number still in common."""
        steps: list[str] = []
        top, bottom = params
        top_text, bottom_text = (f"({polynomial(p)})" for p in params)
        (a, a_text), (b, b_text) = (top, top_text), (bottom, bottom_text)
        if len(a) < len(b):
            (a, a_text), (b, b_text) = (b, b_text), (a, a_text)
        while True:
            rest, quotient = _divide(a, a_text, b, b_text, steps)
            if not rest:
                break
            content = gcd(*rest) * (1 if rest[-1] > 0 else -1)
            primitive = tuple(c // content for c in rest)
            text = f"({polynomial(primitive)})"
            if content != 1:
                steps.append(f"divide by {content}: {text}")
            (a, a_text), (b, b_text) = (b, b_text), (primitive, text)
        steps.append(f"common factor {b_text}")
        # The last division of Euclid's algorithm may be one of the two that are needed.
        above = quotient if a is top else _divide(top, top_text, b, b_text, steps)[1]
        if b is bottom:
            below = [1]
        else:
            below = quotient if a is bottom else _divide(bottom, bottom_text, b, b_text, steps)[1]
        content = gcd(*above, *below)
        if content > 1:
            steps.append(f"({polynomial(above)})/({polynomial(below)}), divide both by {content}")
            above, below = ([c // content for c in p] for p in (above, below))
        answer = polynomial(above) if below == [1] else f"({polynomial(above)})/({polynomial(below)})"
        return Draft(
            prompt=f"Write {top_text}/{bottom_text} in lowest terms.",
            reference={"type": "ratio", "answer": answer},
            solution=worked(steps, answer),
            meta={"degrees": [len(top) - 1, len(bottom) - 1], "common": len(b) - 1},
        )

    def solve_independently(self, prompt: str) -> str:
        """Cancel the linear and other irreducible factors that both parts share."""
        from sympy import Poly, Symbol, gcd

        text = prompt.removeprefix("Write ").removesuffix(" in lowest terms.")
        x = Symbol("x")
        (c, above), (d, below) = (
            Poly(read_polynomial(part.strip("()"))[::-1], x).factor_list() for part in text.split("/")
        )
        powers = dict(above)
        for factor, power in below:
            powers[factor] = powers.get(factor, 0) - power
        parts = []
        for number, sign in ((c, 1), (d, -1)):
            part = Poly(number / gcd(c, d), x)
            for factor, power in powers.items():
                part *= factor ** max(0, sign * power)
            parts.append(f"({part.as_expr()})")
        return "/".join(part for part in parts if part != "(1)").replace("**", "^")


def _product(common: Sequence[int], linear: Sequence[tuple[int, int]]) -> _Polynomial:
    """The coefficients of `common` times linear factors."""
    product = list(common)
    for b, a in linear:
        product = [b * low + a * high for low, high in zip([*product, 0], [0, *product], strict=True)]
    return tuple(product)


def _divide(a: _Polynomial, a_text: str, b: _Polynomial, b_text: str, steps: list[str]) -> tuple[list[int], list[int]]:
    """The rest of a multiple of `a`, just large enough to stay in whole numbers, by `b`; and the quotient.

    Each line takes one power away. The rest is empty where `b` divides `a`.
    """
    rest = list(a)
    quotient = [0] * max(0, len(a) - len(b) + 1)
    while len(rest) >= len(b):
        common = gcd(rest[-1], b[-1])
        times, factor, shift = b[-1] // common, rest[-1] // common, len(rest) - len(b)
        if times < 0:
            times, factor = -times, -factor
        quotient[shift] = factor
        if times > 1:
            a_text = f"{times}*{a_text}"
            rest = [times * c for c in rest]
        for i, c in enumerate(b, shift):
            rest[i] -= factor * c
        while rest and not rest[-1]:
            rest.pop()
        term = polynomial([0] * shift + [abs(factor)])
        text = polynomial(rest)
        steps.append(f"{a_text} {'-' if factor > 0 else '+'} {'' if term == '1' else f'{term}*'}{b_text} = {text}")
        a_text = f"({text})"
    return rest, quotient
