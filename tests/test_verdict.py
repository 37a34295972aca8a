"""`Verdict`: no contradiction and no NaN gets in."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlvr_envs.core.failures import DESCRIPTION, INVALID, MALFORMED, STATUS_OF, WRONG
from rlvr_envs.core.verdict import STATUSES, Verdict


def test_correct():
    verdict = Verdict.correct()
    assert (verdict.status, verdict.score, verdict.failure) == ("correct", 1.0, None)
    assert verdict.success
    assert not verdict.invalid


@pytest.mark.parametrize("failure", STATUS_OF)
def test_failed_takes_the_status_of_its_word(failure):
    verdict = Verdict.failed(failure)
    assert verdict.status == STATUS_OF[failure]
    assert verdict.score == 0.0
    assert not verdict.success
    assert verdict.invalid == (failure in INVALID)
    assert verdict.detail == DESCRIPTION[failure]


def test_the_vocabulary_is_closed_and_disjoint():
    assert len(STATUS_OF) == len(MALFORMED) + len(WRONG) + len(INVALID)
    assert set(STATUS_OF.values()) == {"malformed", "wrong", "invalid"}
    with pytest.raises(ValueError, match="unknown failure 'oops'"):
        Verdict.failed("oops")


@pytest.mark.parametrize(
    ("status", "score", "failure"),
    [
        ("correct", 0.0, None),
        ("correct", 0.999, None),
        ("correct", 1.0, "wrong_answer"),
        ("partial", 0.0, None),
        ("partial", 1.0, None),
        ("partial", 0.5, "wrong_answer"),
        ("wrong", 0.5, "wrong_answer"),
        ("wrong", 1.0, "wrong_answer"),
        ("wrong", 0.0, None),
        ("wrong", 0.0, "no_answer"),
        ("malformed", 0.0, "wrong_answer"),
        ("malformed", 0.0, None),
        ("invalid", 0.0, None),
        ("invalid", 0.0, "wrong_answer"),
        ("invalid", 1.0, "verifier_error"),
        ("right", 1.0, None),
        ("", 0.0, None),
        ("wrong", 0.0, "no such word"),
    ],
)
def test_contradictions_are_refused(status, score, failure):
    with pytest.raises(ValueError):
        Verdict(status, score, {}, failure)


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf, -0.1, 1.1, 1 + 1e-12])
@pytest.mark.parametrize("status", STATUSES)
def test_scores_outside_the_unit_interval_are_refused(status, score):
    with pytest.raises(ValueError):
        Verdict(status, score)
    with pytest.raises(ValueError):
        Verdict.graded(score)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_components_are_finite(value):
    with pytest.raises(ValueError, match="'quality'"):
        Verdict.correct(components={"quality": value})


@given(st.floats(0, 1))
def test_graded_gives_the_status_of_its_score(score):
    verdict = Verdict.graded(score)
    assert verdict.score == score
    assert verdict.status == ("correct" if score == 1 else "wrong" if score == 0 else "partial")


@given(st.text(max_size=1000))
def test_detail_is_one_printable_line(text):
    detail = Verdict.failed("wrong_answer", text).detail
    assert len(detail) <= 300
    assert detail.isprintable()
    assert json.loads(json.dumps(detail)) == detail


def test_it_is_frozen_and_survives_json():
    verdict = Verdict.graded(0.25, "so-so", {"quality": 0.25})
    with pytest.raises(AttributeError):
        verdict.score = 1.0
    assert Verdict(**json.loads(json.dumps(verdict.to_dict()))) == verdict


def test_the_score_is_a_float():
    assert type(Verdict("correct", 1).score) is float
    assert type(Verdict("wrong", False, {}, "wrong_answer").score) is float
