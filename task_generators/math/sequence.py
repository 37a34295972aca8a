"""Sequences: the kind of rule is told, its constants are to be found."""

from __future__ import annotations

import re
from itertools import pairwise
from math import comb

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# A rule (k, r) is about the k-th differences: all the same where r is 0, else each a combination of the r before it.
_RULES = {
    (1, 0): "each term is the previous one plus a constant",
    (0, 1): "each term is the previous one times a constant",
    (2, 0): "the second differences are constant",
    (1, 1): "each term is the previous one times a constant plus another constant",
    (0, 2): "each term is the previous one times a constant plus the one before it times another constant",
    (3, 0): "the third differences are constant",
    (1, 2): (
        "each term is the previous one times a constant plus the one before it times another constant "
        "plus a third constant"
    ),
    (4, 0): "the fourth differences are constant",
}

# One term more than the rule needs, so that a guess of it can be checked.
_SHOWN = {(1, 0): 3, (0, 1): 3, (2, 0): 4, (1, 1): 4, (0, 2): 5, (3, 0): 5, (1, 2): 6, (4, 0): 6}

# (rules to choose from, sequences by turns, largest first terms and differences, largest factor) by level
_LEVELS = (
    (((1, 0),), 1, 40, 0),
    (((0, 1),), 1, 99, 12),
    (((2, 0),), 1, 40, 0),
    (((1, 1),), 1, 150, 9),
    (((3, 0),), 1, 60, 0),
    (((0, 2),), 1, 60, 5),
    (((1, 2),), 1, 60, 5),
    (((1, 1), (3, 0)), 2, 60, 9),
    (((0, 2), (4, 0)), 2, 30, 5),
    (((1, 2),), 2, 60, 9),
)

_Part = tuple[tuple[int, int], tuple[int, ...]]  # rule and shown terms


class Sequence(TaskGenerator):
    """`What is the next term of 3, 7, 11, where each term is the previous one plus a constant?`."""

    name = "math.sequence"
    summary = "next term of a sequence whose kind of rule is told; answer: an integer"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[_Part, ...]:
        """One sequence, or two whose terms come by turns."""
        rules, count, size, factor = _LEVELS[level]
        parts: list[_Part] = []
        shown = max(_SHOWN[rule] for rule in rules) if count > 1 else 0  # by turns takes equal numbers of terms
        while len(parts) < count:
            rule = rules[int(rng.integers(len(rules)))] if len(rules) > 1 else rules[0]
            terms = _terms(rng, rule, size, factor, shown or _SHOWN[rule], rising=level == 0)
            if terms:
                parts.append((rule, tuple(terms)))
        return tuple(parts)

    def write(self, params: tuple[_Part, ...]) -> Draft:
        """Take differences, find the constants, extend the last row, and add back up."""
        steps: list[str] = []
        nexts = []
        for rule, terms in params:
            if len(params) > 1:
                steps.append(f"terms {', '.join(map(str, terms))}")
            nexts.append(_next(rule, terms, steps))
        answer = sum(nexts)
        rules = [_RULES[rule] for rule, _ in params]
        if len(params) == 1:
            prompt = f"What is the next term of {', '.join(map(str, params[0][1]))}, where {rules[0]}?"
        else:
            steps.append(f"{nexts[0]} + {_factor(nexts[1])} = {answer}")
            by_turns = [term for pair in zip(params[0][1], params[1][1], strict=True) for term in pair]
            prompt = (
                f"The terms {', '.join(map(str, by_turns))} come from two sequences by turns. "
                f"In the first, {rules[0]}; in the second, {rules[1]}. What is the sum of the next two terms?"
            )
        return Draft(
            prompt=prompt,
            reference={"type": "integer", "answer": str(answer)},
            solution=worked(steps, str(answer)),
            meta={"rules": [list(rule) for rule, _ in params]},
        )

    def solve_independently(self, prompt: str) -> str:
        """Find the constants of each rule from linear equations; constant differences need none."""
        from sympy import Matrix

        terms = list(map(int, re.findall(r"-?\d+", prompt)))
        rules = re.findall(r"(?:where|first,|second,) (.*?)[;.?]", prompt)
        total = 0
        for i, rule in enumerate(rules):
            part = terms[i :: len(rules)]
            times = rule.count(" times ")
            if "differences" in rule or not times:
                k = next((k for k, word in ((2, "second"), (3, "third"), (4, "fourth")) if word in rule), 1) + 1
                total += sum((-1) ** (j + 1) * comb(k, j) * part[-j] for j in range(1, k + 1))
                continue
            one = [1] if re.search(r"plus (a|another|a third) constant$", rule) else []
            size = times + len(one)
            rows = [part[n - times : n] + one for n in range(times, times + size)]
            constants = Matrix(rows).inv() * Matrix(part[times : times + size])
            total += (Matrix([part[-times:] + one]) * constants)[0]
        return str(total)


def _terms(
    rng: np.random.Generator, rule: tuple[int, int], size: int, factor: int, shown: int, rising: bool
) -> list[int] | None:
    """The shown terms; none where they do not settle the constants."""
    k, r = rule
    starts = [n + 1 if n >= 0 else n for n in rng.integers(-size, size, size=k + max(r, 1)).tolist()]
    if rising:
        starts = [abs(n) for n in starts]
    *firsts, last = starts
    row = [last]
    if r == 0:
        row *= shown - k
    elif r == 1:
        times = int(rng.integers(2, factor + 1)) * (1 if rng.random() < 0.5 else -1)
        while len(row) < shown - k:
            row.append(row[-1] * times)
    else:
        p, q = (n + 1 if n >= 0 else n for n in rng.integers(-factor, factor, size=2).tolist())
        row = [firsts.pop(), last]
        while len(row) < shown - k:
            row.append(row[-1] * p + row[-2] * q)
        if row[1] * row[1] == row[0] * row[2]:
            return None
    for first in reversed(firsts):
        sums = [first]
        for step in row:
            sums.append(sums[-1] + step)
        row = sums
    return row


def _next(rule: tuple[int, int], terms: tuple[int, ...], steps: list[str]) -> int:
    """The next term, and the steps to it."""
    k, r = rule
    row = list(terms)
    ends = []
    for _ in range(k):
        ends.append(row[-1])
        row = [b - a for a, b in pairwise(row)]
        steps.append(f"differences {', '.join(map(str, row))}")
    value = row[-1]
    if r == 1:
        times = row[1] // row[0]
        steps += [f"{b}/{_factor(a)} = {times}" for a, b in pairwise(row)]
        steps.append(f"{value}*{_factor(times)} = {value * times}")
        value *= times
    elif r == 2:
        a, b, c, d = row[:4]
        steps.append(f"{c} = {_factor(b)}p + {_factor(a)}q, {d} = {_factor(c)}p + {_factor(b)}q")
        a_, b_, c_, d_ = map(_factor, row[:4])
        size = b * b - a * c
        p, q = (b * c - a * d) // size, (b * d - c * c) // size
        steps.append(f"{b_}*{b_} - {a_}*{c_} = {size}")
        steps.append(f"p = ({b_}*{c_} - {a_}*{d_})/{_factor(size)} = {b * c - a * d}/{_factor(size)} = {p}")
        steps.append(f"q = ({b_}*{d_} - {c_}*{c_})/{_factor(size)} = {b * d - c * c}/{_factor(size)} = {q}")
        value = row[-1] * p + row[-2] * q
        steps.append(f"{_factor(row[-1])}*{_factor(p)} + {_factor(row[-2])}*{_factor(q)} = {value}")
    for end in reversed(ends):
        steps.append(f"{end} + {_factor(value)} = {end + value}")
        value += end
    return value


def _factor(n: int) -> str:
    return f"({n})" if n < 0 else str(n)
