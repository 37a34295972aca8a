"""GRPO, readable top to bottom: draw tasks -> roll out -> verify -> advantages -> update.

`train` runs a whole job: policy, warm start, held-out evaluation before, the loop, held-out evaluation after. One code
path for the embedded model on a CPU and a Hugging Face model on a GPU.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np
import torch

from rlvr_agents.algorithms import ADVANTAGES, TOKEN_WEIGHTS, clipped_surrogate, zero_variance
from rlvr_agents.batch import make_batch, micro_batches
from rlvr_agents.codec import ChatCodec
from rlvr_agents.config import TrainConfig
from rlvr_agents.evaluate import Evaluation, evaluate
from rlvr_agents.policy import EMBEDDED, load_policy, pick_device, response_logprobs
from rlvr_agents.rollout import roll_out
from rlvr_agents.sampler import HFSampler, SamplingParams
from rlvr_agents.warm_start import warm_start
from rlvr_envs.core.trajectory import Trajectory
from rlvr_envs.vector import LLMVectorEnv

_MOST_LOGITS = 2**29  # in one forward pass: 2 GiB in float32, and as much again for each of a few copies

Report = Callable[[str, dict[str, Any]], None]
"""Called with a phase (`warm_start`, `before`, `step`, `eval`, `after`) and its numbers."""


@dataclass(frozen=True)
class Outcome:
    """What a training run ends in.

    Attributes:
        model: The trained policy.
        codec: Its tokenizer and conversation format.
        before: Held-out evaluation after the warm start, before the first GRPO step.
        after: Held-out evaluation of the same tasks at the end.
    """

    model: Any
    codec: ChatCodec
    before: Evaluation
    after: Evaluation


def make_env(config: TrainConfig, num_envs: int, split: str, stream: int = 0) -> LLMVectorEnv:
    """The vector environment of a config, its tasks drawn from a stream keyed by `config.seed` and `stream`.

    Raises:
        ValueError: If the environment id or one of its settings is not valid.
    """
    import rlvr_envs  # noqa: F401  (registers the ids)

    try:
        env = gymnasium.make_vec(config.env, num_envs=num_envs, split=split, **config.env_kwargs)
    except gymnasium.error.UnregisteredEnv as error:
        raise ValueError(f"unknown environment {config.env!r}: `rlvr list` shows all. {error}") from None
    assert isinstance(env, LLMVectorEnv)
    # Hashed, as Gymnasium would seed environment i with seed + i and let neighbouring seeds share their tasks.
    env.reset(seed=np.random.SeedSequence([config.seed, stream]).generate_state(num_envs).tolist())
    return env


def train(config: TrainConfig, report: Report = lambda phase, numbers: None) -> Outcome:
    """Run a training job.

    Args:
        config: All settings.
        report: Called after every step and evaluation, e.g. to log and to draw a progress bar.

    Raises:
        ValueError: If a setting is not valid.
        WarmStartError: If the warm start does not reach its band.
    """
    if config.threads:
        torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    device = pick_device(config.device)
    sizes: dict[str, Any] = {"hidden_size": config.hidden_size, "layers": config.layers, "heads": config.heads}
    model, tokenizer = load_policy(
        config.model, device=device, seed=config.seed, **(sizes if config.model == EMBEDDED else {})
    )
    codec = ChatCodec(tokenizer)
    if config.gradient_checkpointing:
        # transformers 5.23 has given the method a new name.
        getattr(model, "activation_checkpointing_enable", model.gradient_checkpointing_enable)()
    sampler = HFSampler(model, codec.eos_id, codec.pad_id, seed=config.seed, max_rows=config.sample_rows)
    params = SamplingParams(config.max_tokens, config.temperature)
    precision = torch.autocast(torch.device(device).type, torch.bfloat16, enabled=config.dtype == "bfloat16")

    def held_out() -> Evaluation:
        # Always the same tasks, at temperature 1; with a sampler of its own, so that evaluating changes no training.
        env = make_env(config, config.eval_tasks * config.eval_samples, "eval")
        own = HFSampler(model, codec.eos_id, codec.pad_id, seed=0, max_rows=config.sample_rows)
        at = SamplingParams(config.max_tokens, 1.0)
        return evaluate(env, own, codec, at, env_id=config.env, samples=config.eval_samples, seed=0)

    with precision:
        if config.warm_start and config.model == EMBEDDED:
            probe_env = make_env(config, config.eval_tasks, "train", stream=1)
            demo_env = make_env(config, config.warm_start_batch, "train", stream=2)

            def probe() -> float:
                episodes = roll_out(probe_env, sampler, codec, params, env_id=config.env)
                return float(np.mean([episode.success for episode in episodes]))

            for warm in warm_start(
                model,
                codec,
                demo_env,
                probe,
                env_id=config.env,
                band=config.warm_start_band,
                lr=config.warm_start_lr,
                max_steps=config.warm_start_steps,
            ):
                report("warm_start", {"step": warm.step, "loss": warm.loss, "accuracy": warm.accuracy})

        before = held_out()
        report("before", before.summary())
        env = make_env(config, config.prompts * config.group_size, "train")
        optimizer = torch.optim.AdamW(
            model.parameters(), lr=config.lr, betas=(0.9, 0.95), weight_decay=config.weight_decay
        )
        shuffle = np.random.default_rng(config.seed)
        for step in range(1, config.steps + 1):
            for group in optimizer.param_groups:
                group["lr"] = config.lr_at(step)
            start = time.perf_counter()
            episodes = roll_out(env, sampler, codec, params, env_id=config.env, group_size=config.group_size)
            rolled = time.perf_counter()
            numbers = update(model, optimizer, episodes, config, codec.pad_id, shuffle)
            numbers |= {"step": step, "rollout_s": rolled - start, "update_s": time.perf_counter() - rolled}
            report("step", numbers)
            if config.eval_every and step % config.eval_every == 0 and step < config.steps:
                report("eval", {"step": step, **held_out().summary()})
        after = held_out()
        report("after", {"step": config.steps, **after.summary()})
    return Outcome(model, codec, before, after)


def update(
    model: Any,
    optimizer: torch.optim.Optimizer,
    episodes: Sequence[Trajectory],
    config: TrainConfig,
    pad_id: int,
    rng: np.random.Generator,
) -> dict[str, float]:
    """One GRPO update from a batch of rollouts.

    Args:
        model: The policy, changed in place.
        optimizer: Its optimizer.
        episodes: The rollouts; equal `group_id`s are compared with one another.
        config: Algorithm, clipping, minibatches.
        pad_id: Fills up.
        rng: Deals episodes out to minibatches.

    Returns:
        Numbers for the log: mean reward and success of the valid episodes, shares of invalid, cut-off and
        zero-variance episodes, mean length in tokens, loss, gradient norm, entropy (nats per token), share of clipped
        tokens, and the mean |log ratio| between trainer and sampler at the first optimizer step.
    """
    valid = [episode for episode in episodes if not episode.invalid]  # our fault: before any statistics
    numbers = {"invalid": 1 - len(valid) / len(episodes)}
    if not valid:
        return numbers
    rewards = np.array([episode.reward for episode in valid])
    groups = np.array([episode.group_id for episode in valid])
    advantages = ADVANTAGES[config.advantage](rewards, groups)
    silent = zero_variance(rewards, groups)  # groups without a signal are not computed
    lengths = np.array([sum(episode.mask) for episode in valid])
    numbers |= {
        "reward": float(rewards.mean()),
        "success": float(np.mean([episode.success for episode in valid])),
        "zero_variance": float(silent.mean()),
        "cut_off": float(np.mean([episode.stop_reason == "length" for episode in valid])),
        "length": float(lengths.mean()),
    }
    rows = [i for i in range(len(valid)) if not silent[i]]
    if not rows:
        return numbers

    weigh = TOKEN_WEIGHTS[config.token_weights]
    most_tokens = min(config.micro_batch_tokens, _MOST_LOGITS // model.config.vocab_size)
    tokens_seen = clipped = gap = entropy_sum = loss_sum = norm = 0.0
    optimizer_steps = 0
    for _ in range(config.inner_epochs):
        for part in np.array_split(rng.permutation(rows), min(config.minibatches, len(rows))):
            # The normalisers count the dropped episodes too, so that a signal does not grow because others are silent.
            share = len(part) / len(rows)
            tokens, count = int(lengths.sum() * share), int(len(valid) * share)
            optimizer.zero_grad()
            model.train()
            for chosen, signal in micro_batches(
                [valid[i] for i in part], [float(advantages[i]) for i in part], most_tokens
            ):
                batch = make_batch(chosen, signal, pad_id, model.device)
                logp, entropy = response_logprobs(
                    model, batch.ids, batch.attention, batch.responses, config.temperature
                )  # [B, R]
                log_ratio = (logp - batch.logp_old) * batch.mask
                ratio = log_ratio.exp()
                losses = clipped_surrogate(ratio, batch.advantage[:, None], config.clip_low, config.clip_high)
                loss = (losses * weigh(batch.mask, tokens, count)).sum()
                loss.backward()
                with torch.no_grad():
                    outside = (ratio < 1 - config.clip_low) | (ratio > 1 + config.clip_high)
                    loss_sum += loss.item()
                    clipped += float((outside * batch.mask).sum())
                    entropy_sum += float((entropy * batch.mask).sum())
                    tokens_seen += float(batch.mask.sum())
                    if optimizer_steps == 0:
                        gap += float(log_ratio.abs().sum()) / float(max(1, lengths[part].sum()))
            norm += float(torch.nn.utils.clip_grad_norm_(model.parameters(), config.grad_clip))
            optimizer.step()
            optimizer_steps += 1
    return numbers | {
        "loss": loss_sum / optimizer_steps,
        "grad_norm": norm / optimizer_steps,
        "entropy": entropy_sum / tokens_seen,
        "clipped": clipped / tokens_seen,
        "sampler_gap": gap,
    }
