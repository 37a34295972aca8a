"""The answer types of the math family: for each, what counts as the same answer, and in what form.

A type is a function `(reference, text) -> failure or None`. Where the question itself could be read as an
expression of the right value (`348 + 271`), the type demands a worked-out form, so that an echo never pays.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Any

from rlvr_envs.families.math.exact import Number, Ratio, Value, degree, equal, evaluate, fingerprint
from rlvr_envs.families.math.literals import FormFault, is_signed_number, items_of, literal, read_number, unlabelled
from rlvr_envs.families.math.syntax import LimitFault, SyntaxFault, Tree, clean, parse

Reference = Mapping[str, Any]
MAX_FACTORS = 500


@lru_cache(maxsize=8192)
def _reference_number(text: str) -> Number:
    return read_number(clean(text))


@lru_cache(maxsize=8192)
def _reference_tree(text: str) -> Tree:
    return parse(clean(text))


@lru_cache(maxsize=8192)
def _reference_value(text: str) -> Value:
    return evaluate(_reference_tree(text))


@lru_cache(maxsize=8192)
def _reference_fingerprint(text: str) -> int | None:
    return fingerprint(_reference_tree(text))


def _equals(tree: Tree, wanted: str) -> bool:
    """Whether a tree has the value of the reference text."""
    print_a, print_b = fingerprint(tree), _reference_fingerprint(wanted)
    if print_a is not None and print_b is not None and print_a != print_b:
        return False
    return equal(evaluate(tree), _reference_value(wanted))


def integer(reference: Reference, text: str) -> str | None:
    """One integer, written out."""
    return None if read_number(text) == _reference_number(reference["answer"]) else "wrong_answer"


def rational(reference: Reference, text: str) -> str | None:
    """One rational number; in lowest terms if the reference says `reduced`; `25%` is 25 if it says `percent`."""
    if read_number(text, reference.get("percent", False)) != _reference_number(reference["answer"]):
        return "wrong_answer"
    if not reference.get("reduced"):
        return None
    trees = map(unlabelled, items_of(parse(text)))
    return None if all(_in_lowest_terms(tree, "/" in reference["answer"]) for tree in trees) else "wrong_form"


def _in_lowest_terms(tree: Tree, as_fraction: bool) -> bool:
    """Whether a literal is in lowest terms; where a fraction is asked, a decimal or percentage is not."""
    while tree[0] == "neg" or (tree[0] == "list" and len(tree[2]) == 1):
        tree = tree[1] if tree[0] == "neg" else tree[2][0]
    if tree[0] == "num":
        above, _, below = tree[2].removeprefix("mixed ").partition("/")
        return gcd(int(above), int(below)) == 1 if below else not (as_fraction and "." in above)
    if tree[0] != "mul":
        return not as_fraction
    (_, a), (_, b) = tree[1]
    above_value, below_value = literal(a), literal(b)
    return gcd(above_value.numerator, below_value.numerator) == 1


def decimal(reference: Reference, text: str) -> str | None:
    """One number within `tolerance` (absolute, default 0) of the reference."""
    error = Fraction(read_number(text)) - Fraction(_reference_number(reference["answer"]))
    return None if abs(error) <= Fraction(reference.get("tolerance", 0)) else "wrong_answer"


_DIGITS = re.compile(r"\(?([0-9a-z]{1,500})\)?(?:_\{?\(?([0-9]{1,2})\)?\}?)?")
_PREFIXES = {2: "0b", 8: "0o", 16: "0x"}


def digits(reference: Reference, text: str) -> str | None:
    """Digits in the base that the reference names; a prefix (`0x`) or an index (`1011_2`) may say it again."""
    return None if read_digits(text, reference["base"]) == reference["answer"] else "wrong_answer"


def read_digits(text: str, base: int) -> str:
    """Lower-case digits without leading zeros.

    Raises:
        SyntaxFault: If the text is anything else than digits in this base.
    """
    text = text.replace(" ", "").lower()
    match = _DIGITS.fullmatch(text.removeprefix(_PREFIXES.get(base, "_")))
    if match is None or (match[2] and match[2] != str(base)) or any(int(digit, 36) >= base for digit in match[1]):
        raise SyntaxFault(f"digits in base {base} are asked for")
    return match[1].lstrip("0") or "0"


def ordered(reference: Reference, text: str) -> str | None:
    """A tuple, or nested lists for a matrix; labelled numbers (`y = 2, x = 1`) are put in order first."""
    return None if nested(parse(text)) == nested(_reference_tree(reference["answer"])) else "wrong_answer"


def nested(tree: Tree) -> Any:
    """The numbers of a list as nested tuples; those of a column of a matrix are flat.

    Labelled numbers are put in the order of their labels: x, y, z, w first, then the alphabet.

    Raises:
        SyntaxFault: If it is a set, holds anything but numbers, or not one label for each.
    """
    if tree[0] == "eq" and tree[2][0] == "list":  # (x, y) = (1, 2)
        labels, values = items_of(tree[1]), tree[2][2]
        if len(labels) != len(values):
            raise SyntaxFault("as many labels as numbers are asked for")
        tree = ("list", tree[2][1], tuple(("eq", *pair) for pair in zip(labels, values, strict=True)))
    if tree[0] != "list":
        return literal(unlabelled(tree))
    if tree[1] == "{":
        raise SyntaxFault("an ordered list is asked for, not a set")
    items = tree[2]
    if any(item[0] == "eq" for item in items):
        labelled = {item[1][1]: item[2] for item in items if item[0] == "eq" and item[1][0] == "var"}
        if len(labelled) < len(items):
            raise SyntaxFault("a different label for each number is asked for")
        items = tuple(labelled[name] for name in sorted(labelled, key=lambda name: ("xyzw".find(name) % 5, name)))
    if all(item[0] == "list" and len(item[2]) == 1 for item in items):
        items = tuple(item[2][0] for item in items)
    return tuple(nested(item) for item in items)


def unordered(reference: Reference, text: str) -> str | None:
    """A set of numbers."""
    return None if number_set(parse(text)) == number_set(_reference_tree(reference["answer"])) else "wrong_answer"


def number_set(tree: Tree) -> frozenset[Number]:
    """The different numbers of a list."""
    tree = tree[2] if tree[0] == "eq" and tree[2][0] == "list" else tree
    numbers: set[Number] = set()
    for item in map(unlabelled, items_of(tree)):
        number = literal(item[1] if item[0] == "plusminus" else item)
        numbers |= {number, -number} if item[0] == "plusminus" else {number}
    return frozenset(numbers)


def multiset(reference: Reference, text: str) -> str | None:
    """Integers with repetition, as a list or as a product with powers."""
    return None if factors(parse(text)) == factors(_reference_tree(reference["answer"])) else "wrong_answer"


def factors(tree: Tree) -> Counter[int]:
    """How often each factor stands in a list or product."""
    counts: Counter[int] = Counter()
    for item in items_of(tree):
        for op, factor in item[1] if item[0] == "mul" else (("*", item),):
            base, power = (factor[1], factor[2]) if factor[0] == "pow" else (factor, ("num", 1, "1"))
            if op == "/" or power[0] != "num" or power[1].denominator != 1:
                raise SyntaxFault("whole factors are asked for")
            if power[1] < 1:
                raise FormFault
            value = literal(base)
            if value.denominator != 1:
                raise SyntaxFault("whole factors are asked for")
            counts[value.numerator] += power[1].numerator
            if counts.total() > MAX_FACTORS:
                raise LimitFault(f"more than {MAX_FACTORS} factors")
    return +counts


def polynomial(reference: Reference, text: str) -> str | None:
    """A polynomial, multiplied out and collected."""
    tree = unlabelled(parse(text))
    if not _equals(tree, reference["answer"]):
        return "wrong_answer"
    return None if _is_expanded(tree) else "wrong_form"


def _is_expanded(tree: Tree) -> bool:
    terms = [term for _, term in tree[1]] if tree[0] == "add" else [tree]
    monomials = [_monomial(term) for term in terms]
    return None not in monomials and len(set(monomials)) == len(monomials)


def _monomial(term: Tree) -> frozenset[tuple[str, Number]] | None:
    """The letters of one term with their powers; None if it is not one number times powers of different letters."""
    powers: dict[str, Number] = {}
    numbers = {"*": 0, "/": 0}
    for i, (op, factor) in enumerate(term[1] if term[0] == "mul" else (("*", term),)):
        if factor[0] == "neg" and i == 0:
            factor = factor[1]
        base, power = (factor[1], factor[2]) if factor[0] == "pow" else (factor, ("num", 1, "1"))
        if base[0] == "var" and op == "*" and power[0] == "num" and base[1] not in powers:
            powers[base[1]] = power[1]
        elif factor[0] == "num":
            numbers[op] += 1
        elif factor[0] == "mul" and _is_fraction(factor):
            numbers[op] += 1
        else:
            return None
    if max(numbers.values()) > 1:
        return None
    return frozenset((name, power) for name, power in powers.items() if power)


def _is_fraction(tree: Tree) -> bool:
    """Whether a product is one number over another."""
    return [op for op, _ in tree[1]] == ["*", "/"] and all(is_signed_number(part) for _, part in tree[1])


def expression(reference: Reference, text: str) -> str | None:
    """Any expression equal to the reference."""
    tree = unlabelled(parse(text))
    return None if _equals(tree, reference["answer"]) else "wrong_answer"


def ratio(reference: Reference, text: str) -> str | None:
    """A quotient of polynomials in lowest terms, factored or multiplied out."""
    tree = unlabelled(parse(text))
    if not _equals(tree, reference["answer"]):
        return "wrong_answer"
    if not _is_one_quotient(tree):
        return "wrong_form"
    # Equal and of the degrees of the reduced reference: then no common factor with a letter is left.
    written, wanted = evaluate(tree), _reference_value(reference["answer"])
    reduced = _written_degrees(written) == _written_degrees(wanted) and _common_number(written) == 1
    return None if reduced else "wrong_form"


def _is_one_quotient(tree: Tree) -> bool:
    """Whether a tree has no division but one, by an expression with letters, at its top."""
    tree = tree[1] if tree[0] == "neg" else tree
    parts = tree[1] if tree[0] == "mul" else (("*", tree),)
    divisors = [part for op, part in parts if op == "/"]
    return (
        len(divisors) <= 1
        and all(isinstance(evaluate(part), Ratio) for part in divisors)
        and not any(_divides(part) for _, part in parts)
    )


def _divides(tree: Tree) -> bool:
    if tree[0] in ("add", "mul"):
        return any(op == "/" or _divides(part) for op, part in tree[1])
    if tree[0] == "pow":
        return _divides(tree[1]) or tree[2][0] != "num"
    return tree[0] == "percent" or (tree[0] in ("neg", "sqrt") and _divides(tree[1]))


def _written_degrees(value: Value) -> tuple[int, int]:
    return (degree(value.num), degree(value.den)) if isinstance(value, Ratio) else (0, 0)


def _common_number(value: Value) -> int:
    """The number that divides numerator and denominator as written; 1 where a coefficient is a fraction."""
    if not isinstance(value, Ratio):
        return 1
    coefficients = [*value.num.values(), *value.den.values()]
    return gcd(*map(int, coefficients)) if all(c.denominator == 1 for c in coefficients) else 1


def target(reference: Reference, text: str) -> str | None:
    """An arithmetic expression that makes the target from the given numbers; `... = target` may stand behind it."""
    from task_generators.math.countdown import evaluate as countdown_rule

    tree = parse(text)
    if tree[0] == "eq":
        if literal(tree[2]) != reference["target"]:
            return "wrong_answer"
        tree = tree[1]
    used: list[int] = []
    try:
        value: Fraction | None = _arithmetic(tree, used)
    except ZeroDivisionError:
        value = None
    ok, _ = countdown_rule(list(reference["numbers"]), reference["target"], used, value)
    return None if ok else "wrong_answer" if sorted(used) == sorted(reference["numbers"]) else "infeasible"


def _arithmetic(tree: Tree, used: list[int]) -> Fraction:
    """The value of a tree of whole numbers and + - * /, noting the numbers it uses."""
    kind = tree[0]
    if kind == "list" and len(tree[2]) == 1:  # square brackets
        return _arithmetic(tree[2][0], used)
    if kind == "neg":
        return -_arithmetic(tree[1], used)
    if kind == "num" and tree[2].isdigit():
        used.append(int(tree[2]))
        return Fraction(tree[1])
    if kind not in ("add", "mul"):
        raise SyntaxFault("only whole numbers, + - * / and brackets may be used")
    total = Fraction(kind == "mul")
    for op, part in tree[1]:
        value = _arithmetic(part, used)
        if op == "+":
            total += value
        elif op == "-":
            total -= value
        elif op == "*":
            total *= value
        else:
            total /= value
        if total.numerator.bit_length() + total.denominator.bit_length() > 4096:
            raise LimitFault("a number of more than 4096 bits")
    return total


AnswerType = Callable[[Reference, str], str | None]

ANSWER_TYPES: dict[str, AnswerType] = {
    "integer": integer,
    "rational": rational,
    "decimal": decimal,
    "digits": digits,
    "tuple": ordered,
    "set": unordered,
    "multiset": multiset,
    "polynomial": polynomial,
    "expression": expression,
    "ratio": ratio,
    "target": target,
}
"""What the `type` of a reference names: a function of reference and cleaned answer text that gives a failure or None.
May raise `SyntaxFault`, `LimitFault` and `AmbiguousFault` for the answer; a fault of the reference is found before."""
