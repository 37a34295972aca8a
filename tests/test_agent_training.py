"""Rollouts, the update and whole training runs of a tiny model."""

import json

import gymnasium
import numpy as np
import pytest

torch = pytest.importorskip("torch")

import rlvr_envs  # noqa: E402, F401
from rlvr_agents import algorithms  # noqa: E402
from rlvr_agents.codec import ChatCodec  # noqa: E402
from rlvr_agents.config import TrainConfig, load_recipe, recipes_dir  # noqa: E402
from rlvr_agents.grpo import train, update  # noqa: E402
from rlvr_agents.policy import embedded_policy  # noqa: E402
from rlvr_agents.rollout import roll_out  # noqa: E402
from rlvr_agents.run import Run  # noqa: E402
from rlvr_agents.sampler import Completion, HFSampler, SamplingParams  # noqa: E402
from rlvr_envs.core.trajectory import Trajectory, TurnRecord, load_trajectories, save_trajectories  # noqa: E402
from rlvr_envs.core.verdict import Verdict  # noqa: E402
from rlvr_envs.core.verifier import Verifier  # noqa: E402

ENV = "rlvr/math.gcd-v0"


@pytest.fixture(scope="module")
def policy():
    torch.set_num_threads(1)
    model, tokenizer = embedded_policy(hidden_size=32, layers=2, heads=2)
    return model, ChatCodec(tokenizer)


class Scripted:
    """A sampler that says what it is told, one text per row, turn by turn."""

    def __init__(self, codec, turns):
        self.codec, self.turns, self.prompts = codec, list(turns), []

    def generate(self, prompts, n, params):
        self.prompts.append([list(p) for p in prompts])
        texts = self.turns.pop(0)
        assert len(texts) == len(prompts) * n
        out = []
        for text in texts:
            ids = [*self.codec.tokenizer(text, add_special_tokens=False)["input_ids"], self.codec.eos_id]
            out.append(Completion(ids, [-0.5] * len(ids), True))
        return out


def test_multi_turn_rollout_is_append_only_and_masks_the_environment(policy):
    _, codec = policy
    env = gymnasium.make_vec(ENV, num_envs=2, max_turns=3, reward="binary+turn_discount(0.5)")
    env.reset(seed=3)
    right = env.envs[1].task.reference["answer"]
    script = Scripted(
        codec, [["<answer>1</answer>", "no idea"], ["<answer>1</answer>", f"<answer>{right}</answer>"], ["x"]]
    )
    first, second = roll_out(env, script, codec, SamplingParams(64), env_id=ENV, seed=3)
    assert [len(turns) for turns in (first.turns, second.turns)] == [3, 2]
    assert (first.reward, second.reward) == (0.0, 0.5)
    assert (first.success, second.success) == (False, True)
    for t in (first, second):
        whole = t.prompt_ids + t.ids
        for turn in t.turns:
            assert t.mask[turn.start : turn.end] == [1] * (turn.end - turn.start)
            assert codec.text(t.ids[turn.start : turn.end]) == turn.text
        assert sum(t.mask) == sum(turn.end - turn.start for turn in t.turns), "all other tokens are the environment's"
        assert all((logprob == 0.0) == (not on) for on, logprob in zip(t.mask, t.logprobs, strict=True))
        assert whole[: len(t.prompt_ids)] == t.prompt_ids
    # What the model saw in turn 2 is exactly what turn 1 left behind, as tokens.
    seen = script.prompts[1][0]
    assert (first.prompt_ids + first.ids)[: len(seen)] == seen


def test_trajectories_survive_their_file(policy, tmp_path):
    model, codec = policy
    env = gymnasium.make_vec(ENV, num_envs=4)
    sampler = HFSampler(model, codec.eos_id, codec.pad_id)
    episodes = roll_out(env, sampler, codec, SamplingParams(8), env_id=ENV, group_size=2, seed=0)
    assert [t.group_id for t in episodes] == [0, 0, 1, 1]
    assert episodes[0].task_id == episodes[1].task_id != episodes[2].task_id
    save_trajectories(tmp_path / "t.jsonl", episodes)
    assert list(load_trajectories(tmp_path / "t.jsonl")) == episodes


@pytest.mark.parametrize(
    "change",
    [{"mask": [1]}, {"logprobs": [0.0, -1.0, -1.0]}, {"reward": 2.0}],
    ids=["lengths", "logprob where the mask is 0", "reward is not the sum"],
)
def test_trajectory_refuses_contradictions(change):
    fields = dict(
        env_id="e", task_id="t", group_id=0, prompt_ids=[1], ids=[1, 2, 3], mask=[0, 1, 1], logprobs=[0.0, -1.0, -1.0],
        turns=[TurnRecord(1, 3, 1.0, "x")], reward=1.0, success=True, invalid=False, stop_reason="terminated",
    )  # fmt: skip
    Trajectory(**fields)
    if "logprobs" in change:
        change = {"logprobs": [-1.0, -1.0, -1.0]}
    with pytest.raises(ValueError, match="t"):
        Trajectory(**{**fields, **change})


# ------------------------------------------------------------------------------------------------------- algorithms


def test_advantages_by_hand():
    rewards, groups = np.array([1.0, 0, 0, 0, 1, 1]), np.array([7, 7, 7, 7, 2, 2])
    std = np.std([1, 0, 0, 0], ddof=1)
    np.testing.assert_allclose(algorithms.grpo(rewards, groups)[:2], [0.75 / std, -0.25 / std], rtol=1e-4)
    np.testing.assert_allclose(algorithms.dr_grpo(rewards, groups), [0.75, -0.25, -0.25, -0.25, 0, 0])
    np.testing.assert_allclose(algorithms.rloo(rewards, groups)[:2], [1 - 0, 0 - 1 / 3])
    assert algorithms.zero_variance(rewards, groups).tolist() == [False] * 4 + [True] * 2


@pytest.mark.parametrize("name", algorithms.ADVANTAGES)
def test_advantages_sum_to_zero_in_every_group_and_do_not_depend_on_order(name):
    rng = np.random.default_rng(0)
    rewards, groups = rng.random(60), rng.integers(0, 9, 60)
    advantage = algorithms.ADVANTAGES[name](rewards, groups)
    np.testing.assert_allclose(np.bincount(groups, advantage), 0, atol=1e-9)
    order = rng.permutation(60)
    np.testing.assert_allclose(algorithms.ADVANTAGES[name](rewards[order], groups[order]), advantage[order])


def test_clipped_surrogate_has_no_gradient_beyond_its_bounds():
    ratio = torch.tensor([[0.7, 1.0, 1.4]], requires_grad=True)
    for advantage, alive in ((1.0, [True, True, False]), (-1.0, [False, True, True])):
        ratio.grad = None
        algorithms.clipped_surrogate(ratio, torch.tensor([[advantage]]), 0.2, 0.28).sum().backward()
        assert (ratio.grad[0] != 0).tolist() == alive


def test_token_weights_sum_to_one_over_the_whole_batch():
    mask = torch.tensor([[1.0, 1, 1], [1, 0, 0]])
    for weigh in algorithms.TOKEN_WEIGHTS.values():
        assert float(weigh(mask, 4, 2).sum()) == pytest.approx(1.0)


# ----------------------------------------------------------------------------------------------------------- update


def episode(codec, reward, group, invalid=False, text="12", logprob=-1.0):
    ids = [*codec.tokenizer(text, add_special_tokens=False)["input_ids"], codec.eos_id]
    turn = TurnRecord(0, len(ids), reward, text)
    prompt = codec.prompt([{"role": "user", "content": "1?"}])
    return Trajectory(
        ENV,
        "t",
        group,
        prompt,
        ids,
        [1] * len(ids),
        [logprob] * len(ids),
        [turn],
        reward,
        reward > 0,
        invalid,
        "terminated",
    )


def gradient(policy, episodes, **settings):
    model, codec = policy
    before = {name: p.detach().clone() for name, p in model.named_parameters()}
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    config = TrainConfig(**{"minibatches": 1, "grad_clip": 1e9, **settings})
    numbers = update(model, optimizer, episodes, config, codec.pad_id, np.random.default_rng(0))
    step = torch.cat([(before[name] - p.detach()).flatten() for name, p in model.named_parameters()])
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(before[name])
    return step, numbers


def test_update_raises_what_was_rewarded(policy):
    model, codec = policy
    from rlvr_agents.batch import make_batch
    from rlvr_agents.policy import response_logprobs

    episodes = [episode(codec, 1.0, 0, text="12"), episode(codec, 0.0, 0, text="99")]
    batch = make_batch(episodes, [0.0, 0.0], codec.pad_id)

    def logps():
        with torch.no_grad():
            return (response_logprobs(model, batch.ids, batch.attention, batch.responses)[0] * batch.mask).sum(-1)

    start = logps()
    saved = {k: v.clone() for k, v in model.state_dict().items()}
    episodes = [
        episode(codec, 1.0, 0, text="12", logprob=-4.6), episode(codec, 0.0, 0, text="99", logprob=-4.6),
    ]  # fmt: skip
    config = TrainConfig(clip_low=0.99, clip_high=99, minibatches=1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    update(model, optimizer, episodes, config, codec.pad_id, np.random.default_rng(0))
    change = logps() - start
    model.load_state_dict(saved)
    assert change[0] > 0 > change[1]


def test_invalid_episodes_change_nothing_but_the_count(policy):
    """90 % of the episodes fail through our fault: the gradient is that of the valid ones alone."""
    _, codec = policy
    valid = [episode(codec, float(i % 2), i // 4, text=str(i)) for i in range(8)]
    lost = [episode(codec, 0.0, i // 40, invalid=True, text="0") for i in range(72)]
    alone, _ = gradient(policy, valid)
    mixed, numbers = gradient(policy, lost[:40] + valid + lost[40:])
    assert alone.abs().sum() > 0
    torch.testing.assert_close(mixed, alone)
    assert numbers["invalid"] == pytest.approx(0.9)
    assert numbers["reward"] == 0.5


def test_all_invalid_or_no_signal_is_no_update(policy):
    _, codec = policy
    for episodes in ([episode(codec, 0.0, 0, invalid=True)] * 4, [episode(codec, 1.0, 0)] * 4):
        step, _ = gradient(policy, episodes)
        assert step.abs().sum() == 0


@pytest.mark.parametrize("token_weights", algorithms.TOKEN_WEIGHTS)
def test_micro_batches_do_not_change_the_gradient(policy, token_weights):
    _, codec = policy
    episodes = [episode(codec, float(i % 3 == 0), i // 6, text="7" * (1 + i % 5)) for i in range(24)]
    whole, _ = gradient(policy, episodes, token_weights=token_weights)
    split, _ = gradient(policy, episodes, token_weights=token_weights, micro_batch_tokens=16)
    torch.testing.assert_close(split, whole, rtol=1e-4, atol=1e-7)


def test_silent_groups_are_dropped_but_counted_in_the_normaliser(policy):
    _, codec = policy
    live = [episode(codec, float(i % 2), 0, text="5") for i in range(4)]
    silent = [episode(codec, 1.0, 1, text="5") for _ in range(4)]
    alone, _ = gradient(policy, live)
    both, numbers = gradient(policy, live + silent)
    torch.testing.assert_close(both, alone / 2)
    assert numbers["zero_variance"] == 0.5


# --------------------------------------------------------------------------------------------------------- whole runs

TINY = dict(
    env="rlvr/math-v0", kind="addition", level=0, hidden_size=32, layers=1, heads=2, steps=2, prompts=4, group_size=4,
    max_tokens=12, eval_tasks=4, eval_samples=2, eval_every=1, warm_start=False,
)  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [
        {"max_turns": 2, "reward": "binary+turn_discount(0.5)"},
        {"gradient_checkpointing": True},
        {"dtype": "bfloat16"},
        {"kind": None, "sample_rows": 4, "advantage": "rloo"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_other_settings_run(more):
    seen = []
    train(TrainConfig(**{**TINY, **more}), lambda phase, numbers: seen.append((phase, numbers)))
    assert [phase for phase, _ in seen] == ["before", "step", "eval", "step", "after"]
    assert all(np.isfinite(value) for _, numbers in seen for value in numbers.values())


def test_a_hugging_face_model_trains_and_is_not_warmed_up(tmp_path, policy):
    model, codec = policy
    model.save_pretrained(tmp_path)
    codec.tokenizer.save_pretrained(tmp_path)
    seen = []
    train(TrainConfig(**{**TINY, "model": str(tmp_path), "warm_start": True}), lambda phase, _: seen.append(phase))
    assert "warm_start" not in seen


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_same_loop_runs_on_cuda():
    outcome = train(TrainConfig(**{**TINY, "device": "cuda", "dtype": "bfloat16"}))
    assert next(outcome.model.parameters()).is_cuda


def test_a_run_is_the_same_for_the_same_seed():
    def weights():
        outcome = train(TrainConfig(**TINY))
        return torch.cat([p.detach().flatten() for p in outcome.model.parameters()])

    torch.testing.assert_close(weights(), weights(), rtol=0, atol=0)


def test_run_folder_holds_what_the_readme_says(tmp_path):
    config = TrainConfig(**TINY, out_dir=str(tmp_path), name="r")
    run = Run(config)
    run.finish(train(config, run.log))
    names = {path.name for path in run.folder.iterdir()}
    assert names >= {
        "config.json", "versions.json", "metrics.jsonl", "summary.json", "checkpoint", "curve.png", "transcripts.md",
        "eval_before.jsonl", "eval_after.jsonl",
    }  # fmt: skip
    lines = [json.loads(line) for line in (run.folder / "metrics.jsonl").read_text().splitlines()]
    assert [line["phase"] for line in lines] == ["before", "step", "eval", "step", "after"]
    assert TrainConfig.from_dict(json.loads((run.folder / "config.json").read_text())) == config
    assert (run.folder / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert (run.folder / "transcripts.md").read_text().count("**Before**") == 3
    assert len(list(load_trajectories(run.folder / "eval_after.jsonl"))) == 8


class Crashing(Verifier):
    def judge(self, task, answer):
        raise RuntimeError("lost")

    def verify(self, task, response):
        return Verdict.failed("verifier_error")


def test_a_run_whose_every_verification_fails_does_not_train(policy):
    model, codec = policy
    env = gymnasium.make_vec(ENV, num_envs=8, verifier=Crashing())
    sampler = HFSampler(model, codec.eos_id, codec.pad_id)
    episodes = roll_out(env, sampler, codec, SamplingParams(4), env_id=ENV, group_size=4, seed=0)
    assert all(t.invalid and t.stop_reason == "truncated" for t in episodes)
    step, numbers = gradient(policy, episodes)
    assert step.abs().sum() == 0
    assert numbers == {"invalid": 1.0}


@pytest.mark.slow
def test_warm_start_and_grpo_learn(tmp_path):
    """The short recipe of continuous integration: a real gain on held-out tasks."""
    outcome = train(load_recipe("quick"))
    before, after = outcome.before.pass_at(1), outcome.after.pass_at(1)
    assert 0.05 < before.value < 0.5
    assert after.low > before.high


# ------------------------------------------------------------------------------------------------------------ config


@pytest.mark.parametrize("recipe", [path.stem for path in recipes_dir().glob("*.yaml")])
def test_recipes_load(recipe):
    assert load_recipe(recipe).steps > 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"stepz": 1}, "stepz"),
        ({"advantage": "best"}, "there are grpo"),
        ({"token_weights": "x"}, "token_mean"),
        ({"group_size": 1}, "group_size"),
        ({"steps": 0}, "steps"),
        ({"warm_start_band": [0.5, 0.2]}, "warm_start_band"),
    ],
)
def test_bad_settings_say_what_is_allowed(settings, words):
    with pytest.raises(ValueError, match=words):
        TrainConfig.from_dict(settings)


def test_unknown_environment_and_recipe_say_what_there_is():
    with pytest.raises(ValueError, match="rlvr list"):
        train(TrainConfig(**{**TINY, "env": "rlvr/nope-v0"}))
    with pytest.raises(ValueError, match="quickstart"):
        load_recipe("nope")
