"""Reads answers: text, plain or LaTeX, into a small tree. Nothing of the text is ever executed.

The reader is one regular expression for tokens and a recursive descent over them, with limits on characters, tokens and
depth, so that its cost is bounded whatever it is given.

A tree is a tuple:
    ("num", value, text)            an unsigned number; value is an int, or a Fraction that is none
    ("var", name)                   a one-letter variable
    ("neg", tree)
    ("add", ((sign, tree), ...))    a sum; sign is "+" or "-"
    ("mul", ((op, tree), ...))      a product; op is "*" or "/"
    ("pow", base, exponent)
    ("sqrt", tree)
    ("percent", tree)
    ("list", bracket, (tree, ...))  bracket is "(", "[", "{", "matrix", or "" for a list without brackets
    ("plusminus", tree)
    ("eq", left, right)
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

Tree = tuple[Any, ...]

MAX_CHARS = 2000
MAX_TOKENS = 800
MAX_DEPTH = 40
MAX_DIGITS = 1000


class SyntaxFault(Exception):
    """The text is not an answer of the grammar."""


class LimitFault(Exception):
    """The text, or the value it describes, is larger than the limits."""


_TOKEN = re.compile(
    r"\s*(?:(?P<num>\d+(?:\.\d*)?|\.\d+)|(?P<word>[A-Za-z]+|\\[A-Za-z]+|\\.)|(?P<op>\*\*|[-+*/^()\[\]{},;=%&_])|(?P<end>$))",
    re.ASCII,
)
# The first alternative is a row separator of a matrix; it is put back.
_SPACES = re.compile(
    r"(\\\\)|\\[,;:! ]|~|\\(?:left|right|big|Big|displaystyle|quad|qquad)(?![A-Za-z])|\\?\$|\\[()\[\]]"
)
# Between groups of three digits these can only be separators, also inside lists; a plain comma can be both.
_THIN_SPACE = re.compile(r"(?<=[0-9])(?:\{,\}|,\\!|\\[,!;]|\u2009|\u202f)(?=[0-9]{3}(?![0-9]))")
_TEXT = re.compile(r"\\(?:text|mathrm|textbf|mathbf|mbox|operatorname)\s*\{([^{}]*)\}")
_CHARS = str.maketrans(
    {
        "−": "-",
        "–": "-",
        "×": "*",
        "·": "*",
        "⋅": "*",
        "∗": "*",
        "÷": "/",
        "⁄": "/",
        "√": "\\sqrt ",
        "±": "\\pm ",
        "\u00a0": " ",
    }
    | {chr(0xFF10 + d): str(d) for d in range(10)}
    | {"\u2010": "-", "\u2011": "-", "\u2012": "-", "，": ",", "（": "(", "）": ")", "＝": "="}
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_SUPERSCRIPT_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_SYNONYMS = {
    "*": ("\\cdot", "\\times", "\\ast"),
    "/": ("\\div",),
    "^": ("**",),
    "%": ("\\%",),
    "{": ("\\{", "\\lbrace"),
    "}": ("\\}", "\\rbrace"),
    "(": ("\\langle",),
    ")": ("\\rangle",),
    ",": (";", "and", "or", "\\land", "\\lor"),
    "\\frac": ("\\dfrac", "\\tfrac", "\\cfrac"),
    "\\sqrt": ("sqrt",),
}
_PLAIN_OPS = {written: plain for plain, forms in _SYNONYMS.items() for written in forms}
_WRAPPING = " \t\r\n*_`"  # of Markdown
_TRAILING = _WRAPPING + ".,;:"
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_MATRICES = ("array", "matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix")
_LONGEST_WORD = 3  # "xyz" is a product of letters, "five" is prose


def clean(text: str) -> str:
    """`text` without what only decorates it: math delimiters, spacing commands, a final full stop.

    Raises:
        LimitFault: If it is longer than `MAX_CHARS`.
    """
    if len(text) > MAX_CHARS:
        raise LimitFault(f"the answer has {len(text)} characters")
    if not text.isascii():
        text = _SUPERSCRIPT_RUN.sub(lambda run: f"^{{{run.group().translate(_SUPERSCRIPTS)}}}", text.translate(_CHARS))
        text = _THIN_SPACE.sub("", text)
    if "\\" in text or "$" in text or "~" in text or "{,}" in text:
        text = _SPACES.sub(r"\1 ", _TEXT.sub(r" \1 ", _THIN_SPACE.sub("", text)))
    return text.strip(_WRAPPING).rstrip(_TRAILING).lstrip(_WRAPPING)


def parse(text: str) -> Tree:
    """The tree of a cleaned text.

    Raises:
        SyntaxFault: If it is not in the grammar.
        LimitFault: If it is beyond the limits.
    """
    parser = _Parser(_tokens(text))
    tree = parser.listing("")
    if parser.position < len(parser.kinds) - 1:
        raise SyntaxFault(f"unexpected {parser.texts[parser.position]!r}")
    return tree


def _tokens(text: str) -> tuple[list[str], list[str]]:
    kinds: list[str] = []
    texts: list[str] = []
    position = 0
    match = _TOKEN.match
    while True:
        found = match(text, position)
        if found is None:
            raise SyntaxFault(f"unreadable character {text[position : position + 1].strip()!r}")
        position = found.end()
        kind = found.lastgroup or "end"
        token = found.group(kind)
        if kind != "num" and token in _PLAIN_OPS:
            token = _PLAIN_OPS[token]
            kind = "word" if token[0] == "\\" else "op"
        kinds.append(kind)
        texts.append(token)
        if kind == "end":
            return kinds, texts
        if len(kinds) > MAX_TOKENS:
            raise LimitFault("the answer has too many symbols")


def _number(text: str) -> int | Fraction:
    if len(text) > MAX_DIGITS:
        raise LimitFault(f"a number of {len(text)} digits")
    if "." not in text:
        return int(text)
    whole, _, decimals = text.partition(".")
    value = Fraction(int(whole + decimals), 10 ** len(decimals))
    return value.numerator if value.denominator == 1 else value


class _Parser:
    def __init__(self, tokens: tuple[list[str], list[str]]):
        self.kinds, self.texts = tokens
        self.position = 0
        self.depth = 0

    def take(self, text: str) -> bool:
        if self.texts[self.position] == text and self.kinds[self.position] != "end":
            self.position += 1
            return True
        return False

    def need(self, text: str) -> None:
        if not self.take(text):
            raise SyntaxFault(f"expected {text!r}, found {self.texts[self.position]!r}")

    def listing(self, bracket: str) -> Tree:
        """Items up to the closing bracket, which is not taken; one item without a comma is itself, but for `[x]`."""
        items = [self.item()]
        if items[0][:2] == ("list", "matrix") and self.texts[self.position] == _CLOSING.get(bracket):
            return items[0]  # the brackets around a matrix
        while self.take(","):
            while self.take(","):  # "1, and 2"
                pass
            items.append(self.item())
        if len(items) == 1 and bracket != "[":
            return items[0]
        return ("list", bracket, tuple(items))

    def item(self) -> Tree:
        tree = self.sum()
        if self.take("="):
            tree = ("eq", tree, self.sum())
        return tree

    def sum(self) -> Tree:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LimitFault("the answer is nested too deeply")
        first = self.product()
        if self.texts[self.position] not in ("+", "-"):
            self.depth -= 1
            return first
        terms = [("+", first)]
        while (sign := self.texts[self.position]) in ("+", "-"):
            self.position += 1
            terms.append((sign, self.product()))
        self.depth -= 1
        return ("add", tuple(terms))

    def product(self) -> Tree:
        factors = [("*", self.signed())]
        while True:
            kind, text = self.kinds[self.position], self.texts[self.position]
            if text in ("*", "/"):
                self.position += 1
                factors.append((text, self.signed()))
            elif text in ("(", "[", "\\frac", "\\sqrt") or (kind == "word" and text[0] != "\\"):
                factors.append(("*", self.power()))
            elif kind == "num":
                factors[-1] = ("*", self.mixed(factors[-1]))
            else:
                return factors[0][1] if len(factors) == 1 else ("mul", tuple(factors))

    def mixed(self, last: tuple[str, Tree]) -> Tree:
        """`2 1/2`: a whole number with a fraction of two whole numbers behind it. No other two numbers may touch."""
        op, whole = last
        sign, number = ("neg", whole[1]) if whole[0] == "neg" else ("", whole)
        at = self.position
        if (
            op == "*" and number[0] == "num" and number[2].isdigit()
            and self.texts[at].isdigit() and self.texts[at + 1] == "/" and self.texts[at + 2].isdigit()
        ):  # fmt: skip
            self.position += 3
            numerator, denominator = _number(self.texts[at]), _number(self.texts[at + 2])
            return self.add_fraction(sign, number[1], numerator, denominator)
        raise SyntaxFault("two numbers without an operation between them")

    def add_fraction(self, sign: str, whole: Any, numerator: Any, denominator: Any) -> Tree:
        if not 0 < numerator < denominator:
            raise SyntaxFault("the fraction of a mixed number must be between 0 and 1")
        tree = ("num", whole + Fraction(numerator) / denominator, f"mixed {numerator}/{denominator}")
        return ("neg", tree) if sign else tree

    def signed(self) -> Tree:
        if self.take("\\pm"):
            return ("plusminus", self.power())
        negative = False
        while (sign := self.texts[self.position]) in ("+", "-"):
            self.position += 1
            negative ^= sign == "-"
        tree = self.power()
        return ("neg", tree) if negative else tree

    def power(self) -> Tree:
        base = self.atom()
        while self.take("%"):
            base = ("percent", base)
        if not self.take("^"):
            return base
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise LimitFault("the answer is nested too deeply")
        exponent = self.signed()
        self.depth -= 1
        return ("pow", base, exponent)

    def atom(self) -> Tree:
        kind, text = self.kinds[self.position], self.texts[self.position]
        self.position += 1
        if kind == "num":
            number: Tree = ("num", _number(text), text)
            if self.texts[self.position] == "\\frac" and text.isdigit():
                return self.latex_mixed(number)
            return number
        if text in _CLOSING:
            tree = self.listing(text)
            self.need(_CLOSING[text])
            return tree
        if text == "\\frac":
            return ("mul", (("*", self.argument()), ("/", self.argument())))
        if text == "\\sqrt":
            return ("sqrt", self.argument())
        if text == "\\begin":
            return self.matrix()
        if kind == "word" and text[0] != "\\" and len(text) <= _LONGEST_WORD:
            return self.letters(text)
        if kind == "end":
            raise SyntaxFault("the answer ends too early")
        raise SyntaxFault(f"unexpected {text[:20]!r}")

    def letters(self, text: str) -> Tree:
        """A word is a product of one-letter variables; a power belongs to the last one."""
        if self.take("_"):
            if len(text) > 1:
                raise SyntaxFault("an index behind several letters")
            subscript = self.argument()
            if subscript[0] not in ("num", "var"):
                raise SyntaxFault("an index must be one number or letter")
            return ("var", f"{text}_{subscript[-1]}")
        if len(text) == 1:
            return ("var", text)
        # Put the letters back one by one, so that `xy^2` is x * y^2.
        at = self.position
        self.kinds[at - 1 : at] = ["word"] * len(text)
        self.texts[at - 1 : at] = list(text)
        return ("var", text[0])

    def argument(self) -> Tree:
        """The argument of a command: a group, or one digit or letter."""
        if self.take("{"):
            tree = self.listing("{")
            self.need("}")
            return tree
        text = self.texts[self.position]
        if not text[:1].isdigit():
            return self.atom()
        if text[1:]:  # \frac12 is one half
            self.texts[self.position] = text[1:]
        else:
            self.position += 1
        return ("num", int(text[0]), text[0])

    def latex_mixed(self, whole: Tree) -> Tree:
        self.position += 1
        numerator, denominator = self.argument(), self.argument()
        if numerator[0] == denominator[0] == "num":
            return self.add_fraction("", whole[1], numerator[1], denominator[1])
        return ("mul", (("*", whole), ("*", numerator), ("/", denominator)))

    def matrix(self) -> Tree:
        self.need("{")
        name = self.texts[self.position]
        self.position += 1
        self.need("}")
        if name not in _MATRICES:
            raise SyntaxFault(f"unknown environment {name[:20]!r}")
        if name == "array" and self.take("{"):  # its column format
            while not self.take("}"):
                if self.kinds[self.position] == "end":
                    raise SyntaxFault("the answer ends too early")
                self.position += 1
        rows = [[self.item()]]
        while not self.take("\\end"):
            if self.take("&"):
                rows[-1].append(self.item())
            else:
                self.need("\\\\")
                if self.texts[self.position] != "\\end":
                    rows.append([self.item()])
        self.need("{")
        self.need(name)
        self.need("}")
        return ("list", "matrix", tuple(("list", "[", tuple(row)) for row in rows))
