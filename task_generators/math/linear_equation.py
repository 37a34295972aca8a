"""Linear equations in one unknown, worked by expanding, collecting and dividing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked
from task_generators.math.text import polynomial, rational

# (brackets left, brackets right, largest coefficient, largest on the right, largest constant, whole x) by level
_LEVELS = (
    (0, 0, 1, 0, 40, True),
    (0, 0, 9, 0, 40, True),
    (0, 0, 9, 9, 40, True),
    (0, 0, 60, 60, 300, False),
    (1, 0, 9, 9, 60, False),
    (1, 1, 9, 9, 60, False),
    (2, 1, 9, 9, 60, False),
    (2, 2, 12, 12, 60, False),
    (3, 3, 12, 12, 60, False),
    (4, 4, 30, 30, 99, False),
)

_Side = tuple[tuple[int, int, int], ...]  # (k, a, b) stands for k(ax + b)


class LinearEquation(TaskGenerator):
    """`Solve 3(2x - 5) + 4 = x - 7 for x.`."""

    name = "math.linear_equation"
    summary = "linear equations in one unknown; answer: a rational number"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[_Side, _Side]:
        """Both sides: brackets first, a term without one (k = 1) last; exactly one x solves them, and not 0."""
        n_left, n_right, top, top_right, constant, whole = _LEVELS[level]
        n = n_left + n_right
        while True:
            # Without brackets the first x is positive, as in books.
            *a, plain = _nonzero(rng, top, n + 1) if n else (int(rng.integers(1, top + 1)),)
            *b, left, right = _nonzero(rng, constant, n + 2)
            brackets = [
                (k + (1 if k > 0 else -1), p, q) for k, p, q in zip(_nonzero(rng, top - 1, n), a, b, strict=True)
            ]
            plain_right = int(rng.integers(-top_right, top_right + 1))
            slope = plain - plain_right + sum(k * p for k, p, _ in brackets[:n_left])
            offset = left + sum(k * q for k, _, q in brackets[:n_left])
            for k, p, q in brackets[n_left:]:
                slope -= k * p
                offset -= k * q
            if whole:
                right = offset + slope * _nonzero(rng, 40, 1)[0]
            if slope and right != offset and (plain_right or right):
                return (*brackets[:n_left], (1, plain, left)), (*brackets[n_left:], (1, plain_right, right))

    def write(self, params: tuple[_Side, _Side]) -> Draft:
        """Expand the brackets, collect each side, bring x to the left and numbers to the right, divide."""
        brackets = sum(map(len, params)) - 2
        steps, sides, expanded, collected = [], [], [], []
        slopes, offsets = [], []
        for side in params:
            texts, parts = [], []
            for k, a, b in side:
                texts.append(polynomial((b, a)) if k == 1 else f"{k}({polynomial((b, a))})")
                parts.append(polynomial((k * b, k * a)))
                if k != 1:
                    steps.append(f"{texts[-1]} = {parts[-1]}")
            sides.append(_chain(texts))
            expanded.append(_chain(parts))
            slopes.append(sum(k * a for k, a, _ in side))
            offsets.append(sum(k * b for k, _, b in side))
            if len(side) > 1:
                collected.append(f"{_chain(_x(k * a) for k, a, _ in side if a)} = {_x(slopes[-1])}")
                collected.append(f"{_chain(str(k * b) for k, _, b in side if b)} = {offsets[-1]}")
        (a, c), (b, d) = slopes, offsets
        if brackets:
            steps += [" = ".join(expanded), *collected, f"{polynomial((b, a))} = {polynomial((d, c))}"]
        if (a and c) or b:
            steps.append(f"{_chain([_x(a), _x(-c)])} = {_chain([str(d), str(-b)])}")
        slope, offset = a - c, d - b
        answer = rational(Fraction(offset, slope))
        steps.append(f"{_x(slope)} = {offset}")
        if slope != 1:
            quotient = f"{offset}/{slope}"
            steps.append(f"x = {quotient}" if quotient == answer else f"x = {quotient} = {answer}")
        return Draft(
            prompt=f"Solve {' = '.join(sides)} for x.",
            reference={"type": "rational", "answer": answer},
            solution=worked(steps, answer),
            meta={"brackets": brackets},
        )

    def solve_independently(self, prompt: str) -> str:
        """Find where the difference of the sides, a straight line through two of its points, meets 0."""
        from sympy import parse_expr

        text = re.sub(r"(?<=[\dx)])(?=[x(])", "*", prompt.removeprefix("Solve ").removesuffix(" for x."))
        left, right = map(parse_expr, text.split(" = "))
        at_0, at_1 = (Fraction(int((left - right).subs("x", x))) for x in (0, 1))
        return str(at_0 / (at_0 - at_1))


def _nonzero(rng: np.random.Generator, size: int, count: int) -> list[int]:
    """Numbers of absolute value 1 to `size`."""
    return [n + 1 if n >= 0 else n for n in rng.integers(-size, size, size=count).tolist()] if count else []


def _x(coefficient: int) -> str:
    return polynomial((0, coefficient)) if coefficient else ""


def _chain(terms: Iterable[str]) -> str:
    """`6x - 8x + 3` from the terms `6x`, `-8x` and `3`; empty and zero terms are left out."""
    text = " + ".join(term for term in terms if term and term != "0")
    return text.replace("+ -", "- ") or "0"
