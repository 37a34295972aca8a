"""`EnvMixture`: several ids behind one environment."""

from __future__ import annotations

from collections import Counter

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env

import rlvr_envs  # noqa: F401
from rlvr_envs.envs import EnvMixture
from rlvr_envs.vector import make_llm_vector_env
from task_generators import catalog

IDS = ["rlvr/math.gcd-v0", "rlvr/math.addition-v0"]


def test_it_keeps_the_contract_of_gymnasium(recwarn):
    check_env(EnvMixture(IDS))
    assert not [warning for warning in recwarn if "spec" not in str(warning.message)]


def test_ids_are_drawn_by_weight_and_by_seed():
    env = EnvMixture(IDS, [3, 1], level=2)
    kinds = Counter(env.reset(seed=seed)[1]["kind"] for seed in range(400))
    assert 260 < kinds["math.gcd"] < 340
    assert kinds.total() == 400
    again = EnvMixture(IDS, [3, 1], level=2)
    assert [env.reset(seed=s)[1] for s in range(20)] == [again.reset(seed=s)[1] for s in range(20)]
    assert len({env.reset()[1]["task_id"] for _ in range(50)}) == 50


def test_a_solution_earns_its_reward_and_tasks_can_be_asked_for():
    env = EnvMixture(IDS)
    env.reset(seed=1)
    assert env.step(env.task.solution)[1:3] == (1.0, True)
    task = catalog.task("math.lcm@1:train:3:5")
    assert env.reset(options={"task_id": task.id})[0] == task.prompt
    assert env.reset(options={"task": task.to_dict()})[0] == task.prompt


def test_groups_in_a_mixed_batch_share_their_task():
    envs = gymnasium.make_vec("rlvr/math-v0", num_envs=12, ids=IDS, weights=[1, 1])
    prompts, infos = envs.reset(seed=5, options={"group_size": 3})
    assert all(len(set(prompts[i : i + 3])) == 1 for i in range(0, 12, 3))
    assert set(infos["kind"]) == {"math.gcd", "math.addition"}
    solutions = [env.task.solution for env in envs.envs]
    assert envs.step(solutions)[1].tolist() == [1.0] * 12


@pytest.mark.parametrize(
    ("ids", "weights", "words"),
    [
        ([], None, "list of environment ids"),
        ("rlvr/math-v0", None, "list of environment ids"),
        (IDS, [1], "one positive weight"),
        (IDS, [1, 0], "one positive weight"),
        (IDS, [1, float("nan")], "one positive weight"),
    ],
)
def test_bad_mixtures_say_what_is_wanted(ids, weights, words):
    with pytest.raises(ValueError, match=words):
        EnvMixture(ids, weights)


def test_weights_without_ids_and_tasks_of_no_family_are_refused():
    with pytest.raises(ValueError, match="go with ids"):
        make_llm_vector_env(2, weights=[1, 2])
    with pytest.raises(ValueError, match="malformed task id"):
        EnvMixture(IDS).reset(options={"task_id": "x"})
    with pytest.raises(ValueError, match="no environment of this mixture"):
        EnvMixture(IDS).reset(options={"task_id": "code.sort@1:train:3:5"})
