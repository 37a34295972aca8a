"""Powers modulo a number, worked by repeated squaring."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from math import isqrt

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (kind of modulus, its range, range of the exponent) by level; small moduli are primes, for residues pile up at the
# squares modulo other numbers
_LEVELS = (
    ("primes", 41, 199, 2, 3), ("primes", 41, 250, 3, 7), ("primes", 60, 300, 6, 15), ("all", 99, 400, 12, 31),
    ("all", 200, 600, 24, 63), ("all", 300, 999, 60, 127), ("all", 500, 1999, 120, 255), ("all", 999, 3999, 250, 999),
    ("all", 2000, 6000, 2000, 9999), ("all", 4000, 9999, 20000, 99999),
)  # fmt: skip


class ModularPower(TaskGenerator):
    """`What is the remainder of 7^13 divided by 41?`."""

    name = "math.modular_power"
    summary = "a power modulo a number; answer: an integer"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[int, int, int]:
        """Base, exponent and modulus; the residue is not 0, 1, -1 or a number of the prompt."""
        which, low, high, exponent_low, exponent_high = _LEVELS[level]
        moduli = _primes(low, high) if which == "primes" else range(low, high + 1)
        while True:
            modulus = moduli[int(rng.integers(len(moduli)))]
            root = isqrt(modulus)  # smaller bases, of either sign, would pile up at the small squares and cubes
            base = int(rng.integers(root + 1, modulus - root))
            exponent = int(rng.integers(exponent_low, exponent_high + 1))
            residue = pow(base, exponent, modulus)
            if residue not in (0, 1, modulus - 1, base, exponent):
                return base, exponent, modulus

    def write(self, params: tuple[int, int, int]) -> Draft:
        """Square again and again; multiply the squares whose bits are set in the exponent."""
        base, exponent, modulus = params
        steps = []
        square, power, result = base, 1, 0
        while True:
            if exponent & power:
                if result:
                    product = result * square
                    steps.append(f"{result}*{square} = {product} = {product // modulus}*{modulus}+{product % modulus}")
                    result = product % modulus
                else:
                    result = square
            power *= 2
            if power > exponent:
                break
            product = square * square
            steps.append(
                f"{base}^{power} = {square}*{square} = {product} = {product // modulus}*{modulus}+{product % modulus}"
            )
            square = product % modulus
        return Draft(
            prompt=f"What is the remainder of {base}^{exponent} divided by {modulus}?",
            reference={"type": "integer", "answer": str(result)},
            solution=worked([f"{exponent} = {exponent:b} in base 2", *steps], str(result)),
            meta={"multiplications": len(steps)},
        )

    def solve_independently(self, prompt: str) -> str:
        """List the powers up to the first that comes back, and look the exponent up in the cycle."""
        base, exponent, modulus = map(int, re.findall(r"\d+", prompt))
        powers: list[int] = []
        seen: dict[int, int] = {}
        value = base % modulus
        while value not in seen:
            seen[value] = len(powers)
            powers.append(value)
            value = value * base % modulus
        start = seen[value]
        place = exponent - 1
        return str(powers[place if place < start else start + (place - start) % (len(powers) - start)])


@cache
def _primes(low: int, high: int) -> Sequence[int]:
    return [n for n in range(low, high + 1) if all(n % d for d in range(2, isqrt(n) + 1))]
