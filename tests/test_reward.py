"""Reward schemes."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlvr_envs.core.reward import Turn, binary, reward_scheme
from rlvr_envs.core.verdict import Verdict

RIGHT = Verdict.correct()
WRONG = Verdict.failed("wrong_answer")
MALFORMED = Verdict.failed("no_answer")
PARTIAL = Verdict.graded(0.25, components={"quality": 0.75})


def turn(verdict, number=0, last=True, responses=("12",), canonical=lambda text: text.strip() or None):
    return Turn(verdict, number, last, responses, canonical)


@pytest.mark.parametrize(
    ("scheme", "right", "partial", "wrong"),
    [("binary", 1.0, 0.0, 0.0), ("graded", 1.0, 0.25, 0.0), ("quality", 1.0, 0.75, 0.0)],
)
def test_bases(scheme, right, partial, wrong):
    pay = reward_scheme(scheme)
    assert [pay(turn(verdict)) for verdict in (RIGHT, PARTIAL, WRONG)] == [right, partial, wrong]


@pytest.mark.parametrize("number", range(4))
def test_turn_discount(number):
    pay = reward_scheme("binary+turn_discount(0.5)")
    assert pay(turn(RIGHT, number)) == 0.5**number
    assert pay(turn(WRONG, number)) == 0.0


def test_repetition_penalty_at_the_end_only():
    pay = reward_scheme("binary+repetition_penalty(0.5)")
    same, mixed = ("7", " 7 ", "7"), ("7", "8", "7")
    assert pay(turn(WRONG, 2, True, same)) == pytest.approx(-0.5 * (1 - 1 / 3))
    assert pay(turn(WRONG, 2, True, mixed)) == pytest.approx(-0.5 * (1 - 2 / 3))
    assert pay(turn(RIGHT, 2, True, ("7", "8", "9"))) == 1.0
    assert pay(turn(WRONG, 1, False, same[:2])) == 0.0


def test_format_bonus_pays_for_readable_answers_only():
    pay = reward_scheme("binary+format(0.1)")
    assert pay(turn(RIGHT)) == pytest.approx(1.1)
    assert pay(turn(WRONG)) == pytest.approx(0.1)
    assert pay(turn(MALFORMED)) == 0.0


@pytest.mark.parametrize(("length", "value"), [(10, 1.0), (80, 1.0), (90, 0.5), (100, 0.0), (10_000, 0.0)])
def test_length_penalty(length, value):
    pay = reward_scheme("binary+length(100, 20)")
    assert pay(turn(RIGHT, responses=("x" * length,))) == pytest.approx(value)


def test_modifiers_apply_from_left_to_right():
    first = reward_scheme("binary+format(0.5)+turn_discount(0.5)")
    last = reward_scheme("binary+turn_discount(0.5)+format(0.5)")
    assert first(turn(RIGHT, 1)) == 0.75
    assert last(turn(RIGHT, 1)) == 1.0


def test_a_function_is_a_scheme():
    def mine(turn):
        return 3.0

    assert reward_scheme(mine) is mine


@pytest.mark.parametrize("spec", ["binary", "graded+turn_discount(0.9)+repetition_penalty(0.1)"])
def test_schemes_can_be_pickled(spec):
    pay = reward_scheme(spec)
    copy = pickle.loads(pickle.dumps(pay))  # noqa: S301
    assert copy(turn(RIGHT, 2)) == pay(turn(RIGHT, 2))


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "none",
        "binary+",
        "binary+bonus(1)",
        "binary+turn_discount",
        "binary+turn_discount()",
        "binary+turn_discount(1,2)",
        "binary+turn_discount(x)",
        "binary+turn_discount(nan)",
        "binary+turn_discount(inf)",
        "turn_discount(0.5)",
        "binary graded",
        "binary+graded",
        "binary+turn_discount(0.5",
        "binary+length(5)",
        None,
        5,
    ],
)
def test_bad_specs_are_refused_by_name(spec):
    with pytest.raises(ValueError, match=r"reward (scheme|modifier)"):
        reward_scheme(spec)


@given(st.floats(0, 1), st.integers(0, 50))
def test_a_discount_never_pays_more_than_it_was_given(score, number):
    verdict = Verdict.graded(score)
    assert 0 <= reward_scheme("graded+turn_discount(0.5)")(turn(verdict, number)) <= score


def test_answers_are_canonical():
    assert turn(WRONG, responses=(" a", "a ", "")).answers == ("a", "a", None)


def test_binary_pays_nothing_for_almost():
    assert binary(turn(Verdict.graded(0.999999))) == 0.0
