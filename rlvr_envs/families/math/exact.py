"""Exact values of answer trees: rational numbers, and quotients of polynomials in any variables.

Two values are compared by cross-multiplication, so equality is decided, never sampled; a fingerprint (the value at one
point modulo a prime) finds most unequal ones sooner. All work is counted against limits on bits, terms and products, so
a verdict does not depend on the load of the machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isqrt
from typing import NamedTuple
from zlib import crc32

from rlvr_envs.families.math.syntax import LimitFault, SyntaxFault, Tree

Number = int | Fraction
Monomial = tuple[tuple[str, int], ...]
Poly = dict[Monomial, Number]

MAX_BITS = 4096
MAX_EXPONENT = 1024
MAX_WORK = 12_000  # products of small whole numbers; products of fractions and of large numbers count for more

ONE: Poly = {(): 1}
_PRIME = 2**61 - 1


class Ratio(NamedTuple):
    """A quotient of two polynomials that is not a number as written; `den` is not zero."""

    num: Poly
    den: Poly


Value = Number | Ratio


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
    if not isinstance(a, Ratio) and not isinstance(b, Ratio):
        return a == b
    a, b = _ratio(a), _ratio(b)
    work = _Evaluator()
    return work.times(a.num, b.den) == work.times(b.num, a.den)


def fingerprint(tree: Tree) -> int | None:
    """The value at one fixed point, modulo a prime: trees with different fingerprints have different values.

    Returns:
        The residue, or None if the tree has none (it divides by zero there, or takes a root).

    Raises:
        SyntaxFault, LimitFault: As `evaluate`.
    """
    kind = tree[0]
    if kind == "num":
        value = tree[1]
        return value % _PRIME if isinstance(value, int) else _quotient(value.numerator, value.denominator)
    if kind == "var":
        return crc32(tree[1].encode()) + 2
    if kind == "neg":
        inner = fingerprint(tree[1])
        return None if inner is None else -inner % _PRIME
    if kind == "pow":
        base, exponent = fingerprint(tree[1]), evaluate(tree[2])
        if base is None or not isinstance(exponent, int):
            return None
        _check_exponent(exponent)
        return None if not base and exponent < 0 else pow(base, exponent, _PRIME)
    if kind == "percent":
        inner = fingerprint(tree[1])
        return None if inner is None else _quotient(inner, 100)
    if kind == "sqrt":
        root = evaluate(tree)
        return None if isinstance(root, Ratio) else _quotient(root.numerator, root.denominator)
    if kind not in ("add", "mul"):
        raise SyntaxFault("a list or an equation stands where one value is expected")
    total = 0 if kind == "add" else 1
    for op, part in tree[1]:
        value = fingerprint(part)
        if value is None:
            return None
        if op == "+":
            total += value
        elif op == "-":
            total -= value
        elif op == "*":
            total = total * value % _PRIME
        else:
            quotient = _quotient(total, value)
            if quotient is None:
                return None
            total = quotient
    return total % _PRIME


def degree(poly: Poly) -> int:
    """Total degree; -1 for the zero polynomial."""
    return max((sum(power for _, power in monomial) for monomial in poly), default=-1)


def _quotient(a: int, b: int) -> int | None:
    return a * pow(b, -1, _PRIME) % _PRIME if b % _PRIME else None


def _ratio(value: Value) -> Ratio:
    return value if isinstance(value, Ratio) else Ratio({(): value} if value else {}, ONE)


def _simplest(num: Poly, den: Poly) -> Value:
    if den is ONE and (not num or (len(num) == 1 and () in num)):
        return num.get((), 0)
    return Ratio(num, den)


def _bounded(value: Number) -> Number:
    if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
        raise LimitFault(f"a number of more than {MAX_BITS} bits")
    return value


def _check_exponent(exponent: int) -> None:
    if abs(exponent) > MAX_EXPONENT:
        raise LimitFault(f"an exponent above {MAX_EXPONENT}")


def whole(value: Number) -> Number:
    """`value` as an int if it is one."""
    return value.numerator if value.denominator == 1 else value


class _Evaluator:
    def __init__(self) -> None:
        self.budget = MAX_WORK

    def value(self, tree: Tree) -> Value:
        kind = tree[0]
        if kind == "num":
            return tree[1]
        if kind == "var":
            return Ratio({((tree[1], 1),): 1}, ONE)
        if kind == "neg":
            return self.negative(self.value(tree[1]))
        if kind == "add":
            return self.sum(tree[1])
        if kind == "mul":
            return self.product(tree[1])
        if kind == "pow":
            if tree[1][0] == "var" and tree[2][0] == "num" and type(tree[2][1]) is int and tree[2][1] > 0:
                _check_exponent(tree[2][1])
                return Ratio({((tree[1][1], tree[2][1]),): 1}, ONE)
            return self.power(self.value(tree[1]), self.value(tree[2]))
        if kind == "percent":
            return self.product((("*", tree[1]), ("/", ("num", 100, "100"))))
        if kind == "sqrt":
            return self.root(self.value(tree[1]))
        raise SyntaxFault("a list or an equation stands where one value is expected")

    def negative(self, value: Value) -> Value:
        return Ratio({m: -c for m, c in value.num.items()}, value.den) if isinstance(value, Ratio) else -value

    def sum(self, terms: Iterable[tuple[str, Tree]]) -> Value:
        num: Poly = {}
        den = ONE
        for sign, tree in terms:
            term = _ratio(self.value(tree))
            if term.den is not den and term.den != den:
                num, extra = self.times(num, term.den), self.times(term.num, den)
                den = self.times(den, term.den)
            else:
                extra = term.num
            for monomial, coefficient in extra.items():
                change = coefficient if sign == "+" else -coefficient
                total = _bounded(num.get(monomial, 0) + change)
                if total:
                    num[monomial] = total
                else:
                    num.pop(monomial, None)
        return _simplest(num, den)

    def product(self, factors: Iterable[tuple[str, Tree]]) -> Value:
        total: Value = 1
        for op, tree in factors:
            value = self.value(tree)
            if op == "/":
                value = self.inverse(value)
            if not isinstance(total, Ratio) and not isinstance(value, Ratio):
                total = whole(_bounded(total * value))
            else:
                a, b = _ratio(total), _ratio(value)
                total = _simplest(self.times(a.num, b.num), self.times(a.den, b.den))
        return total

    def inverse(self, value: Value) -> Value:
        if not isinstance(value, Ratio):
            if not value:
                raise SyntaxFault("a division by zero")
            return whole(Fraction(value.denominator, value.numerator))
        if not value.num:
            raise SyntaxFault("a division by zero")
        return Ratio(value.den, value.num)

    def power(self, base: Value, exponent: Value) -> Value:
        if isinstance(exponent, Ratio):
            raise SyntaxFault("an exponent must be a number")
        if exponent == Fraction(1, 2):
            return self.root(base)
        if exponent.denominator != 1:
            raise SyntaxFault("an exponent must be a whole number")
        n = abs(exponent.numerator)
        _check_exponent(n)
        if exponent < 0:
            base = self.inverse(base)
        if not isinstance(base, Ratio):
            if (base.numerator.bit_length() + base.denominator.bit_length()) * n > 2 * MAX_BITS:
                raise LimitFault(f"a power of more than {MAX_BITS} bits")
            return _bounded(base**n)
        return _simplest(self.repeat(base.num, n), self.repeat(base.den, n))

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
        if not isinstance(value, Ratio) and value >= 0:
            root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
            if root * root == value:
                return whole(root)
        raise SyntaxFault("only exact square roots of numbers can be read")

    def times(self, a: Poly, b: Poly) -> Poly:
        if a is ONE:
            return b
        if b is ONE:
            return a
        self.budget -= len(a) * len(b) * (_weight(a) + _weight(b))
        if self.budget < 0:
            raise LimitFault("the answer takes too many steps to multiply out")
        total: Poly = {}
        for m, c in a.items():
            for n, d in b.items():
                monomial = _join(m, n)
                total[monomial] = _bounded(total.get(monomial, 0) + c * d)
        return {monomial: coefficient for monomial, coefficient in total.items() if coefficient}


def _weight(poly: Poly) -> int:
    """How much a product with a coefficient of this polynomial costs, in products of small whole numbers."""
    bits = max((c.numerator.bit_length() + 8 * (c.denominator.bit_length() - 1) for c in poly.values()), default=0)
    return 1 + bits // 64


def _join(m: Monomial, n: Monomial) -> Monomial:
    if not m or not n:
        return m or n
    powers = dict(m)
    for name, power in n:
        powers[name] = powers.get(name, 0) + power
    if max(powers.values()) > MAX_EXPONENT:
        raise LimitFault(f"a power above {MAX_EXPONENT}")
    return tuple(sorted(powers.items()))
