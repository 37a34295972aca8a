"""`UnicodeText`."""

from __future__ import annotations

import pickle
import time

import gymnasium
import pytest
from gymnasium.spaces.utils import flatten_space
from gymnasium.vector.utils import batch_space, create_shared_memory
from hypothesis import given
from hypothesis import strategies as st

from rlvr_envs.spaces import UnicodeText


@given(st.text())
def test_it_holds_all_strings(text):
    assert text in UnicodeText()
    assert (text in UnicodeText(max_length=5)) == (len(text) <= 5)


@pytest.mark.parametrize("value", [None, b"text", 5, ["a"], ("a",), object()])
def test_it_holds_nothing_else(value):
    assert value not in UnicodeText()


def test_lone_surrogates_and_nul_are_strings():
    assert "\ud800\x00" in UnicodeText()


def test_membership_does_not_read_the_text():
    space, text = UnicodeText(), "x" * 50_000_000
    start = time.process_time()
    for _ in range(1000):
        assert text in space
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize("length", [None, 0, 1, 5, 10**9])
def test_samples_are_members(length):
    space = UnicodeText(length, seed=0)
    samples = [space.sample() for _ in range(300)]
    assert all(sample in space for sample in samples)
    assert len(set(samples)) > 1 or length == 0


def test_equal_seeds_give_equal_samples():
    one, two, other = UnicodeText(seed=1), UnicodeText(seed=1), UnicodeText(seed=2)
    assert [one.sample() for _ in range(20)] == [two.sample() for _ in range(20)]
    assert [one.sample() for _ in range(20)] != [other.sample() for _ in range(20)]


def test_masks_are_refused():
    with pytest.raises(ValueError, match="mask"):
        UnicodeText().sample(mask="abc")
    with pytest.raises(ValueError, match="mask"):
        UnicodeText().sample(probability="abc")


def test_negative_lengths_are_refused():
    with pytest.raises(ValueError, match="-1"):
        UnicodeText(-1)


def test_equality_repr_and_pickle():
    assert UnicodeText() == UnicodeText(seed=5)
    assert UnicodeText(5) != UnicodeText()
    assert len({UnicodeText(), UnicodeText(), UnicodeText(5)}) == 2
    assert repr(UnicodeText()) == "UnicodeText()"
    assert repr(UnicodeText(5)) == "UnicodeText(max_length=5)"
    assert pickle.loads(pickle.dumps(UnicodeText(5))) == UnicodeText(5)  # noqa: S301


def test_json():
    space = UnicodeText()
    assert space.from_jsonable(space.to_jsonable(["a", "\u4e2d"])) == ["a", "\u4e2d"]


def test_it_is_not_gymnasiums_text():
    """Gymnasium's shared memory silently returns constants for subclasses of its `Text`."""
    assert not isinstance(UnicodeText(), gymnasium.spaces.Text)
    assert not UnicodeText().is_np_flattenable


def test_shared_memory_fails_loudly():
    with pytest.raises((TypeError, ValueError, NotImplementedError, gymnasium.error.CustomSpaceError)):
        create_shared_memory(UnicodeText(), n=2)
    with pytest.raises((TypeError, ValueError, NotImplementedError)):
        flatten_space(UnicodeText())


def test_batches_are_tuples():
    batched = batch_space(UnicodeText(), 3)
    assert ("a", "b", "c") in batched
    assert ("a", "b") not in batched
