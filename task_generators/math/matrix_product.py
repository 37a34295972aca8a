"""Products of matrices, worked entry by entry."""

from __future__ import annotations

import re

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (rows of the first, its columns, columns of the second, smallest entry, largest entry) by level
_LEVELS = (
    (1, 2, 2, 1, 9),
    (2, 2, 2, 1, 9),
    (2, 2, 2, -20, 20),
    (2, 3, 2, -20, 20),
    (3, 2, 3, -20, 20),
    (3, 3, 3, -20, 20),
    (3, 4, 3, -20, 20),
    (4, 4, 4, -9, 9),
    (4, 5, 4, -30, 30),
    (5, 5, 5, -50, 50),
)

_Matrix = tuple[tuple[int, ...], ...]


class MatrixProduct(TaskGenerator):
    """`What is the matrix product [[1, 2], [3, 4]] * [[5, 6], [7, 8]]?`."""

    name = "math.matrix_product"
    summary = "products of two matrices; answer: the rows of the product"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[_Matrix, _Matrix]:
        """The rows of both factors."""
        n, m, k, low, high = _LEVELS[level]
        numbers = rng.integers(low, high + 1, size=(n + k) * m).tolist()
        left = tuple(tuple(numbers[i : i + m]) for i in range(0, n * m, m))
        return left, tuple(tuple(numbers[i : i + k]) for i in range(n * m, len(numbers), k))

    def write(self, params: tuple[_Matrix, _Matrix]) -> Draft:
        """Each row of the first with each column of the second."""
        left, right = params
        columns = [(column, [_factor(n) for n in column]) for column in zip(*right, strict=True)]
        steps, rows = [], []
        for row in left:
            texts = [_factor(n) for n in row]
            values = []
            for column, column_texts in columns:
                products = [a * b for a, b in zip(row, column, strict=True)]
                value = sum(products)
                terms = " + ".join([f"{a}*{b}" for a, b in zip(texts, column_texts, strict=True)])
                steps.append(f"{terms} = {_sum(products)} = {value}")
                values.append(value)
            rows.append(values)
        answer = str(rows)
        return Draft(
            prompt=f"What is the matrix product {_text(left)} * {_text(right)}? Give the list of its rows.",
            reference={"type": "tuple", "answer": answer},
            solution=worked(steps, answer),
            meta={"shape": [len(left), len(right), len(columns)]},
        )

    def solve_independently(self, prompt: str) -> str:
        """Let NumPy multiply."""
        left, right = (
            np.array([[int(n) for n in re.findall(r"-?\d+", row)] for row in re.findall(r"\[([^\[\]]+)\]", matrix)])
            for matrix in prompt.split(" * ")
        )
        return str((left @ right).tolist())


def _factor(n: int) -> str:
    return f"({n})" if n < 0 else str(n)


def _sum(numbers: list[int]) -> str:
    return " + ".join(map(str, numbers)).replace("+ -", "- ")


def _text(matrix: _Matrix) -> str:
    return f"[{', '.join(str(list(row)) for row in matrix)}]"
