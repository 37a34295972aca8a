"""How the math kinds write numbers and polynomials: plain ASCII, no SymPy."""

from __future__ import annotations

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
