"""The variations of the loop: small functions under names that recipes choose by.

Advantage functions see the rewards of all valid episodes and the group of each; token weights say how the loss of the
tokens is averaged. A new variation is one function and one line of a table.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

Advantage = Callable[[np.ndarray, np.ndarray], np.ndarray]
TokenWeights = Callable[[torch.Tensor, int, int], torch.Tensor]


def _group_stats(rewards: np.ndarray, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, standard deviation (ddof 1; 0 for a single episode) and size of each episode's group, all [B]."""
    _, index, size = np.unique(groups, return_inverse=True, return_counts=True)
    mean = np.bincount(index, rewards) / size
    deviation = rewards - mean[index]
    variance = np.bincount(index, deviation**2) / np.maximum(size - 1, 1)
    return mean[index], np.sqrt(variance)[index], size[index]


def grpo(rewards: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Reward as (r - mean) / (std + 1e-6) within the group (DeepSeekMath, arXiv 2402.03300, section 4.1)."""
    mean, std, _ = _group_stats(rewards, groups)
    return (rewards - mean) / (std + 1e-6)


def dr_grpo(rewards: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Reward minus the mean of its group, without the division (Dr. GRPO, arXiv 2503.20783)."""
    return rewards - _group_stats(rewards, groups)[0]


def rloo(rewards: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Reward minus the mean of the others in the group: (r - mean) * K / (K - 1) (RLOO, arXiv 2402.14740)."""
    mean, _, size = _group_stats(rewards, groups)
    return (rewards - mean) * size / np.maximum(size - 1, 1)


def zero_variance(rewards: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Whether the episode's group has all rewards equal and so carries no signal, bool [B]."""
    return _group_stats(rewards, groups)[1] < 1e-9


def clipped_surrogate(ratio: torch.Tensor, advantage: torch.Tensor, low: float, high: float) -> torch.Tensor:
    """-min(rho A, clip(rho, 1 - low, 1 + high) A) for each token (PPO; DAPO's separate bounds, arXiv 2503.14476).

    Args:
        ratio: rho, [B, R].
        advantage: [B, 1].
        low: Lower clip distance, >= 0.
        high: Upper clip distance, >= 0.
    """
    return -torch.minimum(ratio * advantage, ratio.clamp(1 - low, 1 + high) * advantage)


def token_mean(mask: torch.Tensor, tokens: int, rows: int) -> torch.Tensor:
    """Every sampled token of the rollout batch counts the same (DAPO)."""
    return mask / tokens


def sequence_mean(mask: torch.Tensor, tokens: int, rows: int) -> torch.Tensor:
    """Every episode counts the same, whatever its length (GRPO as first published)."""
    return mask / mask.sum(-1, keepdim=True).clamp(min=1) / rows


ADVANTAGES: dict[str, Advantage] = {"grpo": grpo, "dr_grpo": dr_grpo, "rloo": rloo}
TOKEN_WEIGHTS: dict[str, TokenWeights] = {"token_mean": token_mean, "sequence_mean": sequence_mean}
