"""Every check of `rlvr_envs.testing` fails when it should: on kinds and environments that are broken on purpose."""

from __future__ import annotations

import json
import time

import broken_kinds as broken
import gymnasium
import pytest

from rlvr_envs.envs.language_env import LanguageEnv
from rlvr_envs.testing import (
    KIND_CHECKS,
    CheckFailure,
    Subject,
    check_deterministic,
    check_env,
    check_hostile,
    check_kind,
    check_no_leak,
    check_rollouts,
    check_seeds,
    check_vector_env,
    write_golden,
)
from rlvr_envs.testing.compare import difference
from rlvr_envs.testing.result import run_check
from rlvr_envs.vector.llm_vector_env import LLMVectorEnv
from task_generators import UnknownKindError


@pytest.fixture
def golden(tmp_path):
    path = tmp_path / "golden.json"
    write_golden([broken.Toy()], path)
    return path


def subject_of(generator, verifier=None, golden=None, **options):
    options = {"items": 200, "stall_seconds": 3.0, **options}
    return Subject(generator(), verifier and verifier(), golden_path=golden or "absent.json", **options)


@pytest.mark.parametrize("name", KIND_CHECKS)
def test_a_sound_kind_passes(name, golden):
    result = KIND_CHECKS[name](subject_of(broken.Toy, golden=golden))
    assert result.passed, result.detail
    assert (result.check, result.kind, result.detail) == (name, "math.toy", "")
    assert result.seconds >= 0


BROKEN_GENERATORS = [
    ("solution", broken.SolutionIsWrong, "own solution was judged wrong"),
    ("solution", broken.KeyIsSometimesWrong, "`solve_independently` disagrees"),
    ("solution", broken.TopLevelIsWrong, ":train:2:"),
    ("solution", broken.ReferenceIsUnreadable, "bad_reference|unparsed|disagrees"),
    ("no_free_reward", broken.AlwaysSeven, "same answer '7'"),
    ("no_free_reward", broken.OftenSeven, "constant answer '7'"),
    ("no_free_reward", broken.AnswerIsInPrompt, "the last integer of the prompt"),
    ("no_free_reward", broken.AnswerIsOftenTheLargest, "integer of the prompt"),
    ("deterministic", broken.DependsOnHashSeed, "fresh process with PYTHONHASHSEED="),
    ("deterministic", broken.DependsOnSetOrder, "fresh process with PYTHONHASHSEED="),
    ("deterministic", broken.DependsOnClock, "drawn a second time"),
    ("deterministic", broken.DependsOnProcess, "fresh process"),
    ("deterministic", broken.KeepsState, "drawn a second time"),
    ("deterministic", broken.UsesGlobalRandom, "global stream"),
    ("deterministic", broken.UsesGlobalNumpy, "global stream"),
    ("deterministic", broken.IsNotJson, "another one after"),
    ("deterministic", broken.CannotBePickled, "pickle"),
    ("splits", broken.SplitsAreTheSame, "both train and eval"),
    ("splits", broken.ParamsHoldTooMuch, "both train and eval"),
    ("splits", broken.HasTenQuestions, "by heart"),
    ("splits", broken.RepeatsNeighbours, "repeats its questions"),
    ("splits", broken.ForgetsHighBits, "repeats its questions"),
    ("no_leak", broken.PromptTells, "behind"),
    ("no_leak", broken.PromptHoldsReference, "holds the reference"),
    ("no_leak", broken.PromptHoldsSteps, "holds worked steps"),
    ("no_leak", broken.MetaTells, "behind"),
    ("no_leak", broken.HintTells, "gives the answer line"),
    ("difficulty", broken.LevelsAreEqual, "level 1 is not harder than level 0"),
    ("difficulty", broken.LastLevelIsEasier, "level 2 is not harder than level 1"),
]


@pytest.mark.parametrize(
    ("check", "generator", "says"), BROKEN_GENERATORS, ids=lambda value: getattr(value, "__name__", None)
)
def test_a_broken_kind_fails(check, generator, says, golden):
    result = KIND_CHECKS[check](subject_of(generator, golden=golden))
    assert not result.passed
    assert any(part in result.detail for part in says.split("|")), result.detail
    assert "math.toy" in result.detail


BROKEN_VERIFIERS = [
    ("no_free_reward", broken.Lenient, "it earned 1"),
    ("no_free_reward", broken.PaysSubstrings, "it earned 1"),
    ("no_free_reward", broken.PaysHedges, "offering a right and a wrong answer"),
    ("no_free_reward", broken.PaysEchoes, "the longest piece of the prompt"),
    ("no_free_reward", broken.PaysBytes, "being bytes"),
    ("no_free_reward", broken.PaysThinking, "thinking"),
    ("no_free_reward", broken.PaysTrying, "it earned 0.1"),
    ("hostile", broken.Evaluates, "it made a file"),
    ("hostile", broken.ComputesTowers, "gave no verdict in 3 s"),
    ("hostile", broken.Raises, "it raised KeyError"),
    ("hostile", broken.BlamesUs, "the verdict was invalid"),
    ("hostile", broken.IsSlow, "s of CPU time"),
    ("hostile", broken.LeavesFiles, "left files behind: log.txt"),
    ("hostile", broken.LeavesProcesses, "process(es) running"),
    ("hostile", broken.Exits, "ended the process (3)"),
    ("hostile", broken.PaysTheHostile, "it earned 1"),
    ("formatting", broken.ComparesTexts, "a right answer"),
    ("formatting", broken.RefusesDecimals, "zero decimal"),
    ("no_leak", broken.DetailTells, "holds the answer"),
]


@pytest.mark.parametrize(
    ("check", "verifier", "says"), BROKEN_VERIFIERS, ids=lambda value: getattr(value, "__name__", None)
)
def test_a_broken_verifier_fails(check, verifier, says, golden):
    result = KIND_CHECKS[check](subject_of(broken.Toy, verifier, golden))
    assert not result.passed
    assert says in result.detail, result.detail


def test_a_piece_of_the_prompt_that_pays_is_found(golden):
    result = KIND_CHECKS["no_free_reward"](subject_of(broken.PieceIsAnswer, broken.PaysEchoes, golden))
    assert "the best piece of the prompt" in result.detail


def test_failures_name_item_answer_and_remedy(golden):
    detail = KIND_CHECKS["no_free_reward"](subject_of(broken.Toy, broken.PaysHedges, golden)).detail
    assert "math.toy@1:train:0:0: answer '<answer>" in detail
    assert "Judge it so that" in detail


def test_a_hidden_canary_in_info_is_found(golden):
    class Leaky(LanguageEnv):
        def _info(self, new_messages):
            return {**super()._info(new_messages), "debug": dict(self.task.reference)}

    class LeakySubject(Subject):
        def make_env(self, **kwargs):
            return Leaky(kind="addition", **kwargs)

    result = check_no_leak(LeakySubject(broken.Toy(), items=100))
    assert "the info of reset holds reference or solution" in result.detail


@pytest.mark.parametrize(
    ("value", "says"), [({1, 2}, "not JSON-able"), (float("nan"), "not JSON-able")], ids=["set", "nan"]
)
def test_info_that_is_not_json_is_found(value, says):
    class Odd(LanguageEnv):
        def _info(self, new_messages):
            return {**super()._info(new_messages), "odd": value}

    class OddSubject(Subject):
        def make_env(self, **kwargs):
            return Odd(kind="addition", **kwargs)

    assert says in check_no_leak(OddSubject(broken.Toy(), items=100)).detail


def test_info_keys_that_change_are_found():
    class Odd(LanguageEnv):
        def _info(self, new_messages):
            info = super()._info(new_messages)
            return info if self.verdict is None else {**info, "more": 1}

    class OddSubject(Subject):
        def make_env(self, **kwargs):
            return Odd(kind="addition", **kwargs)

    assert "the keys of info differ" in check_no_leak(OddSubject(broken.Toy(), items=100)).detail


# ---- golden digests


def test_missing_golden_names_the_command(tmp_path):
    result = check_deterministic(subject_of(broken.Toy, golden=tmp_path / "none.json"))
    assert not result.passed
    assert f"rlvr check math.toy --write-golden --golden {tmp_path / 'none.json'}" in result.detail


def test_changed_tasks_need_a_new_version(golden):
    result = check_deterministic(subject_of(broken.NextVersion, golden=golden))
    assert not result.passed
    assert "Raise `version` to 2" in result.detail


def test_a_raised_version_is_missing_until_written(golden):
    assert "has no golden digests" in check_deterministic(subject_of(broken.NextVersionRaised, golden=golden)).detail
    assert write_golden([broken.NextVersionRaised()], golden) == []
    assert check_deterministic(subject_of(broken.NextVersionRaised, golden=golden)).passed
    assert list(json.loads(golden.read_text())) == ["math.toy@2"]


def test_write_golden_tells_what_it_replaces(golden):
    assert write_golden([broken.Toy()], golden) == []
    assert write_golden([broken.NextVersion()], golden) == ["math.toy@1"]


@pytest.mark.parametrize("text", ["{", "[]", '{"math.toy@1": 5}'])
def test_a_damaged_golden_file_is_a_failure(golden, text):
    golden.write_text(text)
    result = check_deterministic(subject_of(broken.Toy, golden=golden))
    assert not result.passed
    assert "not a file of golden digests" in result.detail


# ---- suite


def test_a_kind_that_cannot_be_loaded_fails_all_checks(monkeypatch):
    from task_generators import catalog

    monkeypatch.setitem(catalog._ENTRY_POINTS, "math.absent", "task_generators.math.absent:Absent")
    results = check_kind("math.absent")
    assert [result.check for result in results] == list(KIND_CHECKS)
    assert not any(result.passed for result in results)
    assert "ModuleNotFoundError" in results[0].detail


def test_an_unknown_kind_is_a_users_error():
    with pytest.raises(UnknownKindError):
        check_kind("math.nonsense")


def test_an_exception_in_a_check_is_a_failure():
    result = run_check("some", "math.toy", lambda: 1 / 0)
    assert not result.passed
    assert "could not finish: ZeroDivisionError" in result.detail


def test_the_hang_of_a_verifier_is_cut_short():
    start = time.monotonic()
    assert not check_hostile(subject_of(broken.Toy, broken.ComputesTowers, stall_seconds=1.0)).passed
    assert time.monotonic() - start < 30


# ---- environments


class ClockEnv(LanguageEnv):
    def _info(self, new_messages):
        return {**super()._info(new_messages), "clock": time.perf_counter_ns()}


class TruncatesEnv(LanguageEnv):
    def step(self, action):
        obs, reward, terminated, _, info = super().step(action)
        return obs, reward, terminated, True, info


class NoSeedEnv(LanguageEnv):
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return super().reset(options={"index": time.perf_counter_ns() % 2**50})


class AliasingEnv(LanguageEnv):
    """Seed s plays items s, s + 1, ..."""

    def reset(self, *, seed=None, options=None):
        self.next = seed if seed is not None else getattr(self, "next", 0) + 1
        return super().reset(seed=seed, options={"index": self.next, **(options or {})})


class FrozenEnv(LanguageEnv):
    def reset(self, *, seed=None, options=None):
        self.seed = seed if seed is not None else getattr(self, "seed", 0)
        return super().reset(seed=self.seed, options=options)


class WarnsEnv(LanguageEnv):
    def step(self, action):
        gymnasium.logger.warn("something odd")
        return super().step(action)


class ListEnv(LanguageEnv):
    def reset(self, *, seed=None, options=None):
        obs, info = super().reset(seed=seed, options=options)
        return [obs], info


@pytest.fixture
def register():
    ids = []

    def add(env, vector="rlvr_envs.vector.llm_vector_env:make_llm_vector_env", **kwargs):
        ids.append(f"broken/Toy{len(ids)}-v0")
        path = f"test_checks_can_fail:{env.__name__}"
        gymnasium.register(ids[-1], path, vector_entry_point=vector, kwargs={"kind": "addition"} | kwargs)
        return ids[-1]

    yield add
    for env_id in ids:
        del gymnasium.registry[env_id]


@pytest.mark.parametrize(
    ("env", "says"),
    [
        (ClockEnv, "check_env"),
        (TruncatesEnv, "check_env"),
        (NoSeedEnv, "check_env"),
        (AliasingEnv, "both draw|starts otherwise|again and again"),
        (FrozenEnv, "the same task again and again"),
        (WarnsEnv, "warn"),
        (ListEnv, "check_env"),
    ],
)
def test_a_broken_environment_fails(env, says, register):
    result = check_env(register(env))
    assert not result.passed
    assert any(part in result.detail.lower() for part in says.lower().split("|")), result.detail


def test_the_registered_toy_environment_passes(register):
    env_id = register(LanguageEnv)
    gymnasium.registry[env_id].disable_env_checker = True
    gymnasium.registry[env_id].order_enforce = False
    for result in (check_env(env_id), check_vector_env(env_id)):
        assert result.passed, result.detail


def test_rollouts_and_seeds_can_fail_alone():
    with pytest.raises(CheckFailure, match="differ at"):
        check_rollouts(lambda: ClockEnv(kind="addition"))
    with pytest.raises(CheckFailure, match="both draw"):
        check_seeds(lambda: AliasingEnv(kind="addition"))
    check_rollouts(lambda: LanguageEnv(kind="addition"))
    check_seeds(lambda: LanguageEnv(kind="addition"))


class LosesFinalObs(LLMVectorEnv):
    def _autoreset(self, i):
        result = super()._autoreset(i)
        return ("", *result[1:])


class IgnoresMask(LLMVectorEnv):
    def reset(self, *, seed=None, options=None):
        options = {k: v for k, v in (options or {}).items() if k != "reset_mask"}
        return super().reset(seed=seed, options=options)


class SwapsResults(LLMVectorEnv):
    def recv(self, min_ready=1, timeout=None):
        obs, rewards, terminated, truncated, infos = super().recv(min_ready, timeout)
        return obs, rewards[::-1], terminated, truncated, infos


class MixesGroups(LLMVectorEnv):
    def reset(self, *, seed=None, options=None):
        options = {k: v for k, v in (options or {}).items() if k != "group_size"}
        return super().reset(seed=seed, options=options)


class PaysTwice(LLMVectorEnv):
    def step(self, actions):
        obs, rewards, *rest = super().step(actions)
        return obs, 2 * rewards, *rest


def _maker(cls):
    def make(num_envs=1, autoreset_mode="Disabled", **kwargs):
        kwargs.pop("max_episode_steps", None)
        return cls([lambda: LanguageEnv(**kwargs)] * num_envs, autoreset_mode)

    return make


make_loses, make_ignores, make_swaps, make_mixes, make_pays = map(
    _maker, (LosesFinalObs, IgnoresMask, SwapsResults, MixesGroups, PaysTwice)
)


@pytest.mark.parametrize(
    ("maker", "says"),
    [
        ("make_loses", "observations"),
        ("make_ignores", "mask"),
        ("make_swaps", "recv gives"),
        ("make_mixes", "group"),
        ("make_pays", "rewards"),
    ],
)
def test_a_broken_vector_environment_fails(maker, says, register):
    env_id = register(LanguageEnv, vector=f"test_checks_can_fail:{maker}")
    gymnasium.registry[env_id].disable_env_checker = True
    gymnasium.registry[env_id].order_enforce = False
    result = check_vector_env(env_id)
    assert not result.passed
    assert says in result.detail, result.detail


# ---- comparison


def test_difference_sees_types_dtypes_and_depth():
    import numpy as np

    assert difference({"a": [1, "x"]}, {"a": [1, "x"]}) == ""
    assert "['a'][1]" in difference({"a": [1, "x"]}, {"a": [1, "y"]})
    assert difference(1, 1.0)
    assert difference(True, 1)
    assert difference({"a": 1}, {"b": 1})
    assert difference([1], [1, 2])
    assert difference(np.zeros(2, int), np.zeros(2, float))
    assert difference(np.zeros(2), np.zeros(3))
    assert difference(np.array([1.0, 2.0]), np.array([1.0, 3.0]))
    assert difference(np.array(["a", None], object), np.array(["a", "b"], object))
    assert difference(np.array(["a", None], object), np.array(["a", None], object)) == ""
