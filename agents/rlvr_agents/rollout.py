"""Rolls a policy out in a vector environment: episodes as trajectories, with exact masks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rlvr_agents.codec import ChatCodec
from rlvr_agents.sampler import Sampler, SamplingParams
from rlvr_envs.core.trajectory import Trajectory, TurnRecord
from rlvr_envs.vector import LLMVectorEnv

_VERDICT_KEYS = ("status", "score", "failure", "detail", "components")


@dataclass
class _Episode:
    task_id: str
    group_id: int
    prompt_ids: list[int]
    observation: str
    ids: list[int] = field(default_factory=list)
    mask: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    turns: list[TurnRecord] = field(default_factory=list)
    success: bool = False
    invalid: bool = False
    stop_reason: str = ""

    def append(self, ids: Sequence[int], logprobs: Sequence[float] | None = None) -> None:
        """Add sampled tokens with their log-probabilities, or the environment's tokens without."""
        self.ids += ids
        self.mask += [int(logprobs is not None)] * len(ids)
        self.logprobs += logprobs if logprobs is not None else [0.0] * len(ids)


def roll_out(
    env: LLMVectorEnv,
    sampler: Sampler,
    codec: ChatCodec,
    params: SamplingParams,
    *,
    env_id: str,
    group_size: int = 1,
    seed: int | Sequence[int] | None = None,
) -> list[Trajectory]:
    """Play one episode in every environment of the batch.

    Args:
        env: The vector environment, without autoreset.
        sampler: The engine.
        codec: Renders the conversation.
        params: How to sample each turn.
        env_id: Noted in the trajectories.
        group_size: Adjacent environments that play copies of one task; divides `env.num_envs`.
        seed: Seed(s) of the reset; None goes on with the environments' streams.

    Returns:
        `env.num_envs` trajectories, in the order of the environments.
    """
    observations, infos = env.reset(seed=seed, options={"group_size": group_size})
    prompts = [codec.prompt(infos["messages"][i]) for i in range(0, env.num_envs, group_size)]
    episodes = [
        _Episode(infos["task_id"][i], int(infos["group"][i]), prompts[i // group_size], observations[i])
        for i in range(env.num_envs)
    ]
    completions = sampler.generate(prompts, group_size, params)  # the group shares its prompt
    running = list(range(env.num_envs))
    while running:
        texts = []
        for i, completion in zip(running, completions, strict=True):
            episodes[i].append(completion.ids, completion.logprobs)
            texts.append(codec.text(completion.ids))
        env.send(texts, running)
        results = env.recv(min_ready=len(running))
        infos = results[4]
        order = np.argsort(infos["env_id"])
        still = []
        for k, i, text, completion in zip(order, running, texts, completions, strict=True):
            observation, reward, terminated, truncated = (column[k] for column in results[:4])
            episode = episodes[i]
            verdict = {key: _plain(infos[key], k) for key in _VERDICT_KEYS}
            start = len(episode.ids) - len(completion.ids)
            episode.turns.append(TurnRecord(start, len(episode.ids), float(reward), text, verdict, episode.observation))
            episode.success, episode.invalid = bool(infos["success"][k]), bool(infos["invalid"][k])
            episode.stop_reason = "truncated" if truncated else "terminated" if completion.finished else "length"
            if not (terminated or truncated):
                episode.observation = observation
                episode.append(codec.continuation(completion.ids, infos["messages"][k]))
                still.append(i)
        running = still
        if running:
            completions = sampler.generate([episodes[i].prompt_ids + episodes[i].ids for i in running], 1, params)
    return [_freeze(episode, env_id) for episode in episodes]


def _plain(batch: Any, k: int) -> Any:
    """Row k of a batched info value, as plain Python."""
    if isinstance(batch, dict):
        return {name: _plain(batch[name], k) for name in batch if f"_{name}" in batch and batch[f"_{name}"][k]}
    return batch[k].item() if isinstance(batch[k], np.generic) else batch[k]


def _freeze(episode: _Episode, env_id: str) -> Trajectory:
    return Trajectory(
        env_id=env_id,
        task_id=episode.task_id,
        group_id=episode.group_id,
        prompt_ids=episode.prompt_ids,
        ids=episode.ids,
        mask=episode.mask,
        logprobs=episode.logprobs,
        turns=episode.turns,
        reward=sum(turn.reward for turn in episode.turns),
        success=episode.success,
        invalid=episode.invalid,
        stop_reason=episode.stop_reason,
    )
