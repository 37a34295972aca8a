"""`Batch`: the trainer's tensor view of trajectories. Never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from rlvr_envs.core.trajectory import Trajectory


@dataclass
class Batch:
    """B episodes as tensors: prompts padded on the left to P, the rest on the right to R.

    Attributes:
        ids: Token ids, int64 [B, P + R].
        attention: 1 on tokens, 0 on padding, int64 [B, P + R].
        mask: 1.0 on tokens that the policy sampled, float32 [B, R].
        logp_old: Their behaviour log-probabilities, float32 [B, R].
        advantage: float32 [B].
    """

    ids: torch.Tensor
    attention: torch.Tensor
    mask: torch.Tensor
    logp_old: torch.Tensor
    advantage: torch.Tensor

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def responses(self) -> int:
        """R."""
        return self.mask.shape[1]


def make_batch(
    trajectories: Sequence[Trajectory], advantages: Sequence[float], pad_id: int, device: torch.device | str = "cpu"
) -> Batch:
    """Pad trajectories into one batch, no longer than its longest rows need.

    Args:
        trajectories: At least one.
        advantages: One per trajectory.
        pad_id: Fills up.
        device: Where the tensors go.
    """
    prompt = max(len(t.prompt_ids) for t in trajectories)
    response = max(len(t.ids) for t in trajectories)
    ids, attention, mask, logp = [], [], [], []
    for t in trajectories:
        left, right = prompt - len(t.prompt_ids), response - len(t.ids)
        ids.append([pad_id] * left + t.prompt_ids + t.ids + [pad_id] * right)
        attention.append([0] * left + [1] * (len(t.prompt_ids) + len(t.ids)) + [0] * right)
        mask.append(t.mask + [0] * right)
        logp.append(t.logprobs + [0.0] * right)
    return Batch(
        torch.tensor(ids, device=device),
        torch.tensor(attention, device=device),
        torch.tensor(mask, dtype=torch.float32, device=device),
        torch.tensor(logp, dtype=torch.float32, device=device),
        torch.tensor(advantages, dtype=torch.float32, device=device),
    )


def micro_batches(
    trajectories: Sequence[Trajectory], advantages: Sequence[float], max_tokens: int
) -> list[tuple[list[Trajectory], list[float]]]:
    """Split into batches of at most `max_tokens` padded tokens (and at least one row), rows of like length together."""
    order = sorted(range(len(trajectories)), key=lambda i: len(trajectories[i].prompt_ids) + len(trajectories[i].ids))
    parts: list[list[int]] = []
    for i in order:
        length = len(trajectories[i].prompt_ids) + len(trajectories[i].ids)
        if parts and (len(parts[-1]) + 1) * length <= max_tokens:  # i is the longest so far
            parts[-1].append(i)
        else:
            parts.append([i])
    return [([trajectories[i] for i in part], [advantages[i] for i in part]) for part in parts]
