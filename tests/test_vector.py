"""`LLMVectorEnv` beyond what `rlvr_envs.testing.check_vector_env` holds for every id."""

from __future__ import annotations

import asyncio

import gymnasium
import numpy as np
import pytest
from gymnasium.error import ResetNeeded
from gymnasium.vector import AutoresetMode, SyncVectorEnv

import rlvr_envs  # noqa: F401
from rlvr_envs.envs.language_env import LanguageEnv
from rlvr_envs.families.math.verifier import MathVerifier
from rlvr_envs.vector import LLMVectorEnv
from rlvr_envs.vector.infos import batch_infos

ENV = "rlvr/math.gcd-v0"
WRONG = "<answer>-1</answer>"


def make(n=4, **kwargs):
    return gymnasium.make_vec(ENV, num_envs=n, **kwargs)


def solutions(vector):
    return [env.task.solution for env in vector.envs]


def test_make_vec_gives_ours():
    vector = make(3, level=5)
    assert isinstance(vector.unwrapped, LLMVectorEnv)
    assert vector.num_envs == 3
    assert vector.metadata["autoreset_mode"] is AutoresetMode.DISABLED
    observations, infos = vector.reset(seed=1)
    assert observations in vector.observation_space
    assert infos["level"].tolist() == [5, 5, 5]


def test_gymnasiums_own_vectors_work_too():
    vector = gymnasium.make_vec(ENV, num_envs=2, vectorization_mode="sync")
    assert isinstance(vector, SyncVectorEnv)
    assert vector.reset(seed=4)[0] == make(2).reset(seed=4)[0]


def test_a_seed_is_counted_up_by_environment_and_by_group():
    single = [LanguageEnv(kind="gcd").reset(seed=10 + i)[0] for i in range(4)]
    assert list(make(4).reset(seed=10)[0]) == single
    grouped, _ = make(4).reset(seed=10, options={"group_size": 2})
    assert list(grouped) == [single[0], single[0], single[1], single[1]]


def test_a_list_of_seeds():
    single = [LanguageEnv(kind="gcd").reset(seed=seed)[0] for seed in (5, 9)]
    assert list(make(2).reset(seed=[5, 9])[0]) == single
    assert list(make(4).reset(seed=[5, 9], options={"group_size": 2})[0]) == [single[0]] * 2 + [single[1]] * 2
    assert list(make(4).reset(seed=[5, 7, 9, 7], options={"group_size": 2})[0]) == [single[0]] * 2 + [single[1]] * 2


def test_rewards_are_per_environment():
    vector = make(4)
    vector.reset(seed=1)
    right = solutions(vector)
    _, rewards, terminated, truncated, infos = vector.step([right[0], WRONG, right[2], ""])
    assert rewards.tolist() == [1.0, 0.0, 1.0, 0.0]
    assert rewards.dtype == np.float64
    assert terminated.all()
    assert not truncated.any()
    assert infos["status"].tolist() == ["correct", "wrong", "correct", "malformed"]
    assert infos["success"].tolist() == [True, False, True, False]


def test_episodes_that_are_over_take_none():
    vector = make(3, max_turns=2)
    vector.reset(seed=1)
    right = solutions(vector)
    vector.step([right[0], WRONG, WRONG])
    observations, rewards, terminated, _, infos = vector.step([None, right[1], WRONG])
    assert observations[0] == ""
    assert rewards.tolist() == [0.0, 1.0, 0.0]
    assert terminated.all()
    assert infos["_task_id"].tolist() == [False, True, True]
    with pytest.raises(ResetNeeded, match="reset_mask"):
        vector.step([WRONG, None, None])
    _, rewards, terminated, _, infos = vector.step([None] * 3)
    assert rewards.tolist() == [0.0] * 3
    assert terminated.all()
    assert infos == {}


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_none_for_a_running_episode_is_a_malformed_answer(mode):
    vector = make(2, autoreset_mode=mode)
    vector.reset(seed=1)
    _, rewards, terminated, _, infos = vector.step([None, WRONG])
    assert rewards.tolist() == [0.0, 0.0]
    final = infos.get("final_info", infos)
    assert final["failure"].tolist() == ["not_text", "wrong_answer"]
    assert terminated.all()


def test_same_step_keeps_what_ended():
    vector = make(2, autoreset_mode=AutoresetMode.SAME_STEP)
    first, _ = vector.reset(seed=1)
    observations, rewards, terminated, _, infos = vector.step([solutions(vector)[0], WRONG])
    assert rewards.tolist() == [1.0, 0.0]
    assert terminated.all()
    assert infos["final_obs"].tolist() == ["", ""]
    assert infos["final_info"]["status"].tolist() == ["correct", "wrong"]
    assert infos["status"].tolist() == ["", ""]
    assert all(new != old for new, old in zip(observations, first, strict=True))


def test_next_step_ignores_the_action_after_an_end():
    vector = make(2, autoreset_mode=AutoresetMode.NEXT_STEP)
    vector.reset(seed=1)
    vector.step([WRONG, WRONG])
    _, rewards, terminated, _, infos = vector.step(["<answer>ignored</answer>", "ignored"])
    assert rewards.tolist() == [0.0, 0.0]
    assert not terminated.any()
    assert infos["turn"].tolist() == [0, 0]


def test_our_failures_truncate():
    class Crashes(MathVerifier):
        def judge(self, task, answer):
            raise OSError("no space left")

    vector = LLMVectorEnv([lambda: LanguageEnv(kind="gcd"), lambda: LanguageEnv(kind="gcd", verifier=Crashes())])
    vector.reset(seed=1)
    _, rewards, terminated, truncated, infos = vector.step(solutions(vector))
    assert rewards.tolist() == [1.0, 0.0]
    assert (terminated.tolist(), truncated.tolist()) == ([True, False], [False, True])
    assert infos["invalid"].tolist() == [False, True]


def test_groups_reset_as_a_whole():
    vector = make(4)
    vector.reset(seed=1, options={"group_size": 2})
    vector.step([WRONG] * 4)
    with pytest.raises(ValueError, match="whole groups"):
        vector.reset(options={"reset_mask": np.array([True, False, False, False])})
    with pytest.raises(ValueError, match="whole groups"):
        vector.reset(options={"reset_mask": np.array([False, True, False, False])})
    _, infos = vector.reset(options={"reset_mask": np.array([True, True, False, False])})
    assert infos["task_id"][0] == infos["task_id"][1]
    assert infos["_group"].tolist() == [True, True, False, False]
    vector.reset()
    assert len(set(vector.reset()[1]["task_id"])) == 4, "a full reset without group_size has no groups"


def test_a_refused_reset_changes_nothing():
    vector = make(4)
    vector.reset(seed=1)
    right = solutions(vector)
    for bad in ({"group_size": 3}, {"reset_mask": [True] * 3}, {"task_ids": ["math.gcd@1:train:0:0"]}, {"levle": 1}):
        with pytest.raises(ValueError):
            vector.reset(options=bad)
    assert vector.step(right)[1].tolist() == [1.0] * 4


@pytest.mark.parametrize(
    ("kwargs", "says"),
    [
        ({"seed": [1, 2, 3]}, "seed must hold 4"),
        ({"seed": "abcd"}, "seed must hold 4"),
        ({"seed": 1.5}, "seed must hold 4"),
        ({"options": {"group_size": 3}}, "divides num_envs=4, got 3"),
        ({"options": {"group_size": 0}}, "got 0"),
        ({"options": {"group_size": 2.0}}, "got 2.0"),
        ({"options": {"task_ids": ["math.gcd@1:train:0:0"]}}, "task_ids must hold 4"),
        ({"options": {"reset_mask": [True, False, True]}}, "shape (4,)"),
        ({"options": {"reset_mask": np.zeros(4, bool)}}, "with a True"),
        ({"options": {"reset_mask": np.ones(4, int)}}, "bool array"),
        (
            {"options": {"group_size": 2, "reset_mask": np.array([True, True, False, False])}},
            "all environments are reset",
        ),
        ({"options": {"levle": 3}}, "unknown reset option"),
        ({"options": {"level": 99}}, "levels 0 to 9"),
    ],
)
def test_bad_resets_are_refused_by_name(kwargs, says):
    vector = make(4)
    vector.reset(seed=0)
    with pytest.raises(ValueError) as error:
        vector.reset(**kwargs)
    assert says in str(error.value)


@pytest.mark.parametrize("actions", ["abcd", [WRONG] * 3, [WRONG] * 5, [], b"abcd"])
def test_bad_actions_are_refused(actions):
    vector = make(4)
    vector.reset(seed=0)
    with pytest.raises(ValueError, match="sequence of 4 texts"):
        vector.step(actions)


def test_groups_need_no_autoreset():
    vector = make(4, autoreset_mode=AutoresetMode.NEXT_STEP)
    with pytest.raises(ValueError, match="needs autoreset_mode DISABLED"):
        vector.reset(options={"group_size": 2})


@pytest.mark.parametrize("mode", list(AutoresetMode))
def test_stepping_before_the_first_reset_is_refused(mode):
    with pytest.raises(ResetNeeded):
        make(2, autoreset_mode=mode).step([WRONG, WRONG])


@pytest.mark.parametrize("n", [0, -1, 1.5, "4"])
def test_bad_numbers_are_refused(n):
    from rlvr_envs.vector import make_llm_vector_env

    with pytest.raises(ValueError, match="num_envs"):
        make_llm_vector_env(num_envs=n, kind="gcd")


def test_send_and_recv_in_any_order():
    vector, stepped = make(4), make(4)
    vector.reset(seed=1)
    stepped.reset(seed=1)
    actions = [*solutions(vector)[:2], WRONG, ""]
    wanted = stepped.step(actions)
    got = {}
    for batch in ([3], [1, 0], [2]):
        vector.send([actions[i] for i in batch], batch)
        _, rewards, _, _, infos = vector.recv(min_ready=len(batch))
        for row, i in enumerate(infos["env_id"].tolist()):
            got[i] = (rewards[row], infos["status"][row], infos["task_id"][row])
    assert [got[i][0] for i in range(4)] == wanted[1].tolist()
    assert [got[i][1] for i in range(4)] == wanted[4]["status"].tolist()
    assert [got[i][2] for i in range(4)] == wanted[4]["task_id"].tolist()


def test_bad_sends_are_refused():
    vector = make(3)
    vector.reset(seed=1)
    for actions, ids in (([WRONG], [0, 1]), ([WRONG] * 2, [0, 0]), ([WRONG], [3]), ([WRONG], [-1]), ("a", [0])):
        with pytest.raises(ValueError):
            vector.send(actions, ids)
    vector.send([WRONG], [0])
    with pytest.raises(ValueError, match="in flight"):
        vector.send([WRONG], [0])
    with pytest.raises(ValueError, match="in flight"):
        vector.step([WRONG] * 3)
    for ready in (0, 2):
        with pytest.raises(ValueError, match="min_ready"):
            vector.recv(min_ready=ready)
    vector.recv()
    with pytest.raises(ValueError, match="min_ready"):
        vector.recv()
    with pytest.raises(ResetNeeded):
        vector.send([WRONG], [0])


def test_a_refused_send_sends_nothing():
    vector = make(2)
    vector.reset(seed=1)
    with pytest.raises(ValueError):
        vector.send([WRONG, WRONG], [0, 5])
    vector.step([WRONG, WRONG])


def test_reset_forgets_what_is_in_flight():
    vector = make(2)
    vector.reset(seed=1)
    vector.send([WRONG], [0])
    vector.reset(seed=2)
    assert vector.step(solutions(vector))[1].tolist() == [1.0, 1.0]


def test_astep_plays_episodes_as_coroutines():
    vector = make(4, max_turns=2)
    vector.reset(seed=1)

    async def episode(i):
        _, _, over, _, _ = await vector.astep(i, WRONG)
        assert not over
        return await vector.astep(i, vector.envs[i].task.solution)

    async def play():
        return await asyncio.gather(*map(episode, range(4)))

    results = asyncio.run(play())
    assert [result[1] for result in results] == [1.0] * 4
    with pytest.raises(ResetNeeded):
        asyncio.run(vector.astep(0, WRONG))


def test_spaces_must_agree():
    class Odd(LanguageEnv):
        def __init__(self):
            super().__init__(kind="gcd")
            self.action_space = gymnasium.spaces.Discrete(3)

    with pytest.raises(ValueError, match="spaces"):
        LLMVectorEnv([lambda: LanguageEnv(kind="gcd"), Odd])


def test_different_kinds_side_by_side():
    vector = LLMVectorEnv([lambda: LanguageEnv(kind="gcd"), lambda: LanguageEnv(kind="lcm", level=0)])
    _, infos = vector.reset(seed=3)
    assert infos["kind"].tolist() == ["math.gcd", "math.lcm"]
    assert vector.step(solutions(vector))[1].tolist() == [1.0, 1.0]


def test_render_call_and_close():
    vector = make(2, render_mode="ansi")
    observations, _ = vector.reset(seed=1)
    for text, obs in zip(vector.render(), observations, strict=True):
        assert obs in text
    assert vector.call("max_turns") == (1, 1)
    vector.close()
    vector.close()


def test_batch_infos_as_gymnasium_does_it():
    rows = [{"a": 1, "b": 0.5, "c": "x", "d": {"e": True}}, None, {"a": 2, "b": 1.5, "c": "y", "d": {}}]
    ours = batch_infos(rows)
    reference = gymnasium.vector.VectorEnv()
    reference.num_envs = 3
    theirs = {}
    for i, row in enumerate(rows):
        if row is not None:
            theirs = reference._add_info(theirs, row, i)
    assert ours.keys() == theirs.keys()
    for key in ("a", "b", "c", "_a", "_b", "_c", "_d"):
        assert ours[key].dtype == theirs[key].dtype
        assert ours[key].tolist() == theirs[key].tolist()
    assert ours["d"]["e"].tolist() == theirs["d"]["e"].tolist() == [True, False, False]
    assert ours["d"]["_e"].tolist() == [True, False, False]
