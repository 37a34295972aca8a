"""Determinants, worked by fraction-free elimination."""

from __future__ import annotations

import re
from itertools import permutations

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (size, smallest entry, largest entry) by level
_LEVELS = (
    (2, 1, 15),
    (2, -20, 20),
    (2, -99, 99),
    (3, -9, 9),
    (3, -30, 30),
    (3, -200, 200),
    (4, -6, 6),
    (4, -20, 20),
    (5, -9, 9),
    (5, -50, 50),
)


class Determinant(TaskGenerator):
    """`What is the determinant of [[1, 2], [3, 4]]?`."""

    name = "math.determinant"
    summary = "determinants of 2x2 to 5x5 matrices; answer: an integer"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[tuple[int, ...], ...]:
        """The rows. Small matrices with determinant 0, which would be a frequent answer, are drawn again."""
        size, low, high = _LEVELS[level]
        while True:
            numbers = rng.integers(low, high + 1, size=size * size).tolist()
            if size > 2 or numbers[0] * numbers[3] != numbers[1] * numbers[2]:
                return tuple(tuple(numbers[i : i + size]) for i in range(0, size * size, size))

    def write(self, params: tuple[tuple[int, ...], ...]) -> Draft:
        """Bareiss: clear the first column by cross products, divide by the pivot before, and go on with the rest."""
        rows = list(params)
        steps: list[str] = []
        before, sign = 1, 1
        while len(rows) > 1:
            at = next((i for i, row in enumerate(rows) if row[0]), None)
            if at is None:
                steps.append("first column 0")
                rows = [(0,)]
                break
            if at:
                rows[0], rows[at] = rows[at], rows[0]
                sign = -sign
                steps.append(f"swap rows 1 and {at + 1}: sign {sign}")
            pivot, *top = rows[0]
            pivot_, *top_ = map(_factor, rows[0])
            over = f"/{_factor(before)}" if before != 1 else ""
            new = []
            for first, *others in rows[1:]:
                first_ = _factor(first)
                row = []
                for a, a_, b in zip(top, top_, others, strict=True):
                    p, q = pivot * b, first * a
                    value = (p - q) // before
                    text = f"{pivot_}*{_factor(b)} - {a_}*{first_}"
                    middle = f"{p} - {_factor(q)}"
                    steps.append(
                        f"({text}){over} = ({middle}){over} = {value}" if over else f"{text} = {middle} = {value}"
                    )
                    row.append(value)
                new.append(tuple(row))
            rows, before = new, pivot
        answer = str(sign * rows[0][0])
        if sign < 0:
            steps.append(f"-1*{_factor(rows[0][0])} = {answer}")
        return Draft(
            prompt=f"What is the determinant of {_matrix(params)}?",
            reference={"type": "integer", "answer": answer},
            solution=worked(steps, answer),
            meta={"size": len(params)},
        )

    def solve_independently(self, prompt: str) -> str:
        """Add up the signed products over all permutations."""
        rows = [list(map(int, re.findall(r"-?\d+", row))) for row in re.findall(r"\[([^\[\]]+)\]", prompt)]
        total = 0
        for columns in permutations(range(len(rows))):
            product = (-1) ** sum(a > b for i, a in enumerate(columns) for b in columns[i:])
            for row, column in zip(rows, columns, strict=True):
                product *= row[column]
            total += product
        return str(total)


def _factor(n: int) -> str:
    return f"({n})" if n < 0 else str(n)


def _matrix(rows: tuple[tuple[int, ...], ...]) -> str:
    return f"[{', '.join(str(list(row)) for row in rows)}]"
