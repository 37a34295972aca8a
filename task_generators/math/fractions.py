"""Sums, differences, products and quotients of fractions."""

from __future__ import annotations

import ast
import operator
from fractions import Fraction
from functools import cache
from math import gcd
from typing import Any

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (fractions, operations, largest numerator and denominator, all denominators equal) by level
_LEVELS = (
    (2, "+", 45, True), (2, "+-", 12, False), (2, "+-*/", 40, False), (3, "+-", 12, False), (3, "+-*/", 25, False),
    (3, "+-*/", 99, False), (4, "+-*/", 25, False), (4, "+-*/", 99, False), (5, "+-*/", 50, False),
    (6, "+-*/", 60, False),
)  # fmt: skip

_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


class Fractions(TaskGenerator):
    """`What is 3/4 + 5/6? Give a fraction in lowest terms.`."""

    name = "math.fractions"
    summary = "arithmetic with fractions; answer: a fraction in lowest terms"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[int | str, ...]:
        """`(3, 4, '+', 5, 6, ...)`, worked from left to right; the result is not an integer."""
        count, symbols, size, same = _LEVELS[level]
        pool = _reduced(size)
        while True:
            picks = rng.integers(1 << 40, size=2 * count).tolist()
            if same:
                bottom = picks[0] % (size - 4) + 5
                terms = [(pick // 64 % (bottom - 1) + 1, bottom) for pick in picks[:count]]
            else:
                terms = [pool[pick % len(pool)] for pick in picks[:count]]
            top, bottom = terms[0]
            params: list[int | str] = [top, bottom]
            for (n, d), pick in zip(terms[1:], picks[count:], strict=False):
                symbol = symbols[pick % len(symbols)]
                params += (symbol, n, d)
                if symbol in "+-":
                    top, bottom = top * d + (n if symbol == "+" else -n) * bottom, bottom * d
                else:
                    top, bottom = (top * n, bottom * d) if symbol == "*" else (top * d, bottom * n)
            if top % bottom:
                return tuple(params)

    def write(self, params: tuple[Any, ...]) -> Draft:
        """Common denominator for sums, the reciprocal for quotients; each result is reduced by Euclid's algorithm."""
        top, bottom = params[:2]
        text, steps = f"{top}/{bottom}", []
        for i in range(2, len(params), 3):
            symbol, n, d = params[i : i + 3]
            if len(params) > 5:
                steps.append(f"{top}/{bottom} {symbol} {n}/{d}")
            if symbol in "+-":
                text = f"{text} {symbol} {n}/{d}"
                top, bottom = _add(top, bottom, symbol, n, d, steps)
            else:
                text = f"({text}) {symbol} ({n}/{d})"
                if symbol == "/":
                    n, d = d, n
                    steps.append(f"{top}/{bottom} * {n}/{d}")
                steps += (f"{top}*{n}={top * n}", f"{bottom}*{d}={bottom * d}")
                top, bottom = top * n, bottom * d
            top, bottom = _reduce(top, bottom, steps)
        answer = f"{top}/{bottom}"
        return Draft(
            prompt=f"What is {text}? Give a fraction in lowest terms.",
            reference={"type": "rational", "answer": answer, "reduced": True},
            solution=worked(steps, answer),
            meta={"fractions": (len(params) + 1) // 3},
        )

    def solve_independently(self, prompt: str) -> str:
        """Walk Python's syntax tree of the expression with `Fraction`s."""
        return str(_value(ast.parse(prompt[len("What is ") : prompt.index("?")], mode="eval").body))


@cache
def _reduced(size: int) -> tuple[tuple[int, int], ...]:
    """The fractions in lowest terms with numerator and denominator up to `size`, integers left out."""
    return tuple((n, d) for d in range(2, size + 1) for n in range(1, size + 1) if gcd(n, d) == 1)


def _euclid(a: int, b: int, steps: list[str]) -> int:
    while b:
        steps.append(f"{a}={a // b}*{b}+{a % b}")
        a, b = b, a % b
    return a


def _add(top: int, bottom: int, symbol: str, n: int, d: int, steps: list[str]) -> tuple[int, int]:
    """Both numerators over the least common denominator, then their sum or difference."""
    if bottom != d:
        divisor = _euclid(max(bottom, d), min(bottom, d), steps)
        common = bottom * d // divisor
        left, right = top * (common // bottom), n * (common // d)
        steps += (f"{bottom}*{d}/{divisor}={common}", f"{top}*{common // bottom}={left}", f"{n}*{common // d}={right}")
        top, bottom, n = left, common, right
    total = top + n if symbol == "+" else top - n
    steps.append(f"{top}{symbol}{n}={total}")
    return total, bottom


def _reduce(top: int, bottom: int, steps: list[str]) -> tuple[int, int]:
    divisor = _euclid(max(abs(top), bottom), min(abs(top), bottom), steps)
    steps.append(f"{top}/{bottom} = {top // divisor}/{bottom // divisor}")
    return top // divisor, bottom // divisor


def _value(node: ast.expr) -> Fraction:
    if isinstance(node, ast.BinOp):
        return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    assert isinstance(node, ast.Constant)
    assert isinstance(node.value, int)
    return Fraction(node.value)
