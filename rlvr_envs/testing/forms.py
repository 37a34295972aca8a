"""Other ways to write an answer, by the `type` of its reference. Pure text: none of it goes through a verifier."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

Forms = Callable[[str, Mapping[str, Any]], Iterator[tuple[str, str]]]
"""(key, reference) -> (what the form is, the answer in that form)."""


def _integer(key: str, reference: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    sign, digits = ("-", key[1:]) if key.startswith("-") else ("", key)
    if not digits.isdigit():
        return
    yield "with a zero decimal", f"{key}.0"
    yield "with two zero decimals", f"{key}.00"
    yield "with a label", f"x = {key}"
    yield "with leading zeros", f"{sign}00{digits}"
    yield "in brackets", f"({key})"
    if sign:
        yield "with a typographic minus", f"\u2212{digits}"
        yield "with a spaced minus", f"- {digits}"
    else:
        yield "with a plus", f"+{key}"
    yield "in fullwidth digits", sign + "".join(chr(0xFF10 + int(digit)) for digit in digits)
    grouped = f"{int(digits):,}"
    if "," in grouped:
        yield "with thousands separators", sign + grouped
        yield "with LaTeX thousands separators", sign + grouped.replace(",", "{,}")
        yield "with thin spaces", sign + grouped.replace(",", "\\,")


def _decimal(key: str, reference: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if re.fullmatch(r"-?\d+", key):
        yield from _integer(key, reference)
    elif re.fullmatch(r"-?\d*\.\d+", key):
        yield "with a trailing zero", f"{key}0"
        yield "with a label", f"x = {key}"
        if key.startswith("-"):
            yield "with a typographic minus", "\u2212" + key[1:]
        else:
            yield "with a plus", f"+{key}"


def _rational(key: str, reference: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "/" not in key:
        if not reference.get("reduced"):
            yield from _decimal(key, reference)
        if "." in key:
            value = Fraction(key)
            yield "as a fraction", f"{value.numerator}/{value.denominator}"
        return
    value = Fraction(key)
    sign, top, bottom = "-" if value < 0 else "", abs(value.numerator), value.denominator
    for command in ("frac", "dfrac", "tfrac"):
        yield f"as \\{command}", f"{sign}\\{command}{{{top}}}{{{bottom}}}"
    yield "as \\frac with the sign above", f"\\frac{{{sign}{top}}}{{{bottom}}}"
    yield "with spaces", f"{sign}{top} / {bottom}"
    yield "with a label", f"x = {key}"
    if sign:
        yield "with a typographic minus", f"\u2212{top}/{bottom}"
    else:
        yield "with a plus", f"+{key}"
    if reference.get("reduced"):
        return
    yield "not in lowest terms", f"{sign}{3 * top}/{3 * bottom}"
    if top > bottom:
        yield "as a mixed number", f"{sign}{top // bottom} {top % bottom}/{bottom}"
        yield "as a LaTeX mixed number", f"{sign}{top // bottom}\\frac{{{top % bottom}}}{{{bottom}}}"
    twos = fives = 0
    rest = bottom
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest == 1:
        places = max(twos, fives)
        digits = str(top * 10**places // bottom).rjust(places + 1, "0")
        yield "as a decimal", f"{sign}{digits[:-places]}.{digits[-places:]}"


def _digits(key: str, reference: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    base = reference["base"]
    yield "in upper case", key.upper()
    yield "with an index", f"{key}_{base}"
    yield "with a LaTeX index", f"{key}_{{{base}}}"
    yield "with leading zeros", f"00{key}"
    if base in (2, 8, 16):
        yield "with a prefix", {2: "0b", 8: "0o", 16: "0x"}[base] + key


def _tuple(key: str, reference: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    inner = key.strip()[1:-1]
    yield "without spaces", key.replace(" ", "")
    if key.startswith("[["):
        rows = [row.split(",") for row in re.findall(r"\[([^\[\]]*)\]", inner)]
        body = " \\\\ ".join(" & ".join(cell.strip() for cell in row) for row in rows)
        for name in ("pmatrix", "bmatrix"):
            yield f"as a {name}", f"\\begin{{{name}}} {body} \\end{{{name}}}"
        yield "row by row", "[\n" + ",\n".join(f" [{', '.join(row)}]" for row in rows) + "\n]"
        return
    yield "with \\left and \\right", f"\\left({inner}\\right)"
    yield "in square brackets", f"[{inner}]"
    yield "without brackets", inner
    if "/" in inner:
        yield "with \\frac", "(" + re.sub(r"(\d+)/(\d+)", r"\\frac{\1}{\2}", inner) + ")"


def _set(key: str, reference: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    items = [item.strip() for item in key.strip("{} ").split(",")]
    yield "in LaTeX braces", "\\{" + ", ".join(items) + "\\}"
    yield "with \\left and \\right", "\\left\\{" + ", ".join(items) + "\\right\\}"
    yield "in another order", "{" + ", ".join(reversed(items)) + "}"
    yield "without braces", ", ".join(items)
    yield "without spaces", "{" + ",".join(items) + "}"
    if len(items) > 1:
        yield "with `and`", f"{', '.join(items[:-1])} and {items[-1]}"
        yield "with labels", " or ".join(f"x = {item}" for item in items)
    if "/" in key:
        yield "with \\frac", "{" + re.sub(r"(\d+)/(\d+)", r"\\frac{\1}{\2}", ", ".join(items)) + "}"


def _multiset(key: str, reference: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    items = key.split(", ")
    yield "without spaces", ",".join(items)
    yield "in another order", ", ".join(reversed(items))
    yield "in brackets", f"[{', '.join(items)}]"
    yield "as a product", " * ".join(items)
    yield "as a LaTeX product", " \\times ".join(items)
    yield "with a times sign", " \u00d7 ".join(items)
    powers = [f"{base}^{power}" if power > 1 else base for base, power in Counter(items).items()]
    yield "with powers", " * ".join(powers)
    yield "with LaTeX powers", " \\cdot ".join(re.sub(r"\^(\d+)", r"^{\1}", power) for power in powers)


def _expression(key: str, reference: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "without spaces", key.replace(" ", "")
    yield "with ** for powers", key.replace("^", "**")
    yield "with braces around powers", re.sub(r"\^(\d+)", r"^{\1}", key)
    starred = re.sub(r"(?<=[0-9a-z)])(?=[a-z(])", "*", key)
    yield "with a sign for every product", starred
    yield "with \\cdot", key.replace("*", " \\cdot ")
    yield "with \\left and \\right", key.replace("(", "\\left(").replace(")", "\\right)")
    if key.count("(") == 0:
        terms = re.findall(r"[-+]?[^-+]+", key.replace(" ", ""))
        yield "in another order", "".join(t if t[0] in "+-" else f"+{t}" for t in reversed(terms)).removeprefix("+")
    if "-" in key:
        yield "with a typographic minus", key.replace("-", "\u2212")


def _ratio(key: str, reference: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from _expression(key, reference)
    top, _, bottom = key.partition(")/(")
    if bottom:
        above, below = top.removeprefix("("), bottom.removesuffix(")")
        yield "as \\frac", f"\\frac{{{above}}}{{{below}}}"
        yield "as \\dfrac", f"\\dfrac{{{above}}}{{{below}}}"
        yield "with spaces around the slash", f"({above}) / ({below})"


def _target(key: str, reference: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "without spaces", key.replace(" ", "")
    yield "in brackets", f"({key})"
    yield "with its value behind it", f"{key} = {reference['target']}"
    yield "in LaTeX", key.replace("*", "\\times ").replace("/", "\\div ")
    yield "with printed signs", key.replace("*", "\u00d7").replace("/", "\u00f7").replace("-", "\u2212")


FORMS: dict[str, Forms] = {
    "integer": _integer,
    "decimal": _decimal,
    "rational": _rational,
    "digits": _digits,
    "tuple": _tuple,
    "set": _set,
    "multiset": _multiset,
    "polynomial": _expression,
    "expression": _expression,
    "ratio": _ratio,
    "target": _target,
}
"""The forms of each reference type. A package with a type of its own adds its forms here."""
