"""How the math kinds write numbers and polynomials: plain ASCII, no SymPy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction


def rational(value: Fraction | int) -> str:
    """`7`, `-3/4`: lowest terms, the sign in front."""
    return str(value)


def polynomial(coefficients: Sequence[int], variable: str = "x") -> str:
    """`3x^2 - x + 4`: expanded, highest power first.

    Args:
        coefficients: Coefficient of each power, lowest power first.
        variable: One letter.
    """
    text = ""
    for power in range(len(coefficients) - 1, -1, -1):
        coefficient = coefficients[power]
        if coefficient == 0:
            continue
        size = abs(coefficient)
        letters = "" if power == 0 else variable if power == 1 else f"{variable}^{power}"
        term = letters if size == 1 and letters else f"{size}{letters}"
        if text:
            text += f" {'-' if coefficient < 0 else '+'} {term}"
        else:
            text = f"-{term}" if coefficient < 0 else term
    return text or "0"


_TERM = re.compile(r"([+-]?)(\d*)(?:([a-z])(?:\^(\d+))?)?")


def read_polynomial(text: str) -> list[int]:
    """The coefficients of a text that `polynomial` wrote, lowest power first; for the second methods of the kinds.

    Raises:
        ValueError: If it holds anything else than terms in one letter.
    """
    coefficients: list[int] = []
    packed = text.replace(" ", "")
    position = 0
    while position < len(packed):
        match = _TERM.match(packed, position)
        if match is None or match.end() == position:
            raise ValueError(f"cannot read a polynomial from {text!r}")
        sign, size, letter, power = match.groups()
        exponent = int(power or 1) if letter else 0
        coefficients += [0] * (exponent + 1 - len(coefficients))
        coefficients[exponent] += int(f"{sign}{size or 1}")
        position = match.end()
    return coefficients
