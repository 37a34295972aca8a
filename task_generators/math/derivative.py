"""Derivatives: power rule, then product and chain rule."""

from __future__ import annotations

import re

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked
from task_generators.math.text import polynomial, read_polynomial

# (products, powers in each, degree of the bases, largest exponent, largest coefficient) by level;
# up to level 3 one plain polynomial
_LEVELS = (
    (1, 1, 2, 1, 30),
    (1, 1, 3, 1, 30),
    (1, 1, 4, 1, 30),
    (1, 1, 5, 1, 60),
    (1, 2, 2, 1, 30),
    (1, 2, 1, 6, 30),
    (1, 2, 2, 6, 30),
    (2, 2, 1, 6, 30),
    (2, 2, 2, 6, 30),
    (2, 3, 2, 6, 30),
)

_Power = tuple[tuple[int, ...], int]  # coefficients of the base, constant first, and exponent


class Derivative(TaskGenerator):
    """`Differentiate (2x + 3)^4(x - 5)^2 with respect to x.`."""

    name = "math.derivative"
    summary = "derivatives of polynomials and of products of powers; answer: a polynomial or an expression"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[tuple[_Power, ...], ...]:
        """A sum of products of powers; leading coefficients are positive, constants not 0."""
        products, powers, degree, exponent, size = _LEVELS[level]
        count = products * powers
        numbers = rng.integers(-size, size, size=(count, degree + 1)).tolist()
        exponents = rng.integers(2, exponent + 1, size=count).tolist() if exponent > 1 else [1] * count
        found = [
            ((constant + (constant >= 0), *middle, abs(lead) or size), n)
            for (constant, *middle, lead), n in zip(numbers, exponents, strict=True)
        ]
        # Sorted, so that no item has a mirror image.
        return tuple(sorted(tuple(sorted(found[i : i + powers])) for i in range(0, count, powers)))

    def write(self, params: tuple[tuple[_Power, ...], ...]) -> Draft:
        """Differentiate a polynomial term by term, and products of powers by the product and chain rule."""
        (base, exponent), *others = params[0]
        if exponent == 1 and not others:
            text, kind = polynomial(base), "polynomial"
            derived = [power * c for power, c in enumerate(base)][1:]
            answer = polynomial(derived)
            steps = [
                f"{_term(base[k], k)} -> {_term(derived[k - 1], k - 1)}" for k in range(len(base) - 1, 0, -1) if base[k]
            ]
        else:
            text = " + ".join("".join(_power(f"({polynomial(p)})", n) for p, n in product) for product in params)
            kind = "expression"
            steps, terms = [], []
            for product in params:
                bases = [f"({polynomial(p)})" for p, _ in product]
                powers = [_power(p, n) for p, (_, n) in zip(bases, product, strict=True)]
                for i, (base, n) in enumerate(product):
                    inner = _bracketed([k * c for k, c in enumerate(base)][1:])
                    derivative = inner
                    steps.append(f"{powers[i]} -> {inner}")
                    if n > 1:
                        outer = _power(bases[i], n - 1)
                        derivative = f"{_bracketed([n * k * c for k, c in enumerate(base)][1:])}*{outer}"
                        steps[-1] = f"{powers[i]} -> {n}*{inner}*{outer} = {derivative}"
                    terms.append("*".join([derivative, *powers[:i], *powers[i + 1 :]]))
            answer = " + ".join(terms)
        demand = " Give an expanded polynomial." if kind == "polynomial" else ""
        return Draft(
            prompt=f"Differentiate {text} with respect to x.{demand}",
            reference={"type": kind, "answer": answer},
            solution=worked(steps, answer),
            meta={"products": len(params), "powers": len(params[0]), "degree": len(params[0][0][0]) - 1},
        )

    def solve_independently(self, prompt: str) -> str:
        """Multiply out, then differentiate the one polynomial that is left."""
        from sympy import Poly, Symbol

        x = Symbol("x")
        text = prompt.removeprefix("Differentiate ").partition(" with respect to x.")[0]
        text = text if "(" in text else f"({text})"
        total = Poly(0, x)
        for product in text.split(" + ("):
            part = Poly(1, x)
            for base, exponent in re.findall(r"\(?([^()]*)\)(?:\^(\d+))?", product):
                part *= Poly(read_polynomial(base)[::-1], x) ** int(exponent or 1)
            total += part
        return str(total.diff().as_expr()).replace("**", "^")


def _term(coefficient: int, power: int) -> str:
    return polynomial([0] * power + [coefficient])


def _power(base: str, exponent: int) -> str:
    return base if exponent == 1 else f"{base}^{exponent}"


def _bracketed(coefficients: list[int]) -> str:
    """A polynomial as a factor: a constant as it is (never negative here), else in brackets."""
    return polynomial(coefficients) if len(coefficients) == 1 else f"({polynomial(coefficients)})"
