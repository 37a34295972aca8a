"""Counting: choices, arrangements, words, equations and grid paths."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from math import prod
from string import ascii_uppercase
from typing import Any

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

_FORMS = ("choose", "line", "letters", "equation", "paths")

# (forms, parts, size, largest set) by level. A part is one choice, one arrangement, one leg of a path, one course of a
# menu, one more letter or variable; the size bounds how many are taken of each set, or how far a leg goes
_LEVELS = (
    (("menu", "menu", "choose", "line"), 1, 2, 60),
    (("menu", "menu", "choose", "line"), 2, 2, 24),
    (("choose", "line", "letters", "paths"), 2, 3, 20),
    (_FORMS, 3, 3, 25),
    (_FORMS, 3, 5, 25),
    (_FORMS, 4, 5, 20),
    (_FORMS, 5, 5, 15),
    (_FORMS, 5, 7, 15),
    (_FORMS, 5, 9, 18),
    (_FORMS, 6, 9, 18),
)

_THINGS = ("novels", "poems", "plays", "comics", "songs", "films")
_COURSES = ("soups", "salads", "mains", "desserts")


class Combinatorics(TaskGenerator):
    """`In how many ways can one choose 3 of 8 novels and 2 of 9 poems?`."""

    name = "math.combinatorics"
    summary = "permutations, combinations, words, equations, grid paths; answer: an integer"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[Any, ...]:
        """`(form, ...)`; what follows is read by the writer of the form."""
        forms, parts, size, high = _LEVELS[level]
        form = forms[int(rng.integers(len(forms)))]
        picks = rng.integers(1 << 30, size=3 * parts + 2 * size + 6).tolist()
        if form == "menu":
            return (form, *(pick % 11 + 2 for pick in picks[: parts + 2]))
        if form == "letters":
            pool = list(ascii_uppercase)
            letters = [pool.pop(pick % len(pool)) for pick in picks[: 3 + picks[-1] % (parts + 1)]]
            more = size + picks[-2] % (size + parts)
            return form, "".join(sorted(letters + [letters[pick % len(letters)] for pick in picks[-2 - more : -2]]))
        if form == "equation":
            return (form, picks[0] % (4 * size) + size, *(pick % 10 for pick in picks[1 : parts + 3]))
        pairs = list(zip(picks[:parts], picks[parts:], strict=False))
        if form == "paths":
            return (form, *((dx % (size + 4) + 1, dy % (size + 4) + 2) for dx, dy in pairs))
        most = size if form == "choose" else min(size, 4)
        taken = [k % (most - 1) + 2 for _, k in pairs]
        sets = tuple((k + 2 + n % (high - k - 1), k) for (n, _), k in zip(pairs, taken, strict=True))
        return form, picks[-1] % len(_THINGS), sets

    def write(self, params: tuple[Any, ...]) -> Draft:
        """Factor by factor; a binomial coefficient is multiplied up term by term."""
        form, *parts = params
        prompt, answer, steps = _WRITERS[form](parts)
        return Draft(
            prompt=prompt,
            reference={"type": "integer", "answer": str(answer)},
            solution=worked(steps, str(answer)),
            meta={"form": form},
        )

    def solve_independently(self, prompt: str) -> str:
        """Count by recursion: add up the cases of the next step."""
        numbers = [int(number) for number in re.findall(r"\d+", prompt)]
        if "menu" in prompt:
            return str(_meals(tuple(numbers)))
        if "letters" in prompt:
            word = re.search(r"[A-Z]{2,}", prompt)
            assert word
            return str(_words(tuple(sorted(word[0].count(letter) for letter in set(word[0])))))
        if "solutions" in prompt:
            limits = [int(limit) for limit in re.findall(r">= (\d+)", prompt)]
            match = re.search(r"= (\d+) with", prompt)
            assert match
            return str(_solutions(int(match[1]), tuple(limits)))
        if "grid" in prompt:
            points = list(zip(numbers[::2], numbers[1::2], strict=True))
            return str(prod(_paths(c - a, d - b) for (a, b), (c, d) in pairwise(points)))
        count = _lists if "line up" in prompt else _subsets
        return str(prod(count(n, k) for k, n in zip(numbers[::2], numbers[1::2], strict=True)))


def _choose(n: int, k: int, steps: list[str]) -> int:
    """C(n, k): `C(9,3)`, `9*8/2=36`, `36*7/3=84`."""
    steps.append(f"C({n},{k})")
    if 2 * k > n:
        k = n - k
        steps.append(f"=C({n},{k})")
    value = n if k else 1
    for i in range(1, k):
        steps.append(f"{value}*{n - i}/{i + 1}={value * (n - i) // (i + 1)}")
        value = value * (n - i) // (i + 1)
    return value


def _multiply(factors: Sequence[int], steps: list[str]) -> int:
    value = factors[0]
    for factor in factors[1:]:
        steps.append(f"{value}*{factor}={value * factor}")
        value *= factor
    return value


def _menu(parts: list[int]) -> tuple[str, int, list[str]]:
    steps: list[str] = []
    courses = [f"{count} {course}" for count, course in zip(parts, _COURSES, strict=False)]
    prompt = f"A menu has {_listed(courses)}. How many different meals with one of each are there?"
    return prompt, _multiply(parts, steps), steps


def _choices(parts: list[Any]) -> tuple[str, int, list[str]]:
    first, sets = parts
    steps: list[str] = []
    value = _multiply([_choose(n, k, steps) for n, k in sets], steps)
    return f"In how many ways can one choose {_listed(_things(first, sets))}?", value, steps


def _lines(parts: list[Any]) -> tuple[str, int, list[str]]:
    first, sets = parts
    steps: list[str] = []
    value = _multiply([_multiply(range(n, n - k, -1), steps) for n, k in sets], steps)
    return f"In how many ways can one line up {', then '.join(_things(first, sets))}?", value, steps


def _arrangements(parts: list[str]) -> tuple[str, int, list[str]]:
    """Choose the places of one letter after another; the last letter takes what is left."""
    steps: list[str] = []
    word, value = parts[0], 1
    free = len(word)
    counts = sorted(((word.count(letter), letter) for letter in set(word)), reverse=True)
    for count, letter in counts[:-1]:
        steps.append(f"{count} {letter} in {free} places")
        ways = _choose(free, count, steps)
        if free < len(word):
            steps.append(f"{value}*{ways}={value * ways}")
        value *= ways
        free -= count
    return f"How many different arrangements of all the letters of {word} are there?", value, steps


def _equation(parts: list[int]) -> tuple[str, int, list[str]]:
    """Give each variable its least value; then stars and bars."""
    rest, *limits = parts
    total = rest + sum(limits)
    names = [f"x{i}" for i in range(1, len(limits) + 1)]
    steps = []
    left = total
    for limit in limits:
        if limit:
            steps.append(f"{left}-{limit}={left - limit}")
            left -= limit
    bars = len(limits) - 1
    steps.append(f"{left} stars, {bars} bars")
    value = _choose(left + bars, bars, steps)
    bounds = _listed([f"{name} >= {limit}" for name, limit in zip(names, limits, strict=True)])
    return f"How many integer solutions does {' + '.join(names)} = {total} with {bounds} have?", value, steps


def _legs(parts: list[tuple[int, int]]) -> tuple[str, int, list[str]]:
    steps: list[str] = []
    value = _multiply([_choose(dx + dy, dx, steps) for dx, dy in parts], steps)
    x = y = 0
    points = []
    for dx, dy in parts:
        x, y = x + dx, y + dy
        points.append(f"({x}, {y})")
    through = f" through {_listed(points[:-1])}" if len(points) > 1 else ""
    prompt = f"On a grid with unit steps right or up, how many paths lead from (0, 0){through} to {points[-1]}?"
    return prompt, value, steps


_WRITERS: dict[str, Callable[[Any], tuple[str, int, list[str]]]] = {
    "menu": _menu,
    "choose": _choices,
    "line": _lines,
    "letters": _arrangements,
    "equation": _equation,
    "paths": _legs,
}


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _things(first: int, sets: Sequence[tuple[int, int]]) -> list[str]:
    return [f"{k} of {n} {_THINGS[(first + i) % len(_THINGS)]}" for i, (n, k) in enumerate(sets)]


# The second method. Each function counts by cases and shares nothing with the above.


@cache
def _meals(courses: tuple[int, ...]) -> int:
    return sum(_meals(courses[1:]) for _ in range(courses[0])) if courses else 1


@cache
def _subsets(n: int, k: int) -> int:
    return 1 if k in (0, n) else _subsets(n - 1, k - 1) + _subsets(n - 1, k)


@cache
def _lists(n: int, k: int) -> int:
    return sum(_lists(n - 1, k - 1) for _ in range(n)) if k else 1


@cache
def _words(counts: tuple[int, ...]) -> int:
    if not any(counts):
        return 1
    following = ((*counts[:i], counts[i] - 1, *counts[i + 1 :]) for i in range(len(counts)) if counts[i])
    return sum(_words(tuple(sorted(rest))) for rest in following)


@cache
def _solutions(total: int, limits: tuple[int, ...]) -> int:
    if len(limits) == 1:
        return int(total >= limits[0])
    return sum(_solutions(total - first, limits[1:]) for first in range(limits[0], total + 1))


@cache
def _paths(dx: int, dy: int) -> int:
    return _paths(dx - 1, dy) + _paths(dx, dy - 1) if dx and dy else 1
