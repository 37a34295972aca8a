"""Warm start: learn from worked solutions until the policy is right often enough to learn from rewards."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from rlvr_agents.batch import make_batch
from rlvr_agents.codec import ChatCodec
from rlvr_agents.policy import response_logprobs
from rlvr_envs.core.trajectory import Trajectory
from rlvr_envs.vector import LLMVectorEnv

if TYPE_CHECKING:
    from transformers import PreTrainedModel

_LR_WARMUP = 20
_FIRST_PROBE, _PROBE_EVERY = 80, 20


@dataclass(frozen=True)
class WarmStartStep:
    """State after a step: mean loss per token in nats, and the sampled accuracy if it was probed."""

    step: int
    loss: float
    accuracy: float | None


class WarmStartError(RuntimeError):
    """The accuracy band was not reached."""


def demonstrations(env: LLMVectorEnv, codec: ChatCodec, env_id: str) -> list[Trajectory]:
    """Worked solutions of freshly drawn tasks, one per environment, as trajectories."""
    _, infos = env.reset()
    out = []
    for i, task in enumerate(env.call("task")):
        ids = [*codec.tokenizer(task.solution, add_special_tokens=False)["input_ids"], codec.eos_id]
        prompt = codec.prompt(infos["messages"][i])
        out.append(
            Trajectory(
                env_id, task.id, i, prompt, ids, [1] * len(ids), [0.0] * len(ids), [], 0.0, True, False, "demonstration"
            )
        )
    return out


def warm_start(
    model: PreTrainedModel,
    codec: ChatCodec,
    env: LLMVectorEnv,
    probe: Callable[[], float],
    *,
    env_id: str,
    band: tuple[float, float],
    lr: float,
    max_steps: int,
) -> Iterator[WarmStartStep]:
    """Train on worked solutions until the sampled accuracy lies in the band.

    Accuracy can rise steeply: when a probe lands above the band, the weights of the probe before are taken back and
    the learning rate is cut to a third.

    Args:
        model: The policy, changed in place.
        codec: Renders the conversation.
        env: Draws the tasks; its size is the batch size.
        probe: The policy's sampled accuracy on fresh training tasks, in [0, 1].
        env_id: Noted in the demonstrations.
        band: Lowest and highest accuracy to stop at.
        lr: Learning rate.
        max_steps: Gives up after so many steps.

    Yields:
        A `WarmStartStep` after each step.

    Raises:
        WarmStartError: If the band is not reached.
    """
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, betas=(0.9, 0.95), weight_decay=0.01)
    saved = (copy.deepcopy(model.state_dict()), copy.deepcopy(optimizer.state_dict()))
    best = 0.0
    every = _PROBE_EVERY
    for step in range(1, max_steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = lr * min(1.0, step / _LR_WARMUP)
        batch = make_batch(demonstrations(env, codec, env_id), [0.0] * env.num_envs, codec.pad_id, model.device)
        model.train()
        logp, _ = response_logprobs(model, batch.ids, batch.attention, batch.responses)
        loss = -(logp * batch.mask).sum() / batch.mask.sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        accuracy = None
        if step >= _FIRST_PROBE and step % every == 0:
            accuracy = probe()
            best = max(best, accuracy)
        yield WarmStartStep(step, loss.item(), accuracy)
        if accuracy is None:
            continue
        if band[0] <= accuracy <= band[1]:
            return
        if accuracy > band[1]:
            model.load_state_dict(saved[0])
            optimizer.load_state_dict(saved[1])
            lr, every = lr / 3, max(5, every // 2)
        else:
            saved = (copy.deepcopy(model.state_dict()), copy.deepcopy(optimizer.state_dict()))
    raise WarmStartError(
        f"the warm start did not reach an accuracy between {band[0]:.0%} and {band[1]:.0%} in {max_steps} steps "
        f"(best {best:.1%}): choose an easier kind or level, a larger model, or more steps"
    )
