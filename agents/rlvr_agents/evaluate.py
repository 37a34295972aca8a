"""Held-out evaluation: how often a policy is right, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rlvr_agents.codec import ChatCodec
from rlvr_agents.rollout import roll_out
from rlvr_agents.sampler import Sampler, SamplingParams
from rlvr_envs.core.trajectory import Trajectory
from rlvr_envs.evaluation import Estimate, mean_with_interval, pass_at_k
from rlvr_envs.vector import LLMVectorEnv


@dataclass(frozen=True)
class Evaluation:
    """Outcomes of n samples of each of M tasks.

    Attributes:
        trajectories: All episodes; those of one task are adjacent.
        samples: n.
    """

    trajectories: Sequence[Trajectory]
    samples: int

    def pass_at(self, k: int) -> Estimate:
        """pass@k with its 95 % interval over tasks; invalid episodes are left out.

        Raises:
            ValueError: If k is not in [1, n], or no task has k valid episodes.
        """
        values = []
        for start in range(0, len(self.trajectories), self.samples):
            valid = [t.success for t in self.trajectories[start : start + self.samples] if not t.invalid]
            if len(valid) >= k:
                values.append(pass_at_k(len(valid), sum(valid), k))
        if not values:
            raise ValueError(f"no task has {k} valid episodes: see `invalid` in the trajectories")
        return mean_with_interval(np.array(values))

    @property
    def ks(self) -> list[int]:
        """The k that are reported: powers of two up to n."""
        return [2**i for i in range(self.samples.bit_length()) if 2**i <= self.samples]

    @property
    def invalid(self) -> int:
        """Number of invalid episodes."""
        return sum(t.invalid for t in self.trajectories)

    def summary(self) -> dict[str, float]:
        """`pass@k` with the ends of its interval, mean reward, share of answers cut off, invalid episodes."""
        out: dict[str, float] = {}
        for k in self.ks:
            estimate = self.pass_at(k)
            out |= {f"pass@{k}": estimate.value, f"pass@{k}_low": estimate.low, f"pass@{k}_high": estimate.high}
        valid = [t for t in self.trajectories if not t.invalid]
        out["reward"] = float(np.mean([t.reward for t in valid]))
        out["cut_off"] = float(np.mean([t.stop_reason == "length" for t in valid]))
        out["invalid"] = self.invalid
        return out


def evaluate(
    env: LLMVectorEnv,
    sampler: Sampler,
    codec: ChatCodec,
    params: SamplingParams,
    *,
    env_id: str,
    samples: int,
    seed: int,
) -> Evaluation:
    """Play the held-out tasks that `seed` draws.

    Args:
        env: Of the held-out split, with tasks * samples environments.
        sampler: The engine.
        codec: Renders the conversation.
        params: How to sample.
        env_id: Noted in the trajectories.
        samples: Episodes of each task.
        seed: The same seed gives the same tasks.
    """
    trajectories = roll_out(env, sampler, codec, params, env_id=env_id, group_size=samples, seed=seed)
    return Evaluation(trajectories, samples)
