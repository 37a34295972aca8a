"""Greatest common divisor, worked by Euclid's algorithm."""

from __future__ import annotations

import re
from math import gcd

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (largest divisor, largest cofactor) by level; at least 29 divisors, so no constant answer pays
_LEVELS = (
    (30, 9), (40, 19), (60, 40), (99, 60), (200, 99),
    (400, 200), (999, 400), (4000, 999), (9999, 4000), (99999, 9999),
)  # fmt: skip


class Gcd(TaskGenerator):
    """`What is the greatest common divisor of 84 and 36?`."""

    name = "math.gcd"
    summary = "greatest common divisor of two numbers; answer: an integer"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[int, ...]:
        """Two multiples of a uniformly drawn divisor, neither the divisor itself."""
        divisor_max, cofactor_max = _LEVELS[level]
        divisor = int(rng.integers(2, divisor_max + 1))
        while True:
            p, q = rng.integers(2, cofactor_max + 1, size=2).tolist()
            if gcd(p, q) == 1:
                return divisor * p, divisor * q

    def write(self, params: tuple[int, ...]) -> Draft:
        """Divide with remainder until the remainder is 0."""
        a, b = max(params), min(params)
        steps = []
        while b:
            steps.append(f"{a} = {a // b} * {b} + {a % b}")
            a, b = b, a % b
        return Draft(
            prompt=f"What is the greatest common divisor of {params[0]} and {params[1]}?",
            reference={"type": "integer", "answer": str(a)},
            solution=worked(steps, str(a)),
            meta={"divisions": len(steps)},
        )

    def solve_independently(self, prompt: str) -> str:
        """Multiply the prime factors that both numbers share."""
        a, b = map(int, re.findall(r"\d+", prompt))
        divisor, p = 1, 2
        while p <= min(a, b):
            while a % p == 0 and b % p == 0:
                a, b, divisor = a // p, b // p, divisor * p
            p += 1
        return str(divisor)
