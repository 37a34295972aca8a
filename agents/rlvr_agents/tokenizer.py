"""A character-level tokenizer, made on the spot: no file, no download."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

CHARACTERS = "\n" + string.digits + string.ascii_letters + string.punctuation + " "
ANSWER_TAGS = ("<answer>", "</answer>")

# The system message is left out: a model of this size learns the form of the answer from its warm start.
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message.role == 'user' %}{{ message.content + '\\n' }}"
    "{% elif message.role == 'assistant' %}{{ message.content + eos_token }}{% endif %}"
    "{% endfor %}"
)


def char_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer of printable ASCII, one token a character, and one for each answer tag (104 tokens in all).

    Other characters become `<unk>`. It saves and loads like any tokenizer of transformers, chat template included.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    specials = ["<pad>", "<eos>", "<unk>"]
    vocabulary = {token: i for i, token in enumerate([*specials, *CHARACTERS])}
    core = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    core.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), behavior="isolated")
    core.decoder = decoders.Fuse()
    core.add_special_tokens(specials)
    core.add_tokens([AddedToken(tag, special=False, normalized=False) for tag in ANSWER_TAGS])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core,
        pad_token="<pad>",
        eos_token="<eos>",
        unk_token="<unk>",
        clean_up_tokenization_spaces=False,
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer
