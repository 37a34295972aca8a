"""Reads worked-out numbers: literals, not expressions, so that a question echoed back never passes for its answer."""

from __future__ import annotations

import re
from fractions import Fraction

from rlvr_envs.families.math.exact import Number, Ratio, Value, evaluate
from rlvr_envs.families.math.syntax import SyntaxFault, Tree, parse


class FormFault(Exception):
    """A value whose last step is left to the reader: `27/9`, `1.5/0.5`."""


class AmbiguousFault(Exception):
    """Several different answers where one is asked."""


_THOUSANDS = re.compile(r"(?:[A-Za-z]\w{0,3}\s{0,9}=\s{0,9})?[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_PLAIN = re.compile(r"([-+]?)(\d{1,100})(?:\.(0{1,20}))?(?:\s*/\s*(\d{1,100}))?", re.ASCII)


def read_number(text: str, percent: bool = False) -> Number:
    """The one worked-out number that a cleaned text gives; `x = 5` and repeated equal answers are read too.

    Raises:
        SyntaxFault: If it is not a literal number: an integer, decimal, fraction, mixed or scientific number.
        AmbiguousFault: If there are several different ones.
        LimitFault: If it is beyond the limits.
    """
    plain = _PLAIN.fullmatch(text)
    if plain and not (plain[3] and plain[4]):
        sign, above, _, below = plain.groups()
        if below is None:
            return int(sign + above)
        if int(below):
            return _quotient(int(sign + above), int(below))
    if _THOUSANDS.fullmatch(text):
        text = re.sub(r"[^-+0-9.]", "", text.rpartition("=")[2])
    if percent and text.endswith("%"):
        text = text[:-1].rstrip("\\ ")
    values = {literal(unlabelled(item)) for item in items_of(parse(text))}
    if len(values) > 1:
        raise AmbiguousFault
    return values.pop()


def items_of(tree: Tree) -> tuple[Tree, ...]:
    """The items of a list; any other tree is a list of one."""
    return tree[2] if tree[0] == "list" else (tree,)


def unlabelled(tree: Tree) -> Tree:
    """`5` for `x = 5`."""
    return tree[2] if tree[0] == "eq" and tree[1][0] == "var" else tree


def literal(tree: Tree) -> Number:
    """The value of a number that is written out: `12`, `-3/4`, `2 1/2`, `1.5`, `1.2 * 10^3`, `25%`, not `3 + 4`.

    Raises:
        SyntaxFault: If the tree is anything else.
    """
    kind = tree[0]
    if kind == "num":
        return tree[1]
    if kind == "neg":
        return -literal(tree[1])
    if kind == "list" and len(tree[2]) == 1:
        return literal(tree[2][0])
    if kind == "percent" and tree[1][0] == "num":
        return Fraction(tree[1][1]) / 100
    if kind == "mul" and len(tree[1]) == 2:
        (_, a), (op, b) = tree[1]
        if op == "/" and is_signed_number(a) and is_signed_number(b):
            return _quotient(literal(a), literal(b))
        ten = op == "*" and b[0] == "pow" and b[1][0] == "num" and b[1][1] == 10
        if ten and is_signed_number(a) and is_signed_number(b[2]):
            if not -10 < Fraction(literal(a)) < 10:  # `1240 * 10^-1` leaves the last step undone
                raise FormFault
            return _number_of(evaluate(tree))
    raise SyntaxFault("a worked-out number is asked for, not an expression")


def _quotient(above: Number, below: Number) -> Fraction:
    """A written quotient: of whole numbers, and not whole itself, or its division was left undone."""
    if not below:
        raise SyntaxFault("a division by zero")
    value = Fraction(above) / Fraction(below)
    if Fraction(above).denominator > 1 or Fraction(below).denominator > 1 or value.denominator == 1:
        raise FormFault
    return value


def is_signed_number(tree: Tree) -> bool:
    """Whether a tree is a bare number, perhaps negative."""
    return tree[0] == "num" or (tree[0] == "neg" and tree[1][0] == "num")


def _number_of(value: Value) -> Number:
    if isinstance(value, Ratio):
        raise SyntaxFault("a number is asked for, not an expression")
    return value
