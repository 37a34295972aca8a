"""One text for all ways to write an answer, so that equal answers can be counted (maj@k, repetition, entropy)."""

from __future__ import annotations

from fractions import Fraction

from rlvr_envs.families.math.answers import Reference, factors, nested, number_set, read_digits
from rlvr_envs.families.math.exact import Ratio, Value, evaluate
from rlvr_envs.families.math.literals import read_number, unlabelled
from rlvr_envs.families.math.syntax import parse


def canonical_text(reference: Reference, text: str) -> str:
    """The canonical form of a cleaned answer to a task with this reference.

    Raises:
        SyntaxFault, AmbiguousFault, LimitFault: If the text is not an answer of the reference's type.
    """
    answer_type = reference.get("type")
    if answer_type in ("integer", "rational", "decimal"):
        return str(read_number(text, reference.get("percent", False)))
    if answer_type == "digits":
        return read_digits(text, reference["base"])
    if answer_type == "tuple":
        return _join(nested(parse(text)))
    if answer_type == "set":
        return " ".join(map(str, sorted(number_set(parse(text)))))
    if answer_type == "multiset":
        return " ".join(map(str, sorted(factors(parse(text)).elements())))
    if answer_type in ("polynomial", "expression", "ratio"):
        return _expression(evaluate(unlabelled(parse(text))))
    return "".join(text.split())


def _join(tree: object) -> str:
    return f"({', '.join(map(_join, tree))})" if isinstance(tree, tuple) else str(tree)


def _expression(value: Value) -> str:
    if not isinstance(value, Ratio):
        return str(value)
    # Scale so that the denominator's leading coefficient is 1; a common factor of both is left where it is.
    lead = value.den[max(value.den)]
    num, den = (sorted((m, str(Fraction(c) / lead)) for m, c in poly.items()) for poly in value)
    return f"{num}/{den}"
