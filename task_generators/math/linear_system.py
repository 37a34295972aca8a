"""Systems of linear equations with one solution, worked by elimination."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import gcd

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked
from task_generators.math.text import polynomial, rational

# (unknowns, largest coefficient, largest value of an unknown, whole solution) by level
_LEVELS = (
    (2, 2, 9, True),
    (2, 9, 20, True),
    (2, 20, 60, True),
    (2, 20, 60, False),
    (3, 3, 9, True),
    (3, 7, 9, True),
    (3, 20, 40, True),
    (4, 3, 9, True),
    (4, 6, 12, True),
    (4, 12, 40, True),
)

_NAMES = "xyzw"


class LinearSystem(TaskGenerator):
    """`Solve 2x + 3y = 7 and x - y = 1. Give (x, y).`."""

    name = "math.linear_system"
    summary = "2 to 4 linear equations; answer: the tuple of the unknowns"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[tuple[int, ...], ...]:
        """One row an equation: its coefficients, none of them 0, then its right side."""
        n, top, value, whole = _LEVELS[level]
        while True:
            entries = [e + 1 if e >= 0 else e for e in rng.integers(-top, top, size=n * n).tolist()]
            rows = [entries[i : i + n] for i in range(0, n * n, n)]
            if _determinant(rows):
                break
        numbers = rng.integers(-value, value + 1, size=n).tolist()
        if whole:  # the numbers are the solution, else the right sides
            numbers = [sum(c * x for c, x in zip(row, numbers, strict=True)) for row in rows]
        return tuple((*row, number) for row, number in zip(rows, numbers, strict=True))

    def write(self, params: tuple[tuple[int, ...], ...]) -> Draft:
        """Eliminate one unknown after the other, then put the values back in, last unknown first."""
        n = len(params)
        names = _NAMES[:n]
        equations = [_equation(row, names) for row in params]
        steps = []
        rows: list[tuple[int, Sequence[int]]] = list(enumerate(params, 1))  # E1, E2, ...
        triangle = []
        label = n
        for column in range(n):
            pivot = next(row for row in rows if row[1][column])
            rows.remove(pivot)
            triangle.append(pivot[1])
            lead = pivot[1][column]
            for i, (name, row) in enumerate(rows):
                if not row[column]:
                    continue
                common = gcd(row[column], lead) * (1 if lead > 0 else -1)
                p, q = lead // common, row[column] // common
                new = [p * a - q * b for a, b in zip(row, pivot[1], strict=True)]
                label += 1
                text = f"E{label} = {_times(p)}E{name} {'-' if q > 0 else '+'} {_times(abs(q))}E{pivot[0]}"
                steps.append(f"{text}: {_equation(new, names)}")
                common = gcd(*new)
                if common > 1 and column < n - 2:
                    new = [a // common for a in new]
                    steps.append(f"E{label}/{common}: {_equation(new, names)}")
                rows[i] = label, new
        values: list[Fraction | int] = [0] * n
        texts = [""] * n
        for i in reversed(range(n)):
            *row, right = triangle[i]
            total: Fraction | int = right
            put = ""
            for j in range(i + 1, n):
                if row[j]:
                    total -= row[j] * values[j]
                    put += f" {'-' if row[j] > 0 else '+'} {_times(abs(row[j]))}{texts[j]}"
            if put:
                steps.append(f"{polynomial((0, row[i]), names[i])} = {right}{put} = {rational(total)}")
            value = Fraction(total) / row[i]
            values[i] = value.numerator if value.denominator == 1 else value
            text = rational(value)
            texts[i] = text if text.isdigit() else f"({text})"
            if row[i] != 1:
                steps.append(f"{names[i]} = {text}")
        answer = f"({', '.join(map(rational, values))})"
        return Draft(
            prompt=f"Solve {', '.join(equations[:-1])} and {equations[-1]}. Give ({', '.join(names)}).",
            reference={"type": "tuple", "answer": answer},
            solution=worked(steps, answer),
            meta={"unknowns": n},
        )

    def solve_independently(self, prompt: str) -> str:
        """Invert the matrix of coefficients."""
        from sympy import Matrix

        system, order = prompt.removeprefix("Solve ").split(". ")
        names = re.findall(r"[a-z]", order.removeprefix("Give "))
        rows, right = [], []
        for equation in re.split(r", | and ", system):
            left, number = equation.split(" = ")
            terms = re.findall(r"(-?)(\d*)([a-z])", left.replace(" ", ""))
            found = {name: int(f"{sign}{size or 1}") for sign, size, name in terms}
            rows.append([found.get(name, 0) for name in names])
            right.append(int(number))
        return f"({', '.join(map(str, Matrix(rows).inv() * Matrix(right)))})"


def _determinant(rows: list[list[int]]) -> int:
    if len(rows) == 1:
        return rows[0][0]
    return sum(
        (-1) ** i * row[0] * _determinant([other[1:] for other in rows[:i] + rows[i + 1 :]])
        for i, row in enumerate(rows)
    )


def _equation(row: Sequence[int], names: str) -> str:
    text = " + ".join(polynomial((0, c), name) for c, name in zip(row, names, strict=False) if c)
    return f"{text.replace('+ -', '- ')} = {row[-1]}"


def _times(factor: int) -> str:
    return "" if factor == 1 else f"{factor}*"
