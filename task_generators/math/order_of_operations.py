"""Expressions with precedence and parentheses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (operations, largest answer) by level
_LEVELS = ((2, 60), (3, 60), (4, 99), (5, 99), (6, 150), (7, 150), (8, 200), (9, 200), (11, 300), (13, 400))

_RANK = {"+": 1, "-": 1, "*": 2, "/": 2}

_LARGEST = 999  # no operand is above this

# An expression: an int, or (symbol, left, right). Ints are never negative, divisions leave no remainder.
Node = Any


class OrderOfOperations(TaskGenerator):
    """`What is 36 / (4 + 5) - 2 * 3?`."""

    name = "math.order_of_operations"
    summary = "precedence and parentheses; answer: an integer"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[Any, ...]:
        """An expression grown from its value, which is uniform: every number may be split into two again and again."""
        operations, size = _LEVELS[level]
        picks = iter(rng.integers(1 << 40, size=4 * operations + 1).tolist())
        low = 1 if level < 4 else -size
        return _grow(next(picks) % (size - low + 1) + low, operations, picks)

    def write(self, params: tuple[Any, ...]) -> Draft:
        """Do one operation after another, and copy what is left each time."""
        node: Node = params
        text = _text(node)
        operations, steps = 0, []
        while type(node) is tuple:
            node, step = _step(node)
            operations += 1
            steps.append(step)
            if type(node) is tuple and (type(node[1]) is tuple or type(node[2]) is tuple):
                steps.append(_text(node))
        return Draft(
            prompt=f"What is {text}?",
            reference={"type": "integer", "answer": str(node)},
            solution=worked(steps, str(node)),
            meta={"operations": operations},
        )

    def solve_independently(self, prompt: str) -> str:
        """Walk Python's syntax tree of the expression."""
        return str(_value(ast.parse(prompt[len("What is ") : -1], mode="eval").body))


def _grow(value: int, operations: int, picks: Iterator[int]) -> Node:
    """An expression with this value and this many operations."""
    if not operations:
        return value
    pick, symbol = next(picks), "+-*/"[next(picks) % 4]
    left_operations = next(picks) % operations
    if symbol == "*" and not (1 < value <= _LARGEST and _divisors(value)):
        symbol = "+"
    if symbol == "/" and not 0 < value <= _LARGEST // 9:
        symbol = "+"
    if value < 2 or (symbol == "+" and value < 4):
        symbol = "-"
    elif symbol == "-" and value > _LARGEST - 60:
        symbol = "+"
    if symbol == "+":
        left = pick % (value - 1) + 1
        right = value - left
    elif symbol == "-":
        right = pick % 40 + 2 + max(0, -value)
        left = value + right
    elif symbol == "*":
        divisors = _divisors(value)
        left = divisors[pick % len(divisors)]
        right = value // left
    else:
        right = pick % 8 + 2
        left = value * right
    grown = _grow(left, left_operations, picks)
    return symbol, grown, _grow(right, operations - 1 - left_operations, picks)


@cache
def _divisors(value: int) -> tuple[int, ...]:
    """The divisors of `value` other than 1 and itself."""
    return tuple(d for d in range(2, value // 2 + 1) if value % d == 0)


def _text(node: Node) -> str:
    if type(node) is not tuple:
        return str(node)
    symbol, left, right = node
    left_text, right_text = _text(left), _text(right)
    if type(left) is tuple and _RANK[left[0]] < _RANK[symbol]:
        left_text = f"({left_text})"
    if type(right) is tuple and _RANK[right[0]] <= _RANK[symbol]:
        right_text = f"({right_text})"
    return f"{left_text} {symbol} {right_text}"


def _step(node: Node) -> tuple[Node, str]:
    """The expression after its first operation from the left whose operands are both numbers, and that operation."""
    symbol, left, right = node
    if type(left) is tuple:
        left, step = _step(left)
        return (symbol, left, right), step
    if type(right) is tuple:
        right, step = _step(right)
        return (symbol, left, right), step
    if symbol == "+":
        value = left + right
    elif symbol == "-":
        value = left - right
    else:
        value = left * right if symbol == "*" else left // right
    return value, f"{left} {symbol} {right} = {value}"


def _value(node: ast.expr) -> int:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    assert isinstance(node, ast.BinOp)
    left, right = _value(node.left), _value(node.right)
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    if isinstance(node.op, ast.Mult):
        return left * right
    quotient, remainder = divmod(left, right)
    assert remainder == 0
    return quotient
