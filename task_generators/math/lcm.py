"""Least common multiple, worked by Euclid's algorithm."""

from __future__ import annotations

import re
from math import gcd, lcm

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (how many numbers, largest shared divisor, largest cofactor) by level
_LEVELS = (
    (2, 40, 9), (2, 90, 25), (2, 300, 120), (3, 80, 25), (3, 200, 60),
    (4, 60, 25), (4, 200, 60), (5, 99, 40), (6, 99, 40), (7, 200, 60),
)  # fmt: skip


class Lcm(TaskGenerator):
    """`What is the least common multiple of 12, 18 and 20?`."""

    name = "math.lcm"
    summary = "least common multiple of several numbers; answer: an integer"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[int, ...]:
        """Multiples of one divisor, none of which is the least common multiple itself."""
        count, divisor_max, cofactor_max = _LEVELS[level]
        divisor = int(rng.integers(1, divisor_max + 1))
        while True:
            cofactors = rng.integers(2, cofactor_max + 1, size=count).tolist()
            if gcd(cofactors[0], cofactors[1]) == 1 and lcm(*cofactors) > max(cofactors):
                return tuple(divisor * cofactor for cofactor in cofactors)

    def write(self, params: tuple[int, ...]) -> Draft:
        """Take in one number after another: divide by the greatest common divisor, then multiply."""
        steps = []
        multiple = params[0]
        for number in params[1:]:
            a, b = max(multiple, number), min(multiple, number)
            while b:
                steps.append(f"{a} = {a // b} * {b} + {a % b}")
                a, b = b, a % b
            steps += [f"{number} / {a} = {number // a}", f"{multiple} * {number // a} = {multiple * number // a}"]
            multiple *= number // a
        return Draft(
            prompt=f"What is the least common multiple of {', '.join(map(str, params[:-1]))} and {params[-1]}?",
            reference={"type": "integer", "answer": str(multiple)},
            solution=worked(steps, str(multiple)),
            meta={"numbers": len(params)},
        )

    def solve_independently(self, prompt: str) -> str:
        """Divide all numbers by each prime for as long as it divides any of them, and multiply these primes."""
        numbers = [int(number) for number in re.findall(r"\d+", prompt)]
        multiple, p = 1, 2
        while any(number > 1 for number in numbers):
            while any(number % p == 0 for number in numbers):
                numbers = [number // p if number % p == 0 else number for number in numbers]
                multiple *= p
            p += 1
        return str(multiple)
