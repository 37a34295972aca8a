"""The math verifier: what must count as the same answer, and what must not (the equivalence contract of the family)."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rlvr_envs.families import get_verifier
from rlvr_envs.families.math.exact import Ratio, equal, evaluate
from rlvr_envs.families.math.syntax import LimitFault, SyntaxFault, clean, parse
from task_generators import Task

VERIFIER = get_verifier("math")


def task_of(kind, key, **more):
    reference = {"type": kind, "answer": key, **more}
    return Task("math.x@1:train:0:0", "math", "math.x", "train", 0, 0, "?", reference, f"<answer>{key}</answer>")


def judge(kind, key, answer, **more):
    return VERIFIER.verify(task_of(kind, key, **more), f"<answer>{answer}</answer>")


# (type, key, more of the reference, what must be equal, what must not)
CONTRACT = [
    ("integer", "1234567", {},
     ["1234567", "1,234,567", "1\\,234\\,567", "1{,}234{,}567", "1.234567\\times10^6", "1.234567 * 10^6", "+1234567",
      "1234567.0", "１２３４５６７", "$1234567$", "**1234567**", "\\text{1234567}", "x = 1234567", "1234567.",
      "(1234567)", "01234567", "1234567, 1234567", "x = 1234567 or x = 1234567", "`1234567`"],
     ["1234568", "-1234567", "123456", "12345678", "1234567.1", "1,23,4567", "1 234 568", "1234566 + 1",
      "1234567, 1234568", "1234567 or 7", "not 1234567", "between 1 and 1234567", "1234567 x", "1234567^1",
      "1.234567", "1e6", "{1234567, 0}"]),
    ("integer", "-7", {},
     ["-7", "\u22127", "\u20137", "- 7", "(-7)", "-7.00", "x=-7"],
     ["7", "--7", "-7%", "-0.7", "-70", "~7", "+7", "7-"]),
    ("integer", "0", {},
     ["0", "-0", "0.0", "+0", "000"],
     ["1", "0/0", "", "o", "O", "()", "null", "nan", "1/0", "zero"]),
    ("integer", str(10**30), {},
     ["1" + "0" * 30, "1 \\times 10^{30}"],
     ["10^{30}+1", "1 \\times 10^{31}", "1" + "0" * 29 + "1"]),
    ("rational", "7/4", {},
     ["7/4", "\\frac{7}{4}", "\\tfrac74", "\\dfrac{7}{4}", "\\frac74", "1\\frac34", "1 3/4", "1.75", "1.750", "14/8",
      "175\\%", "175%", "7 / 4", "(7/4)", "x = 7/4", "7\\div4", "\\frac{-7}{-4}", "+7/4"],
     ["4/7", "-7/4", "7/5", "1.74", "1.7500001", "7.4", "74", "7,4", "1 1/4", "3/4", "7//4", "7/4/1", "1 + 3/4",
      "7/4, 4/7", "\\frac{7}{4}\\frac{1}{2}", "17/4", "1.75%"]),
    ("rational", "-7/4", {},
     ["-7/4", "-\\frac{7}{4}", "\\frac{-7}{4}", "\\frac{7}{-4}", "7/-4", "-1 3/4", "-1\\frac34", "-1.75",
      "\u22127/4"],
     ["7/4", "-1 + 3/4", "-4/7", "-1.25", "1 - 3/4", "--7/4"]),
    ("rational", "1/3", {},
     ["1/3", "2/6", "\\frac{1}{3}"],
     ["0.3333", "0.33", "3", "33%", "1/3 + 0"]),
    ("rational", "7/4", {"reduced": True},
     ["7/4", "\\frac{7}{4}", "\\frac74", "(7)/(4)"],
     ["14/8", "\\frac{14}{8}", "21/12"]),
    ("rational", "-7/4", {"reduced": True},
     ["-7/4", "\\frac{-7}{4}", "-\\frac{7}{4}"],
     ["-14/8", "7/4", "14/-8"]),
    ("rational", "5", {"reduced": True},
     ["5", "5.0", "+5"],
     ["10/2", "5/1", "25/5"]),
    ("rational", "25", {"percent": True},
     ["25", "25%", "25\\%", "25 %", "25.0%"],
     ["0.25", "1/4", "2500%", "24%"]),
    ("rational", "1/4", {},
     ["0.25", "25%", "25\\%"],
     ["25", "0.25%", "4"]),
    ("decimal", "3.14", {},
     ["3.14", "3.140", "157/50", "3.14.", "+3.14"],
     ["3.1", "3.15", "3.141", "3,14", "314", ".314"]),
    ("decimal", "3.14", {"tolerance": "0.01"},
     ["3.14", "3.15", "3.13", "22/7"],
     ["3.151", "3.1299", "-3.14", "314"]),
    ("decimal", "1234.5", {},
     ["1234.5", "1,234.5", "1{,}234.50"],
     ["12,34.5", "1.2345", "1,2345"]),
    ("tuple", "(1, 1/2)", {},
     ["(1, 1/2)", "(1,\\frac12)", "(1,0.5)", "\\left(1,1/2\\right)", "1, 1/2", "[1, 0.5]", "(x, y) = (1, 1/2)",
      "x = 1, y = 1/2", "y = 1/2, x = 1", "x = 1 and y = 1/2", "\\langle 1, 1/2 \\rangle"],
     ["(1/2, 1)", "(1, 1/2, 0)", "(1)", "1", "(1, 2)", "(1, -1/2)", "x = 1/2, y = 1", "(1, 1/2), (1, 1/2)", "1 1/2",
      "(0+1, 1/2)", "\\{1, 1/2\\}", "{1/2, 1}", "x = 1, x = 1/2", "(1, 1/2) or (1/2, 1)"]),
    ("tuple", "[[1, 2], [3, 4]]", {},
     ["[[1,2],[3,4]]", "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
      "\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\\\ \\end{bmatrix}", "((1,2),(3,4))", "[1,2],[3,4]", "[[1, 2],\n [3, 4]]",
      "[[1.0, 2], [3, 4]]", "\\left[\\begin{array}{cc}1&2\\\\3&4\\end{array}\\right]",
      "\\left[\\begin{matrix}1 & 2\\\\3 & 4\\end{matrix}\\right]"],
     ["[[1,3],[2,4]]", "[1,2,3,4]", "[[1,2]]", "[[1,2],[3,4],[5,6]]", "[[1,2],[3,4,0]]", "[[3,4],[1,2]]",
      "[[1,2],[3,5]]", "\\begin{pmatrix}1&3\\\\2&4\\end{pmatrix}", "\\begin{pmatrix}1&2&3&4\\end{pmatrix}",
      "[[1,2],[3,4]], [[1,2],[3,4]]"]),
    ("set", "{1, 2, 3}", {},
     ["{1, 2, 3}", "\\{1,2,3\\}", "{3,1,2}", "1,2,3", "1, 2 and 3", "1, 2, and 3", "x=1 or x=2 or x=3",
      "x = 1, 2, 3", "\\left\\{3, 2, 1\\right\\}", "x_1 = 1, x_2 = 2, x_3 = 3"],
     ["{1,2}", "{1,2,3,4}", "1", "{1, 2, -3}", "1,2", "123", "{}", "1 or 2", "{{1,2,3}, {1}}", "6"]),
    ("set", "{-2, 2}", {},
     ["{-2, 2}", "2, -2", "-2 and 2", "\\pm 2", "x = \\pm2", "\u00b12"],
     ["2", "-2", "{2}", "\\pm 3", "{0, 2}"]),
    ("set", "{-1/2, 3}", {},
     ["{3, -0.5}", "x = -\\frac{1}{2} or x = 3", "3, -1/2"],
     ["{1/2, 3}", "{-1/2, -3}", "{-2, 3}", "5/2"]),
    ("multiset", "2, 2, 3", {},
     ["2, 2, 3", "2*2*3", "2^2*3", "2^2 \\cdot 3", "2^{2} \\times 3", "3, 2, 2", "[2, 2, 3]", "2 \u00d7 2 \u00d7 3",
      "2^2, 3", "2**2 * 3"],
     ["2, 3", "2, 2, 3, 1", "12", "4, 3", "2, 2, 2, 3", "2^3*3", "2, 6", "-2, -2, 3", "1*12", "24/2"]),
    ("digits", "ff", {"base": 16},
     ["ff", "FF", "0xff", "ff_{16}", "FF_16", "(ff)_{16}", "00ff"],
     ["255", "fe", "f", "ff_8", "0bff", "ff.0", "gg", "f,f", "11111111"]),
    ("digits", "101", {"base": 2},
     ["101", "0b101", "101_2", "101_{2}", "0101"],
     ["5", "102", "101_3", "1010", "-101", "1+100", "101.0"]),
    ("polynomial", "x^2 + 4x + 4", {},
     ["x^2 + 4x + 4", "4 + 4x + x^2", "x**2+4*x+4", "x^{2}+4x+4", "x\u00b2 + 4x + 4", "x^2+4\\cdot x+4",
      "y = x^2+4x+4", "1x^2+4x^1+4", "(x^2+4x+4)"],
     ["x^2+4x-4", "y^2+4y+4", "x^2+4x", "(x+2)^2", "x(x+4)+4", "(x+2)(x+2)", "x^2+2x+2x+4", "4(x+1)+x^2",
      "x^2+4x+3+1", "x^2+4x+4, 0", "x^3+4x^2+4x", "X^2+4X+4", "x*x+4x+4", "x^2+4x+4 or x^2",
      "x^{1+1}+4x+4"]),
    ("expression", "x^2 + 4x + 4", {},
     ["(x+2)^2", "x(x+4)+4", "(x+2)(x+2)", "(x+2)^3/(x+2)", "4(1 + x + \\frac{x^2}{4})", "(-x-2)^2", "x^2 + 4x + 4",
      "y = (x+2)^2"],
     ["x^2+4x-4", "(y+2)^2", "(x+2)^2 + 1", "(x-2)^2", "(x+2)^3", "2(x+2)", "(x+2)^2, (x-2)^2", "x^2 + 4", "4"]),
    ("ratio", "(x + 1)/(x - 2)", {},
     ["(x+1)/(x-2)", "\\frac{x+1}{x-2}", "\\dfrac{x + 1}{x - 2}", "(-x-1)/(2-x)", "\\frac{1+x}{-2+x}"],
     ["(x^2+x)/(x^2-2x)", "x+1/x-2", "(x-2)/(x+1)", "(x+1)/(x+2)", "((x+1)(x+3))/((x-2)(x+3))", "(x+1)(x-2)",
      "-(x+1)/(x-2)"]),
    ("target", "(3 + 4)*5 - 1", {"numbers": [3, 4, 5, 1], "target": 34},
     ["(3 + 4)*5 - 1", "5*(4+3)-1", "(3+4)\\times 5 - 1", "5(3+4) - 1 = 34", "(3+4) \u00d7 5 \u2212 1",
      "((3+4)*5)-1"],
     ["34", "35 - 1", "(3+4)*5", "(3+4)*5-1-1+1", "3+4+5+1", "(3+4)*5-1 = 35", "(3+4)*5 - x", "17*2", "(3.0+4)*5-1",
      "34^1", "(3+4)*5/1 - 1 + 0", "5*7 - 1"]),
]  # fmt: skip

EQUAL = [(kind, key, more, answer) for kind, key, more, same, _ in CONTRACT for answer in same]
DIFFERENT = [(kind, key, more, answer) for kind, key, more, _, other in CONTRACT for answer in other]


@pytest.mark.parametrize(("kind", "key", "more", "answer"), EQUAL)
def test_must_be_equal(kind, key, more, answer):
    verdict = judge(kind, key, answer, **more)
    assert verdict.success, f"{verdict.failure}: {verdict.detail}"


@pytest.mark.parametrize(("kind", "key", "more", "answer"), DIFFERENT)
def test_must_differ(kind, key, more, answer):
    verdict = judge(kind, key, answer, **more)
    assert verdict.score == 0.0
    assert not verdict.invalid, f"{verdict.failure}: {verdict.detail}"


def test_labels_of_a_tuple_are_not_put_in_another_order_than_asked():
    """`Give (x, y, z, w)`: the alphabet has w first."""
    assert judge("tuple", "(-15, 8, 6, 21)", "x = -15, y = 8, z = 6, w = 21").success
    assert not judge("tuple", "(-15, 8, 6, 21)", "w = -15, x = 8, y = 6, z = 21").success


@pytest.mark.parametrize(("kind", "key", "more", "same", "other"), CONTRACT)
def test_canonical_texts_are_equal_for_equal_answers_only(kind, key, more, same, other):
    if kind in ("target", "ratio"):  # no canonical form is claimed for these
        return
    task = task_of(kind, key, **more)
    # A common factor above and below a fraction line is left where it is.
    accepted = [a for a in same if judge(kind, key, a, **more).success and "/(x" not in a]
    wanted = VERIFIER.canonical(task, task.solution)
    if not more.get("tolerance"):
        assert {VERIFIER.canonical(task, f"<answer>{a}</answer>") for a in accepted} == {wanted}
    wrong = [a for a in other if judge(kind, key, a, **more).failure == "wrong_answer"]
    assert wanted not in {VERIFIER.canonical(task, f"<answer>{a}</answer>") for a in wrong}


@pytest.mark.parametrize(
    ("answer", "failure"),
    [("", "empty_answer"), ("five", "unparsed_answer"), ("1 or 2", "ambiguous_answer"), ("9" * 3000, "over_limit"),
     ("6", "wrong_answer"), ("((", "unparsed_answer"), ("2 + 3", "unparsed_answer")],
)  # fmt: skip
def test_failures_say_why(answer, failure):
    assert judge("integer", "5", answer).failure == failure


@pytest.mark.parametrize(
    "reference",
    [
        {},
        {"type": "integer"},
        {"type": "nope", "answer": "5"},
        {"type": "integer", "answer": "abc"},
        {"type": "integer", "answer": 5},
        {"type": "expression", "answer": "1/0"},
        {"type": "set", "answer": "{x, y}"},
        {"type": "integer", "answer": "1, 2"},
    ],
)
def test_a_reference_that_cannot_be_read_is_our_fault(reference):
    task = Task("math.x@1:train:0:0", "math", "math.x", "train", 0, 0, "?", reference, "")
    assert VERIFIER.verify(task, "<answer>6</answer>").invalid


@pytest.mark.parametrize("response", [None, b"<answer>5</answer>", 5, ["<answer>5</answer>"], object()])
def test_what_is_not_text_is_malformed(response):
    verdict = VERIFIER.verify(task_of("integer", "5"), response)
    assert (verdict.status, verdict.failure) == ("malformed", "not_text")


def test_a_str_subclass_is_text():
    class Text(str):
        pass

    assert VERIFIER.verify(task_of("integer", "5"), Text("<answer>5</answer>")).success


# ---- numbers in several styles

FRACTIONS = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=1000)


def number_styles(value):
    sign, top, bottom = "-" if value < 0 else "", abs(value.numerator), value.denominator
    if bottom > 1:
        yield f"{sign}{top}/{bottom}"
        yield f"{sign}\\frac{{{top}}}{{{bottom}}}"
        yield f"\\dfrac{{{sign}{top}}}{{{bottom}}}"
        yield f"${sign}{7 * top}/{7 * bottom}$"
        yield f"x = {sign}{top} / {bottom}"
    if top > bottom and bottom > 1:
        yield f"{sign}{top // bottom} {top % bottom}/{bottom}"
        yield f"{sign}{top // bottom}\\frac{{{top % bottom}}}{{{bottom}}}"
    if 10**6 % bottom == 0:
        scaled = top * 10**6 // bottom
        yield f"{sign}{scaled // 10**6}.{scaled % 10**6:06d}"
        digits = str(scaled)
        yield f"{sign}{digits[0]}.{digits[1:] or 0} \\times 10^{{{len(digits) - 7}}}"
        yield f"{sign}{digits[0]}.{digits[1:] or 0}*10^{len(digits) - 7}"
    if bottom == 1:
        yield f"{sign}{top}"
        yield f"{sign}{top:,}"
        yield f"{sign}{top}.0"


@settings(max_examples=300, deadline=None)
@given(FRACTIONS, st.data())
def test_a_fraction_in_any_style(value, data):
    style = data.draw(st.sampled_from(list(number_styles(value))))
    assert judge("rational", str(value), style).success


@settings(max_examples=300, deadline=None)
@given(FRACTIONS, FRACTIONS, st.data())
def test_another_fraction_in_any_style(value, other, data):
    assume(value != other)
    style = data.draw(st.sampled_from(list(number_styles(other))))
    assert judge("rational", str(value), style).failure == "wrong_answer"


@settings(max_examples=200, deadline=None)
@given(FRACTIONS, st.integers(1, 10**9))
def test_a_near_miss_of_any_size(value, size):
    assert not judge("rational", str(value), str(value + Fraction(1, size))).success


@settings(max_examples=200, deadline=None)
@given(st.lists(FRACTIONS, min_size=1, max_size=5, unique=True), st.randoms())
def test_sets_in_any_order(values, random):
    key = "{" + ", ".join(map(str, values)) + "}"
    random.shuffle(values)
    styled = [random.choice(list(number_styles(value))) for value in values]
    styled = [text.replace("$", "").replace("x = ", "") for text in styled if not text.count(",")] or [str(values[0])]
    assume(len(styled) == len(values))
    assert judge("set", key, "\\{" + ", ".join(styled) + "\\}").success
    assert not judge("set", key, ", ".join([*styled, "1234567891"])).success
    if len(values) > 1:
        assert not judge("set", key, ", ".join(styled[1:])).success


@settings(max_examples=200, deadline=None)
@given(st.lists(FRACTIONS, min_size=2, max_size=5), st.randoms())
def test_tuples_keep_their_order(values, random):
    key = f"({', '.join(map(str, values))})"
    assert judge(
        "tuple",
        key,
        "\\left("
        + ", ".join(f"\\frac{{{v.numerator}}}{{{v.denominator}}}" if v.denominator > 1 else str(v) for v in values)
        + "\\right)",
    ).success
    shuffled = list(values)
    random.shuffle(shuffled)
    assert judge("tuple", key, f"({', '.join(map(str, shuffled))})").success == (shuffled == values)
    assert not judge("tuple", key, f"({', '.join(map(str, [*values, 0]))})").success


MATRICES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(-99, 99), min_size=width, max_size=width), min_size=2, max_size=4)
)


@settings(max_examples=100, deadline=None)
@given(MATRICES, st.sampled_from(["pmatrix", "bmatrix", "matrix"]))
def test_matrices(rows, name):
    body = " \\\\ ".join(" & ".join(map(str, row)) for row in rows)
    assert judge("tuple", str(rows), f"\\begin{{{name}}} {body} \\end{{{name}}}").success
    assert judge(
        "tuple", str(rows), str(rows).replace(" ", "").replace("[", "(").replace("]", ")").replace(",)", ")")
    ).success or any(len(row) == 1 for row in rows)
    changed = [list(row) for row in rows]
    changed[-1][-1] += 1
    assert not judge("tuple", str(rows), str(changed)).success
    transposed = [list(column) for column in zip(*rows, strict=True)]
    assert judge("tuple", str(rows), str(transposed)).success == (transposed == rows)


# ---- polynomials in several styles

POLYNOMIALS = st.dictionaries(
    st.tuples(st.integers(0, 6), st.integers(0, 3)), st.integers(-30, 30).filter(bool), min_size=1, max_size=6
)


def term(powers, coefficient, style):
    letters = [name if power == 1 else f"{name}^{power}" for name, power in zip("xy", powers, strict=True) if power]
    times = {"plain": "", "starred": "*", "latex": " \\cdot "}[style]
    parts = ([str(abs(coefficient))] if abs(coefficient) != 1 or not letters else []) + letters
    return times.join(parts)


def render(poly, style, order):
    text = ""
    for powers in order:
        sign = "-" if poly[powers] < 0 else "+" if text else ""
        text += f" {sign} {term(powers, poly[powers], style)}"
    text = text.strip()
    return text.replace("^", "**") if style == "starred" else text


@settings(max_examples=300, deadline=None)
@given(POLYNOMIALS, st.randoms(), st.sampled_from(["plain", "starred", "latex"]))
def test_a_polynomial_in_any_style(poly, random, style):
    key = render(poly, "plain", sorted(poly, reverse=True))
    order = list(poly)
    random.shuffle(order)
    assert judge("polynomial", key, render(poly, style, order)).success
    assert judge("expression", key, f"({render(poly, style, order)})*(x+1)/(1+x)").success
    changed = {**poly, order[0]: poly[order[0]] + (1 if poly[order[0]] != -1 else 2)}
    assert judge("polynomial", key, render(changed, style, order)).failure == "wrong_answer"
    assert judge("expression", key, render(changed, style, order)).failure == "wrong_answer"


@settings(max_examples=150, deadline=None)
@given(POLYNOMIALS, POLYNOMIALS)
def test_a_product_is_equal_to_its_expansion_but_not_expanded(one, two):
    left, right = (render(p, "plain", sorted(p, reverse=True)) for p in (one, two))
    product = {}
    for (a, b), c in one.items():
        for (d, e), f in two.items():
            product[a + d, b + e] = product.get((a + d, b + e), 0) + c * f
    product = {powers: c for powers, c in product.items() if c}
    key = render(product, "plain", sorted(product, reverse=True))
    assert judge("expression", key, f"({left})({right})").success
    if len(one) > 1 or len(two) > 1:
        assert judge("polynomial", key, f"({left})({right})").failure == "wrong_form"


# ---- the exact evaluator against SymPy, on trees and never on strings


def trees():
    numbers = st.fractions(-9, 9, max_denominator=6).map(lambda v: ("neg", num(-v)) if v < 0 else num(v))
    leaves = numbers | st.sampled_from("xyz").map(lambda name: ("var", name))

    def grow(inner):
        signs = st.lists(st.tuples(st.sampled_from("+-"), inner), min_size=2, max_size=3)
        products = st.lists(st.tuples(st.sampled_from("*/"), inner), min_size=1, max_size=2)
        return st.one_of(
            inner.map(lambda tree: ("neg", tree)),
            signs.map(lambda terms: ("add", (("+", terms[0][1]), *terms[1:]))),
            st.tuples(inner, products).map(lambda pair: ("mul", (("*", pair[0]), *pair[1]))),
            st.tuples(inner, st.integers(-3, 4)).map(lambda pair: ("pow", pair[0], signed(pair[1]))),
            inner.map(lambda tree: ("percent", tree)),
        )

    return st.recursive(leaves, grow, max_leaves=8)


def num(value):
    return ("num", Fraction(value), str(value))


def signed(power):
    return ("neg", num(-power)) if power < 0 else num(power)


def to_sympy(tree):
    """The same value, built from SymPy objects; ZeroDivisionError where a divisor is zero."""
    kind = tree[0]
    if kind == "num":
        return sympy.Rational(tree[1].numerator, tree[1].denominator)
    if kind == "var":
        return sympy.Symbol(tree[1])
    if kind == "neg":
        return -to_sympy(tree[1])
    if kind == "add":
        return sum((to_sympy(part) * (1 if sign == "+" else -1) for sign, part in tree[1]), sympy.Integer(0))
    if kind == "mul":
        total = sympy.Integer(1)
        for op, part in tree[1]:
            value = to_sympy(part)
            total = total * value if op == "*" else total / nonzero(value)
        return total
    if kind == "pow":
        base, power = to_sympy(tree[1]), int(to_sympy(tree[2]))
        return (nonzero(base) if power < 0 else base) ** power
    if kind == "percent":
        return to_sympy(tree[1]) / 100
    raise AssertionError(kind)


def nonzero(value):
    if sympy.cancel(value) == 0:
        raise ZeroDivisionError
    return value


def from_poly(poly):
    return sum(
        (
            sympy.Rational(c.numerator, c.denominator)
            * sympy.prod([sympy.Symbol(name) ** power for name, power in monomial])
            for monomial, c in poly.items()
        ),
        sympy.Integer(0),
    )


def exact_or_none(tree):
    try:
        return evaluate(tree)
    except LimitFault:
        return None


@settings(max_examples=300, deadline=None)
@given(trees())
def test_exact_values_against_sympy(tree):
    try:
        wanted = to_sympy(tree)
    except ZeroDivisionError:
        with pytest.raises((SyntaxFault, LimitFault)):
            evaluate(tree)
        return
    value = exact_or_none(tree)
    assume(value is not None)
    if isinstance(value, Ratio):
        found = from_poly(value.num) / from_poly(value.den)
        assert sympy.cancel(wanted - found) == 0
    else:
        assert wanted == sympy.Rational(value.numerator, value.denominator)


@settings(max_examples=200, deadline=None)
@given(trees(), trees())
def test_equality_against_sympy(one, two):
    try:
        wanted = sympy.cancel(to_sympy(one) - to_sympy(two)) == 0
    except ZeroDivisionError:
        return
    a, b = exact_or_none(one), exact_or_none(two)
    assume(a is not None and b is not None)
    assert equal(a, b) == wanted


def write(tree):
    kind = tree[0]
    if kind == "num":
        return f"({tree[1].numerator}/{tree[1].denominator})" if tree[1].denominator > 1 else str(tree[1])
    if kind == "var":
        return tree[1]
    if kind == "neg":
        return f"(-{write(tree[1])})"
    if kind == "add":
        return "(" + "".join(f" {sign} {write(part)}" for sign, part in tree[1]).removeprefix(" + ") + ")"
    if kind == "mul":
        return "(" + "".join(f" {op} {write(part)}" for op, part in tree[1]).removeprefix(" * ") + ")"
    if kind == "pow":
        return f"({write(tree[1])}^{{{write(tree[2])}}})"
    return f"({write(tree[1])}\\%)"


@settings(max_examples=300, deadline=None)
@given(trees())
def test_reading_what_was_written(tree):
    """Text and tree have one value: signs, precedence and brackets are read as they are written."""
    try:
        value = evaluate(tree)
    except (SyntaxFault, LimitFault):
        return
    assert equal(evaluate(parse(clean(write(tree)))), value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2+3*4", 14),
        ("2*3^2", 18),
        ("-2^2", -4),
        ("(-2)^2", 4),
        ("2^3^2", 512),
        ("2^-1", Fraction(1, 2)),
        ("6/2*3", 9),
        ("6/2(3)", 9),
        ("8-3-2", 3),
        ("8/4/2", 1),
        ("-3^2+1", -8),
        ("2(3)(4)", 24),
        ("\\frac12\\frac34", Fraction(3, 8)),
        ("\\frac{1}{2}^2", Fraction(1, 4)),
        ("\\sqrt{49}", 7),
        ("50\\%", Fraction(1, 2)),
        ("2*-3", -6),
        ("--3", 3),
        ("1 1/2", Fraction(3, 2)),
        ("\\sqrt{\\frac{4}{9}}", Fraction(2, 3)),
        ("49^{1/2}", 7),
        ("10\\%^2", Fraction(1, 100)),
    ],
)
def test_precedence(text, value):
    assert evaluate(parse(clean(text))) == value


@settings(max_examples=500, deadline=None)
@given(
    st.text("0123456789+-*/^().,={}[]xy\\ $%_&;fracsqrtbegin", max_size=60),
    st.sampled_from([row[:3] for row in CONTRACT]),
)
def test_any_text_gets_a_verdict(text, row):
    kind, key, more = row
    verdict = judge(kind, key, text, **more)
    assert verdict.score in (0.0, 1.0)
    assert not verdict.invalid, f"{verdict.failure}: {verdict.detail}"


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_any_unicode_gets_a_verdict(text):
    for kind, key, more, _, _ in CONTRACT:
        assert not judge(kind, key, text, **more).invalid


@pytest.mark.parametrize(
    ("kind", "key", "more", "answer"),
    [
        *[("integer", "3", {}, text) for text in ("27/9", "\\frac{27}{9}", "27 \\div 9", "30 * 10^{-1}", "-27/-9")],
        ("rational", "58", {"reduced": True}, "192270/3315"),
        ("rational", "58", {"reduced": True}, "1922.7/33.15"),
        ("rational", "-12", {}, "-84/7"),
        ("rational", "7/4", {}, "1.75/1"),
        ("set", "{-16, -30}", {}, "-32/2, -60/2"),
        ("tuple", "(6, -7)", {}, "(-12/-2, 14/-2)"),
        ("tuple", "[[47, 94]]", {}, "[[94/2, 188/2]]"),
        *[
            ("rational", "4/3", {"reduced": True}, text)
            for text in ("60/45, 60/45", "[60/45]", "-(-(60/45))", "60/45 or 4/3", "1 15/45", "1\\frac{15}{45}")
        ],
        ("rational", "-3/2", {"reduced": True}, "-1.5"),
        ("rational", "-3/2", {"reduced": True}, "-150%"),
        ("polynomial", "110x^4 - 32x^3", {}, "(5*22)x^4 - (4*8)x^3"),
        ("polynomial", "56x - 9", {}, "{28*2}x-9"),
        ("ratio", "(x - 11)/(5x - 11)", {}, "((2x-22)/2)/((10x-22)/2)"),
        ("ratio", "(x - 11)/(5x - 11)", {}, "1/5 - (44/5)/(5x-11)"),
        ("ratio", "x - 35", {}, "(2x-70)/2"),
        ("multiset", "3, 3, 7", {}, "2^0*3^2*7"),
    ],
)
def test_a_last_step_left_undone_does_not_pay(kind, key, more, answer):
    assert judge(kind, key, answer, **more).failure == "wrong_form"


@pytest.mark.parametrize(
    ("kind", "key", "answer"),
    [
        ("polynomial", "2016x^10 - 3x^9", "2016x¹⁰ - 3x⁹"),
        ("integer", "45379620", "45,\\!379,\\!620"),
        ("integer", "45379620", "x = 45,379,620"),
        ("integer", "-53", "\u201153"),
        ("integer", "10016", "**10016**."),
        ("integer", "10016", "10016,"),
        ("tuple", "[[1072, 2]]", "[[1{,}072, 2]]"),
        ("tuple", "(6, -7)", "（6，-7）"),
        ("multiset", "3, 3, 7", "3,3,7,"),
        ("tuple", "(8, 8)", "8, 8"),
    ],
)
def test_right_answers_as_models_write_them(kind, key, answer):
    assert judge(kind, key, answer).success


def test_superscripts_of_two_digits_are_one_power():
    assert not judge("ratio", "(x - 11)/(5x - 11)", "(x¹⁷ - 11)/(5x¹⁰ - 11)").success
