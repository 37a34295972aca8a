"""The one seeding rule: streams share nothing, and everything can be rebuilt."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rlvr_envs.envs.language_env import LanguageEnv
from task_generators import SPLITS, Mixture, Task, TaskId, TaskIdError, UnknownKindError, catalog
from task_generators.seeding import MAX_INDEX, draw_index, item_rng, split_of

ADDITION = catalog.get("math.addition")


def first(stream):
    return stream.integers(2**62)


def test_every_part_of_the_address_changes_the_stream():
    base = ("math.addition", 1, "train", 3, 17)
    others = [
        ("math.gcd", *base[1:]),
        (base[0], 2, *base[2:]),
        (*base[:2], "eval", *base[3:]),
        (*base[:3], 4, 17),
        (*base[:4], 18),
    ]
    values = [first(item_rng(*address)) for address in (base, *others)]
    assert len(set(values)) == len(values)
    assert first(item_rng(*base)) == values[0]


def test_streams_are_the_same_on_every_machine():
    assert first(item_rng("math.addition", 1, "train", 3, 17)) == 1310084512315490883
    assert ADDITION.task("train", 3, 17).id == "math.addition@1:train:3:17"


@pytest.mark.parametrize("index", [0, 1, 2**31, 2**32 - 1, 2**32, 2**32 + 1, MAX_INDEX - 1])
def test_streams_follow_the_documented_rule(index):
    rule = np.random.default_rng([0x524C5652, zlib.crc32(b"math.gcd@7"), 1, 4, index])
    np.testing.assert_array_equal(item_rng("math.gcd", 7, "eval", 4, index).random(9), rule.random(9))


def test_neighbours_share_nothing():
    """In a space of 10^16 questions, no two of 3,000 neighbouring indices and levels are equal."""
    prompts = [ADDITION.task(split, 9, index).prompt for split in SPLITS for index in range(1000)]
    assert len(set(prompts)) == len(prompts)
    streams = [item_rng("math.addition", 1, "train", level, index) for level in range(10) for index in range(100)]
    numbers = [number for stream in streams for number in stream.integers(2**62, size=3).tolist()]
    assert len(set(numbers)) == len(numbers)


def test_seeds_of_an_environment_share_no_item():
    env = LanguageEnv(kind="addition", level=9)
    met = {}
    for seed in range(60):
        ids = [env.reset(seed=seed)[1]["task_id"], *(env.reset()[1]["task_id"] for _ in range(20))]
        for task_id in ids:
            assert met.setdefault(task_id, seed) == seed
    assert len(met) == 60 * 21


@pytest.mark.parametrize("kind", ["math.gcd", "math.addition"])
def test_splits_are_disjoint_where_the_space_is_small(kind):
    generator = catalog.get(kind)
    prompts = {split: {generator.task(split, 0, index).prompt for index in range(3000)} for split in SPLITS}
    assert len(prompts["train"]) < 3000, "the space must be small enough that the test means something"
    assert not prompts["train"] & prompts["eval"]
    assert not prompts["train"] & prompts["test"]
    assert not prompts["eval"] & prompts["test"]


@given(st.tuples(st.integers(), st.text(max_size=5), st.tuples(st.integers())))
def test_split_of_names_a_split(params):
    assert split_of(params) in SPLITS
    assert split_of(params) == split_of(params)


def test_split_shares():
    shares = np.array([[split_of((i,)) == split for split in SPLITS] for i in range(8000)]).mean(axis=0)
    assert shares == pytest.approx([0.75, 0.125, 0.125], abs=0.02)


def test_items_are_random_access():
    assert next(ADDITION.items("eval", 4, 1000)) == ADDITION.task("eval", 4, 1000)
    far = ADDITION.task("train", 4, MAX_INDEX - 1)
    assert catalog.task(far.id) == far


@given(st.integers(0, 2**32))
def test_drawn_indices_are_in_range(seed):
    assert 0 <= draw_index(np.random.default_rng(seed)) < MAX_INDEX


@pytest.mark.parametrize(
    ("split", "level", "index"),
    [
        ("dev", 3, 0),
        ("train", -1, 0),
        ("train", 10, 0),
        ("train", 2.0, 0),
        ("train", True, 0),
        ("train", 3, -1),
        ("train", 3, MAX_INDEX),
        ("train", 3, 1.0),
        ("train", 3, "0"),
        (None, 3, 0),
        ("train", None, 0),
        ("train", 3, None),
    ],
)
def test_bad_addresses_are_refused(split, level, index):
    with pytest.raises(ValueError, match="split|level|index"):
        ADDITION.task(split, level, index)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "math.gcd",
        "math.gcd@1:train:3",
        "math.gcd@1:train:3:17:0",
        "math.gcd@x:train:3:17",
        "math.gcd@1:dev:3:17",
        "math.gcd@1:train:3:-1",
        "math.gcd@1:train:3:9007199254740992",
        " math.gcd@1:train:3:17",
        "math.gcd@1:train:3:17\n",
        "math.gcd@1:train:3:1_7",
        "math.gcd@\u0661:train:3:17",
        "math@1:train:3:17",
        "Math.gcd@1:train:3:17",
        "x" * 10**6,
        None,
        5,
        b"math.gcd@1:train:3:17",
    ],
)
def test_malformed_task_ids_are_refused(text):
    with pytest.raises(TaskIdError) as error:
        TaskId.parse(text)
    assert len(str(error.value)) < 500


@given(st.sampled_from(catalog.kinds()), st.sampled_from(SPLITS), st.integers(0, 9), st.integers(0, MAX_INDEX - 1))
def test_task_ids_round_trip(kind, split, level, index):
    task_id = TaskId(kind, 1, split, level, index)
    assert TaskId.parse(str(task_id)) == task_id


def test_a_task_of_another_version_is_refused():
    with pytest.raises(TaskIdError, match="version 99"):
        catalog.task("math.gcd@99:train:3:17")


def test_a_task_of_an_unknown_kind_or_level_is_refused():
    with pytest.raises(UnknownKindError, match=r"did you mean math\.gcd"):
        catalog.task("math.gcdd@1:train:3:17")
    with pytest.raises(ValueError, match="level 77"):
        catalog.task("math.gcd@1:train:77:17")


def test_tasks_survive_dicts():
    task = ADDITION.task("test", 5, 5)
    assert Task.from_dict(task.to_dict()) == task
    for bad in ({**task.to_dict(), "more": 1}, {"id": task.id}):
        with pytest.raises(ValueError, match="not a task"):
            Task.from_dict(bad)


def test_mixture_weights():
    mixture = Mixture({"math.addition": 3.0, "math.gcd": 1.0}, levels=[0, 1])
    rng = np.random.default_rng(0)
    drawn = [mixture.draw(rng) for _ in range(2000)]
    assert np.mean([task.kind == "math.addition" for task in drawn]) == pytest.approx(0.75, abs=0.04)
    assert np.mean([task.level for task in drawn]) == pytest.approx(0.5, abs=0.05)


def test_a_draw_advances_the_stream_equally_whatever_is_drawn():
    states = []
    for kinds in (["math.addition"], ["math.addition", "math.gcd"]):
        rng = np.random.default_rng(1)
        Mixture(kinds, levels=[0, 5]).draw(rng)
        states.append(rng.bit_generator.state)
    assert states[0] == states[1]


@pytest.mark.parametrize(
    ("kinds", "levels", "split"),
    [
        ([], 3, "train"),
        (["math.nope"], 3, "train"),
        ({"math.gcd": 0.0}, 3, "train"),
        ({"math.gcd": -1.0}, 3, "train"),
        ({"math.gcd": float("nan")}, 3, "train"),
        ({"math.gcd": float("inf")}, 3, "train"),
        (["math.gcd"], [], "train"),
        (["math.gcd"], [3, 99], "train"),
        (["math.gcd"], 3, "dev"),
    ],
)
def test_bad_mixtures_are_refused(kinds, levels, split):
    with pytest.raises(ValueError):
        Mixture(kinds, levels, split)
