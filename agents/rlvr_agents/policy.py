"""The policy: any causal language model of transformers, or the embedded one made from nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F

from rlvr_agents.tokenizer import char_tokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

EMBEDDED = "embedded"


def embedded_policy(
    hidden_size: int = 96, layers: int = 3, heads: int = 4, seed: int = 0
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """A small from-scratch decoder (Qwen3 architecture) and its character tokenizer.

    Args:
        hidden_size: Width; with the defaults the model has about 0.3 M parameters.
        layers: Number of decoder layers.
        heads: Attention heads; half as many key/value heads.
        seed: Seed of the initial weights.
    """
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = char_tokenizer()
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=hidden_size,
        intermediate_size=hidden_size * 8 // 3,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=max(1, heads // 2),
        head_dim=hidden_size // heads,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Qwen3ForCausalLM(config)
    return model, tokenizer


def load_policy(
    model: str = EMBEDDED, *, device: str = "cpu", dtype: torch.dtype = torch.float32, seed: int = 0, **embedded: Any
) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Model and tokenizer, on the device, in evaluation mode.

    Args:
        model: `embedded`, or a path or hub name that transformers can load.
        device: A torch device.
        dtype: Data type of the weights.
        seed: Seed of the embedded model's weights.
        **embedded: Sizes for `embedded_policy`.

    Raises:
        ValueError: If the model cannot be loaded; the message says what was tried.
    """
    if model == EMBEDDED:
        network, tokenizer = embedded_policy(seed=seed, **embedded)
    else:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        try:
            tokenizer = AutoTokenizer.from_pretrained(model)
            network = AutoModelForCausalLM.from_pretrained(model, dtype=dtype)
        except (OSError, ValueError) as error:
            where = "it is a folder, but" if Path(model).is_dir() else "it is no folder, and"
            raise ValueError(
                f"cannot load model {model!r}: {where} transformers says: {error}\n"
                "Give a checkpoint folder (runs/NAME/checkpoint), a hub name that is in the cache, or 'embedded'."
            ) from error
    return network.to(device=device, dtype=dtype).eval(), tokenizer


def pick_device(device: str) -> str:
    """`device`, or for `auto` the CUDA device if there is one, else the CPU."""
    return ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device


def response_logprobs(
    model: PreTrainedModel, ids: torch.Tensor, attention: torch.Tensor, responses: int, temperature: float = 1.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-probability of each response token, and the entropy of the distribution it was drawn from.

    Args:
        model: The policy.
        ids: Token ids [B, P + R], prompts padded on the left, responses on the right.
        attention: 1 on tokens, 0 on padding, [B, P + R].
        responses: R.
        temperature: Divides the logits, as in sampling.

    Returns:
        log-probabilities [B, R], with gradient, and entropies [B, R] in nats, without.
    """
    # Padding on the right needs no mask under causal attention, and going without one is faster.
    padded_left = not bool(attention[:, 0].all())
    output = model(
        input_ids=ids,
        attention_mask=attention if padded_left else None,
        position_ids=(attention.cumsum(-1) - 1).clamp(min=0) if padded_left else None,
        use_cache=False,
        logits_to_keep=responses + 1,
    )
    logits = output.logits[:, :-1].float() / temperature  # [B, R, V]
    logp = F.log_softmax(logits, -1)
    with torch.no_grad():
        entropy = -(logp.exp() * logp).sum(-1)
    return logp.gather(-1, ids[:, -responses:, None]).squeeze(-1), entropy
