"""Exact values of answer trees: rational numbers, and quotients of polynomials in any variables.

Two values are compared by cross-multiplication, so equality is decided, never sampled. All work is counted against
limits on bits, terms and products, so a verdict does not depend on the load of the machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from rlvr_envs.families.math.syntax import LimitFault, SyntaxFault, Tree

Monomial = tuple[tuple[str, int], ...]
Poly = dict[Monomial, Fraction]

MAX_BITS = 4096
MAX_EXPONENT = 1024
MAX_TERM_PRODUCTS = 20_000

ONE: Poly = {(): Fraction(1)}


class Ratio(NamedTuple):
    """A quotient of two polynomials; `den` is not zero."""

    num: Poly
    den: Poly


Value = Fraction | Ratio


def evaluate(tree: Tree) -> Value:
    """The value of a tree without lists and equations.

    Raises:
        SyntaxFault: If the tree has no such value (a list, a division by zero, an irrational root).
        LimitFault: If computing it is beyond the limits.
    """
    return _Evaluator().value(tree)


def equal(a: Value, b: Value) -> bool:
    """Whether two values are the same number or rational function.

    Raises:
        LimitFault: If the cross products are beyond the limits.
    """
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a == b
    a, b = _ratio(a), _ratio(b)
    work = _Evaluator()
    return work.times(a.num, b.den) == work.times(b.num, a.den)


def degree(poly: Poly) -> int:
    """Total degree; -1 for the zero polynomial."""
    return max((sum(power for _, power in monomial) for monomial in poly), default=-1)


def _ratio(value: Value) -> Ratio:
    return value if isinstance(value, Ratio) else Ratio({(): value} if value else {}, ONE)


def _check_bits(value: Fraction) -> Fraction:
    if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
        raise LimitFault(f"a number of more than {MAX_BITS} bits")
    return value


class _Evaluator:
    def __init__(self) -> None:
        self.budget = MAX_TERM_PRODUCTS

    def value(self, tree: Tree) -> Value:
        kind = tree[0]
        if kind == "num":
            return tree[1]
        if kind == "var":
            return Ratio({((tree[1], 1),): Fraction(1)}, ONE)
        if kind == "neg":
            return self.negative(self.value(tree[1]))
        if kind == "add":
            return self.sum(tree[1])
        if kind == "mul":
            return self.product(tree[1])
        if kind == "pow":
            return self.power(self.value(tree[1]), self.value(tree[2]))
        if kind == "percent":
            return self.product((("*", tree[1]), ("/", ("num", Fraction(100), "100"))))
        if kind == "sqrt":
            return self.root(self.value(tree[1]))
        raise SyntaxFault("a list or an equation stands where one value is expected")

    def negative(self, value: Value) -> Value:
        return Ratio({m: -c for m, c in value.num.items()}, value.den) if isinstance(value, Ratio) else -value

    def sum(self, terms: Iterable[tuple[str, Tree]]) -> Value:
        total: Value = Fraction(0)
        for sign, tree in terms:
            value = self.value(tree)
            if isinstance(total, Fraction) and isinstance(value, Fraction):
                total = _check_bits(total + value if sign == "+" else total - value)
                continue
            a, b = _ratio(total), _ratio(value if sign == "+" else self.negative(value))
            if a.den == b.den:
                total = Ratio(self.plus(a.num, b.num), a.den)
            else:
                total = Ratio(self.plus(self.times(a.num, b.den), self.times(b.num, a.den)), self.times(a.den, b.den))
        return total

    def product(self, factors: Iterable[tuple[str, Tree]]) -> Value:
        total: Value = Fraction(1)
        for op, tree in factors:
            value = self.value(tree)
            if op == "/":
                value = self.inverse(value)
            if isinstance(total, Fraction) and isinstance(value, Fraction):
                total = _check_bits(total * value)
            else:
                a, b = _ratio(total), _ratio(value)
                total = Ratio(self.times(a.num, b.num), self.times(a.den, b.den))
        return total

    def inverse(self, value: Value) -> Value:
        if isinstance(value, Fraction):
            if not value:
                raise SyntaxFault("a division by zero")
            return 1 / value
        if not value.num:
            raise SyntaxFault("a division by zero")
        return Ratio(value.den, value.num)

    def power(self, base: Value, exponent: Value) -> Value:
        if not isinstance(exponent, Fraction):
            raise SyntaxFault("an exponent must be a number")
        if exponent == Fraction(1, 2):
            return self.root(base)
        if exponent.denominator != 1:
            raise SyntaxFault("an exponent must be a whole number")
        n = abs(exponent.numerator)
        if n > MAX_EXPONENT:
            raise LimitFault(f"an exponent above {MAX_EXPONENT}")
        if exponent < 0:
            base = self.inverse(base)
        if isinstance(base, Fraction):
            if (base.numerator.bit_length() + base.denominator.bit_length()) * n > 2 * MAX_BITS:
                raise LimitFault(f"a power of more than {MAX_BITS} bits")
            return _check_bits(base**n)
        return Ratio(self.repeat(base.num, n), self.repeat(base.den, n))

    def repeat(self, poly: Poly, n: int) -> Poly:
        result = ONE
        while n:
            if n & 1:
                result = self.times(result, poly)
            n >>= 1
            if n:
                poly = self.times(poly, poly)
        return result

    def root(self, value: Value) -> Value:
        if isinstance(value, Fraction) and value >= 0:
            root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
            if root * root == value:
                return root
        raise SyntaxFault("only exact square roots of numbers can be read")

    def plus(self, a: Poly, b: Poly) -> Poly:
        total = dict(a)
        for monomial, coefficient in b.items():
            new = _check_bits(total.get(monomial, Fraction(0)) + coefficient)
            if new:
                total[monomial] = new
            else:
                total.pop(monomial, None)
        return total

    def times(self, a: Poly, b: Poly) -> Poly:
        if a is ONE:
            return b
        if b is ONE:
            return a
        self.budget -= len(a) * len(b)
        if self.budget < 0:
            raise LimitFault("the answer takes too many steps to multiply out")
        total: Poly = {}
        for m, c in a.items():
            for n, d in b.items():
                monomial = _join(m, n)
                total[monomial] = _check_bits(total.get(monomial, Fraction(0)) + c * d)
        return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}


def _join(m: Monomial, n: Monomial) -> Monomial:
    if not m or not n:
        return m or n
    powers = dict(m)
    for name, power in n:
        powers[name] = powers.get(name, 0) + power
    if max(powers.values()) > MAX_EXPONENT:
        raise LimitFault(f"a power above {MAX_EXPONENT}")
    return tuple(sorted(powers.items()))
