"""`LanguageEnv`: one conversation about one task."""

from __future__ import annotations

import json
import pickle

import gymnasium
import pytest
from gymnasium.error import ResetNeeded

import rlvr_envs
from rlvr_envs.core.verdict import Verdict
from rlvr_envs.core.verifier import Verifier
from rlvr_envs.envs.language_env import LanguageEnv
from rlvr_envs.families.math.verifier import MathVerifier
from task_generators import Task, catalog

ENV = "rlvr/math.gcd-v0"
WRONG = "<answer>-1</answer>"


def make(**kwargs):
    return LanguageEnv(**{"kind": "gcd", **kwargs})


def right(env):
    return env.task.solution


# ---- single turn


def test_reset_gives_the_prompt_and_the_messages():
    env = make()
    obs, info = env.reset(seed=7)
    assert obs == env.task.prompt
    assert obs in env.observation_space
    assert info["messages"] == [{"role": "system", "content": info["system"]}, {"role": "user", "content": obs}]
    assert "<answer>" in info["system"]
    assert catalog.task(info["task_id"]) == env.task
    assert (info["kind"], info["split"], info["level"], info["turn"]) == ("math.gcd", "train", 3, 0)


@pytest.mark.parametrize("correct", [True, False])
def test_an_answer_ends_a_single_turn_episode(correct):
    env = make()
    env.reset(seed=7)
    obs, reward, terminated, truncated, info = env.step(right(env) if correct else WRONG)
    assert (obs, reward, terminated, truncated) == ("", float(correct), True, False)
    assert (info["success"], info["invalid"], info["turn"]) == (correct, False, 1)
    assert info["status"] == ("correct" if correct else "wrong")
    assert info["failure"] == ("" if correct else "wrong_answer")
    assert info["messages"] == []


def test_through_gymnasium_make():
    env = gymnasium.make("rlvr_envs:rlvr/math-v0", kind="gcd", level=5, split="eval")
    _, info = env.reset(seed=1)
    assert (info["kind"], info["level"], info["split"]) == ("math.gcd", 5, "eval")
    assert env.spec.max_episode_steps is None


@pytest.mark.parametrize("env_id", rlvr_envs.env_ids())
def test_every_id_plays_its_solution(env_id):
    env = gymnasium.make(env_id)
    env.reset(seed=3)
    _, reward, terminated, truncated, _ = env.step(env.unwrapped.task.solution)
    assert (reward, terminated, truncated) == (1.0, True, False)


def test_info_has_the_same_keys_always_and_is_json():
    env = make(max_turns=2)
    _, first = env.reset(seed=7)
    infos = [first, env.step(WRONG)[4], env.step(WRONG)[4]]
    assert [list(info) for info in infos] == [list(first)] * 3
    assert json.loads(json.dumps(infos)) == infos


def test_infos_are_fresh_objects():
    env = make(max_turns=3)
    _, info = env.reset(seed=7)
    info["messages"][1]["content"] = "spoiled"
    info["components"]["spoiled"] = 1.0
    later = env.step(WRONG)[4]
    assert later["components"] == {}
    assert "spoiled" not in json.dumps(env.reset(seed=7)[1])


# ---- several turns


def test_a_wrong_answer_is_answered_until_the_turns_are_used_up():
    env = make(max_turns=3)
    env.reset(seed=7)
    for turn in (1, 2, 3):
        obs, reward, terminated, truncated, info = env.step(WRONG)
        assert (reward, terminated, truncated, info["turn"]) == (0.0, turn == 3, False, turn)
        assert bool(obs) == (turn < 3)
        assert info["messages"] == ([{"role": "user", "content": obs}] if turn < 3 else [])


def test_a_right_answer_ends_it_early():
    env = make(max_turns=3)
    env.reset(seed=7)
    env.step(WRONG)
    _, reward, terminated, _, info = env.step(right(env))
    assert (reward, terminated, info["turn"]) == (1.0, True, 2)


def test_unary_feedback_tells_nothing():
    env = make(max_turns=3)
    env.reset(seed=7)
    assert {env.step(WRONG)[0], env.step("no answer at all")[0]} == {"That is not right. Let's try again."}


def test_verdict_feedback_tells_why():
    env = make(max_turns=4, feedback="verdict")
    env.reset(seed=7)
    said = [env.step(response)[0] for response in (WRONG, "no answer at all", "<answer>1 or 2</answer>")]
    assert len(set(said)) == 3
    assert "holds no final answer" in said[1]
    assert "several different answers" in said[2]


def test_hint_feedback_gives_steps_but_never_the_answer():
    env = make(max_turns=30, feedback="hint", level=9)
    env.reset(seed=7)
    steps = env.task.solution.split("\n")[:-1]
    said = [env.step(WRONG)[0] for _ in range(29)]
    assert steps[0] in said[0]
    assert len(said[1]) > len(said[0])
    given = {step for step in steps if any(step in text for text in said)}
    assert len(given) <= len(steps) // 2
    assert not any("<answer>" in text for text in said)


def test_feedback_can_be_a_function():
    seen = []

    def feedback(task, verdict, tries):
        seen.append((task.id, verdict.status, tries))
        return f"Try {tries + 1}"

    env = make(max_turns=3, feedback=feedback)
    _, info = env.reset(seed=7)
    assert env.step(WRONG)[0] == "Try 2"
    assert env.step("?")[0] == "Try 3"
    assert seen == [(info["task_id"], "wrong", 1), (info["task_id"], "malformed", 2)]


def test_rewards_of_a_scheme():
    env = make(max_turns=3, reward="binary+turn_discount(0.5)")
    env.reset(seed=7)
    env.step(WRONG)
    env.step(WRONG)
    assert env.step(right(env))[1] == 0.25


def test_repetition_is_counted_on_canonical_answers():
    env = make(max_turns=3, reward="binary+repetition_penalty(0.3)")
    env.reset(seed=7)
    rewards = [env.step(response)[1] for response in ("<answer>-1</answer>", "\\boxed{-1.0}", "Answer: -1.00")]
    assert rewards == [0.0, 0.0, pytest.approx(-0.3 * (1 - 1 / 3))]


def test_a_function_can_be_the_reward():
    env = make(reward=lambda turn: 5.0 if turn.verdict.success else -1.0)
    env.reset(seed=7)
    assert env.step(WRONG)[1] == -1.0
    env.reset()
    assert env.step(right(env))[1] == 5.0


# ---- our own failures


class Crashes(MathVerifier):
    def judge(self, task, answer):
        raise RuntimeError("the disk is full")


class Loses(Verifier):
    def judge(self, task, answer):
        return Verdict.failed("worker_lost")


@pytest.mark.parametrize(
    ("verifier", "failure", "detail"),
    [(Crashes(), "verifier_error", "the disk is full"), (Loses(), "worker_lost", "was lost")],
    ids=["crash", "lost worker"],
)
@pytest.mark.parametrize("max_turns", [1, 3])
@pytest.mark.parametrize("reward", ["binary", "binary+format(0.5)", "graded+repetition_penalty(0.5)"])
def test_our_failure_truncates_and_pays_nothing(verifier, failure, detail, max_turns, reward):
    env = make(verifier=verifier, max_turns=max_turns, reward=reward)
    env.reset(seed=7)
    _, value, terminated, truncated, info = env.step(right(env))
    assert (value, terminated, truncated) == (0.0, False, True)
    assert (info["invalid"], info["success"], info["status"], info["failure"]) == (True, False, "invalid", failure)
    assert detail in info["detail"]
    with pytest.raises(ResetNeeded):
        env.step("")


def test_a_scheme_of_the_users_is_not_asked_about_our_failures():
    def scheme(turn):
        raise AssertionError("asked")

    env = make(verifier=Crashes(), reward=scheme)
    env.reset(seed=7)
    assert env.step(WRONG)[1] == 0.0


# ---- bad input from the policy


@pytest.mark.parametrize(
    ("response", "failure"),
    [("", "no_answer"), (" ", "no_answer"), ("x" * 1_000_000, "no_answer"), ("x" * 5_000_000, "over_limit"),
     ("<answer>" + "9" * 60_000 + "</answer>", "over_limit"), (None, "not_text"), (b"<answer>1</answer>", "not_text"),
     (12, "not_text"), ({"text": "<answer>1</answer>"}, "not_text"), ("<answer>\ud800</answer>", "unparsed_answer"),
     ("<answer></answer>", "empty_answer"), ("<answer>1 or 2</answer>", "ambiguous_answer")],
)  # fmt: skip
@pytest.mark.parametrize("max_turns", [1, 2])
def test_what_is_no_answer_is_malformed(response, failure, max_turns):
    env = make(max_turns=max_turns, feedback="verdict", reward="binary+repetition_penalty(0.0)", render_mode="ansi")
    env.reset(seed=7)
    obs, reward, terminated, truncated, info = env.step(response)
    assert (reward, terminated, truncated) == (0.0, max_turns == 1, False)
    assert (info["status"], info["failure"]) == ("malformed", failure)
    assert isinstance(obs, str)
    assert isinstance(env.render(), str)


def test_stepping_without_an_episode_is_refused():
    env = make()
    with pytest.raises(ResetNeeded):
        env.step(WRONG)
    env.reset(seed=7)
    env.step(WRONG)
    with pytest.raises(ResetNeeded):
        env.step(WRONG)
    env.reset()
    env.step(WRONG)


# ---- options


def test_options_of_reset():
    env = LanguageEnv()
    assert env.reset(options={"kind": "lcm"})[1]["kind"] == "math.lcm"
    assert (
        env.reset(options={"kind": "math.lcm", "level": 7, "split": "test", "index": 5})[1]["task_id"]
        == "math.lcm@1:test:7:5"
    )
    assert env.reset(options={"index": 4})[1]["task_id"].endswith(":4")
    assert env.reset(options={"task_id": "math.gcd@1:eval:2:9"})[1]["task_id"] == "math.gcd@1:eval:2:9"
    task = catalog.task("math.gcd@1:eval:2:9")
    for form in (task, task.to_dict(), json.loads(json.dumps(task.to_dict()))):
        assert env.reset(options={"task": form})[0] == task.prompt
    assert env.task == task


def test_options_hold_for_one_episode():
    env = make(level=2)
    env.reset(options={"level": 8})
    assert env.reset()[1]["level"] == 2


def test_a_task_of_ones_own_is_played():
    task = Task(
        "math.mine@1:train:0:0", "math", "math.mine", "train", 0, 0, "1 + 1?", {"type": "integer", "answer": "2"}, ""
    )
    env = make()
    assert env.reset(options={"task": task})[0] == "1 + 1?"
    assert env.step("<answer>2</answer>")[1] == 1.0


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"kind": "nope"}, "unknown task kind 'math.nope'"),
        ({"kind": "gdc"}, "did you mean math.gcd"),
        ({"kind": "code.gcd"}, "unknown task kind"),
        ({"level": 10}, "levels 0 to 9"),
        ({"level": -1}, "levels 0 to 9"),
        ({"level": "3"}, "levels 0 to 9"),
        ({"split": "dev"}, "train, eval, test"),
        ({"index": -1}, "index -1"),
        ({"index": 2**53}, "index"),
        ({"index": 1.5}, "index 1.5"),
        ({"task_id": "math.gcd@1:train:3"}, "malformed task id"),
        ({"task_id": "math.gcd@1:train:99:3"}, "level 99"),
        ({"task_id": "math.nope@1:train:3:3"}, "unknown task kind"),
        ({"task_id": None}, "malformed task id"),
        ({"task_id": "math.gcd@1:train:3:3", "level": 3}, "goes with no other"),
        ({"task": None}, "plays tasks of family 'math'"),
        ({"task": "math.gcd@1:train:3:3"}, "plays tasks of family 'math'"),
        ({"levle": 3}, "unknown reset option 'levle': there are kind"),
    ],
)
def test_bad_options_are_refused_by_name(options, says):
    env = LanguageEnv()
    env.reset(seed=7)
    with pytest.raises(ValueError) as error:
        env.reset(options=options)
    assert says in str(error.value)


def test_a_refused_reset_leaves_the_environment_usable():
    env = make()
    env.reset(seed=7)
    with pytest.raises(ValueError):
        env.reset(options={"level": 99})
    env.reset(seed=7)
    assert env.step(right(env))[1] == 1.0


@pytest.mark.parametrize(
    ("kwargs", "says"),
    [
        ({"family": "maths"}, "unknown family 'maths': there are math"),
        ({"kind": "gdc"}, "did you mean math.gcd"),
        ({"kind": []}, "at least one"),
        ({"kind": ["gcd", "nope"]}, "math.nope"),
        ({"kind": {"gcd": -1}}, "positive"),
        ({"level": 10}, "levels 0 to 9"),
        ({"level": []}, "at least one level"),
        ({"split": "all"}, "unknown split 'all'"),
        ({"max_turns": 0}, "max_turns must be an int >= 1, got 0"),
        ({"max_turns": 1.5}, "max_turns"),
        ({"feedback": "nice"}, "unknown feedback 'nice'"),
        ({"reward": "lots"}, "unknown reward scheme 'lots'"),
        ({"render_mode": "human"}, "render_mode"),
    ],
)
def test_bad_arguments_are_refused_by_name(kwargs, says):
    with pytest.raises(ValueError) as error:
        LanguageEnv(**kwargs)
    assert says in str(error.value)


# ---- seeds


def test_equal_seeds_give_equal_episodes():
    one, two = LanguageEnv(level=[1, 2, 3]), LanguageEnv(level=[1, 2, 3])
    first = [one.reset(seed=5), *(one.reset() for _ in range(10))]
    assert first == [two.reset(seed=5), *(two.reset() for _ in range(10))]
    assert one.reset(seed=5) == first[0]
    assert len({info["task_id"] for _, info in first}) == 11


def test_kinds_weights_and_levels_of_a_mixture():
    env = LanguageEnv(kind={"gcd": 9.0, "lcm": 1.0}, level=[2, 4])
    infos = [env.reset(seed=5 if i == 0 else None)[1] for i in range(400)]
    assert 0.84 < sum(info["kind"] == "math.gcd" for info in infos) / 400 < 0.96
    assert {info["level"] for info in infos} == {2, 4}
    assert {LanguageEnv().reset(seed=i)[1]["kind"] for i in range(300)} == set(catalog.kinds("math"))


def test_the_global_streams_are_left_alone():
    import random

    import numpy as np

    before = random.getstate(), repr(np.random.get_state())  # noqa: NPY002
    env = make(max_turns=2)
    env.reset(seed=7)
    env.step(WRONG)
    env.step(right(env))
    assert (random.getstate(), repr(np.random.get_state())) == before  # noqa: NPY002


# ---- rendering


def test_the_transcript():
    env = make(max_turns=2, render_mode="ansi")
    obs, info = env.reset(seed=7)
    env.step(WRONG)
    solution = right(env)
    env.step(solution)
    text = env.render()
    for part in (info["system"], obs, WRONG, "That is not right", solution, "[verdict] correct 1"):
        assert part in text
    env.reset()
    assert "[verdict]" not in env.render()


def test_environments_can_be_closed_twice():
    env = make()
    env.close()
    env.close()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_reward_that_is_not_finite_makes_the_episode_invalid(value):
    env = LanguageEnv(kind="gcd", reward=lambda turn: value)
    env.reset(seed=0)
    _, reward, terminated, truncated, info = env.step(env.task.solution)
    assert (reward, terminated, truncated) == (0.0, False, True)
    assert info["invalid"]
    assert info["failure"] == "verifier_error"


def test_environments_pickle_between_steps():
    env = LanguageEnv(
        kind="gcd", max_turns=3, reward="graded+turn_discount(0.5)+repetition_penalty(0.2)", feedback="hint"
    )
    env.reset(seed=4)
    env.step("no")
    again = pickle.loads(pickle.dumps(env))  # noqa: S301
    solution = env.task.solution
    assert env.step(solution) == again.step(solution)
    assert env.reset() == again.reset()
