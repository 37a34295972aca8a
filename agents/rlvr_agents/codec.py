"""`ChatCodec`: between chat messages and token ids. Append-only: what was sampled is never rendered again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

Message = dict[str, str]

_PLAIN_TEMPLATE = "{% for message in messages %}{{ message.content + '\n' }}{% endfor %}"
_PROBE = "PROBE"


class ChatCodec:
    """Renders conversations with the tokenizer's chat template; a base model without one gets a plain one.

    Args:
        tokenizer: Any tokenizer of transformers with an end-of-sequence token.

    Raises:
        ValueError: If the tokenizer has no eos token, or its template does not keep an answer as it was given.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase):
        if tokenizer.eos_token_id is None:
            raise ValueError(f"the tokenizer {tokenizer.name_or_path!r} has no eos token: set tokenizer.eos_token")
        self.tokenizer = tokenizer
        self.eos_id: int = tokenizer.eos_token_id
        self.pad_id: int = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else self.eos_id
        self._template = None if tokenizer.chat_template else _PLAIN_TEMPLATE

    def _render(self, messages: Sequence[Message], reply: bool) -> str:
        extra: dict[str, Any] = {"chat_template": self._template} if self._template else {}
        text = self.tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=reply, **extra)
        return str(text)

    def _ids(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def prompt(self, messages: Sequence[Message]) -> list[int]:
        """The ids of a conversation that waits for the assistant."""
        return self._ids(self._render(messages, reply=True))

    def continuation(self, sampled: Sequence[int], new_messages: Sequence[Message]) -> list[int]:
        """The ids that go behind a sampled answer: the end of its turn, the new messages, the start of the next turn.

        Args:
            sampled: The answer's ids, ending with the eos id unless it was cut off.
            new_messages: The user turn(s) that follow.

        Raises:
            ValueError: If the chat template does not keep an answer as it was given.
        """
        asked = [{"role": "user", "content": _PROBE}]
        answered = [*asked, {"role": "assistant", "content": _PROBE}, *new_messages]
        head = self._render(asked, reply=True) + _PROBE
        whole = self._render(answered, reply=True)
        if not whole.startswith(head):
            raise ValueError("the chat template rewrites earlier answers, so turns cannot be appended to them")
        ids = self._ids(whole[len(head) :])
        ends = bool(sampled) and sampled[-1] == self.eos_id
        return ids[1:] if ends and ids[:1] == [self.eos_id] else ids

    def text(self, ids: Sequence[int]) -> str:
        """The text of sampled ids, without special tokens such as eos."""
        return str(self.tokenizer.decode(list(ids), skip_special_tokens=True))
