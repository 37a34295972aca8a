"""`Verifier`: judges a response to a task. Pure in its inputs, bounded, never raises."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from rlvr_envs.core.extraction import ExtractionError, Marker, extract_answer
from rlvr_envs.core.verdict import Verdict
from task_generators import Task

MAX_RESPONSE_CHARS = 4_000_000


class Verifier(ABC):
    """Base of the families' verifiers.

    `verify` is the whole contract: it extracts the final answer, hands it to `judge`, and turns whatever goes wrong
    into a `Verdict`. A family writes `judge`, which may raise: an exception in it is our fault, hence `invalid`.

    Attributes:
        markers: The answer markers that the family reads.
        heavy: Whether a verification may take long or run programs; such verifiers go to the worker pool.
    """

    markers: ClassVar[tuple[Marker, ...]] = ("answer_tag", "boxed", "answer_line")
    heavy: ClassVar[bool] = False

    @abstractmethod
    def judge(self, task: Task, answer: str) -> Verdict:
        """Judge the extracted answer text: non-empty, stripped, model output and therefore hostile."""

    def canonical(self, task: Task, response: str) -> str | None:
        """A text that is the same for all responses giving the same answer (for maj@k, repetition, entropy).

        Returns:
            The canonical answer, or None if the response holds no readable answer.
        """
        try:
            return self.canonical_answer(task, extract_answer(response, self.markers))
        except Exception:
            return None

    def canonical_answer(self, task: Task, answer: str) -> str | None:
        """`canonical` of an extracted answer. Default: the text with white space folded."""
        return " ".join(answer.split())

    def verify(self, task: Task, response: object) -> Verdict:
        """Judge a response.

        Args:
            task: The task asked.
            response: The assistant's raw text. Anything else is `malformed` (`not_text`).

        Returns:
            The verdict; also for responses of any size or content, and for internal failures (`invalid`).
        """
        if not isinstance(response, str):
            return Verdict.failed("not_text", f"the response is of type {type(response).__name__}, not str")
        if len(response) > MAX_RESPONSE_CHARS:
            return Verdict.failed("over_limit", f"the response has {len(response)} characters")
        try:
            return self.judge(task, extract_answer(response, self.markers))
        except ExtractionError as error:
            return Verdict.failed(error.failure)
        except Exception as error:
            return Verdict.failed("verifier_error", f"{type(error).__name__}: {error}")
