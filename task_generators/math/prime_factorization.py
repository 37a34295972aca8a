"""Prime factorizations, worked by trial division."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (largest prime of the smooth part, largest smooth part, largest last prime) by level: the number is a product of
# primes up to the first bound and one prime up to the last, so that trial division ends early
_LEVELS = (
    (7, 250, 60), (11, 500, 150), (19, 1500, 360), (29, 40000, 900), (31, 40000, 1500),
    (37, 40000, 2300), (43, 40000, 3400), (53, 40000, 5000), (71, 40000, 7200), (97, 60000, 9973),
)  # fmt: skip


class PrimeFactorization(TaskGenerator):
    """`List the prime factors of 360 in ascending order, with repetition.`."""

    name = "math.prime_factorization"
    summary = "prime factors with repetition; answer: a list of primes"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[int]:
        """The number: a smooth number greater than 1 times a prime, so never itself a prime."""
        bound, smooth_max, prime_max = _LEVELS[level]
        smooth, primes = _smooth(bound, smooth_max), _primes(prime_max)
        return (smooth[int(rng.integers(len(smooth)))] * primes[int(rng.integers(len(primes)))],)

    def write(self, params: tuple[int]) -> Draft:
        """Try the primes in turn until the square of the next one is too large."""
        number = rest = params[0]
        steps, factors = [], []
        for p in _primes(9973):
            while rest % p == 0:
                if rest == p:
                    break
                steps.append(f"{rest} = {p}*{rest // p}")
                factors.append(p)
                rest //= p
            if p * p > rest:
                break
            steps.append(f"{rest} = {p}*{rest // p}+{rest % p}")
        factors.append(rest)
        answer = ", ".join(map(str, factors))
        return Draft(
            prompt=f"List the prime factors of {number} in ascending order, with repetition.",
            reference={"type": "multiset", "answer": answer},
            solution=worked([*steps, f"{rest} is prime"], answer),
            meta={"digits": len(str(number))},
        )

    def solve_independently(self, prompt: str) -> str:
        """Let SymPy factor the number."""
        from sympy import factorint

        match = re.search(r"\d+", prompt)
        assert match
        powers = factorint(int(match[0]))
        return ", ".join(str(p) for p in sorted(powers) for _ in range(powers[p]))


@cache
def _primes(high: int) -> tuple[int, ...]:
    found: list[int] = []
    for n in range(2, high + 1):
        for p in found:
            if p * p > n:
                found.append(n)
                break
            if n % p == 0:
                break
        else:
            found.append(n)
    return tuple(found)


@cache
def _smooth(bound: int, high: int) -> tuple[int, ...]:
    """The numbers from 2 to `high` without a prime factor above `bound`, ascending."""
    found = [1]
    for p in _primes(bound):
        for n in found:  # grows while it is read, so every power of p is taken in
            if n * p <= high:
                found.append(n * p)
    return tuple(sorted(found)[1:])
