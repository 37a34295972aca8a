"""`Verdict`: the one record in which every verification ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import Any, Literal, get_args

from rlvr_envs.core.failures import DESCRIPTION, STATUS_OF

Status = Literal["correct", "partial", "wrong", "malformed", "invalid"]
STATUSES: tuple[Status, ...] = get_args(Status)

_MAX_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one verification. Cannot hold a NaN, nor a reward for a wrong answer.

    Attributes:
        status: `correct`, `partial`, `wrong`, `malformed` (the model's fault: no answer to judge) or `invalid` (our
            fault: never a reward, never a zero that trains).
        score: In [0, 1]: 1 if correct, strictly between if partial, else 0.
        components: Named finite parts of the judgement, for logs and reward schemes.
        failure: A word of `core.failures`; None exactly if correct or partial.
        detail: One line for people. Never holds the reference.

    Raises:
        ValueError: If the fields contradict each other or are not finite.
    """

    status: Status
    score: float = 0.0
    components: Mapping[str, float] = field(default_factory=dict)
    failure: str | None = None
    detail: str = ""

    def __post_init__(self) -> None:
        status, score = self.status, self.score
        if status not in STATUSES:
            raise ValueError(f"unknown status {status!r}: it must be one of {', '.join(STATUSES)}")
        # `not (a <= x <= b)` is also true of NaN, which every plain comparison would let through.
        if not 0.0 <= score <= 1.0:
            raise ValueError(f"score {score!r} is not a finite number in [0, 1]")
        if (score == 1.0) != (status == "correct") or (score == 0.0) != (status not in ("correct", "partial")):
            raise ValueError(f"score {score!r} does not go with status {status!r}")
        if STATUS_OF.get(self.failure or "") != (None if status in ("correct", "partial") else status):
            raise ValueError(f"failure {self.failure!r} does not go with status {status!r}")
        for name, value in self.components.items():
            if not isfinite(value):
                raise ValueError(f"component {name!r} is {value!r}: components must be finite")
        object.__setattr__(self, "score", float(score))
        detail = self.detail
        if len(detail) > _MAX_DETAIL or "\n" in detail or not detail.isprintable():
            detail = "".join(c if c.isprintable() else " " for c in detail[:_MAX_DETAIL])
            object.__setattr__(self, "detail", detail)

    @property
    def success(self) -> bool:
        """Whether the answer is right."""
        return self.status == "correct"

    @property
    def invalid(self) -> bool:
        """Whether the verification itself failed: drop the episode before any statistics."""
        return self.status == "invalid"

    @classmethod
    def correct(cls, detail: str = "", components: Mapping[str, float] | None = None) -> Verdict:
        """A right answer, score 1."""
        return cls("correct", 1.0, components or {}, None, detail)

    @classmethod
    def failed(cls, failure: str, detail: str = "", components: Mapping[str, float] | None = None) -> Verdict:
        """A verdict of score 0 for a word of `core.failures`, whose status it takes.

        Raises:
            ValueError: If the word is not in the vocabulary.
        """
        if failure not in STATUS_OF:
            raise ValueError(f"unknown failure {failure!r}: it must be one of {', '.join(STATUS_OF)}")
        return cls(STATUS_OF[failure], 0.0, components or {}, failure, detail or DESCRIPTION[failure])  # type: ignore[arg-type]

    @classmethod
    def graded(cls, score: float, detail: str = "", components: Mapping[str, float] | None = None) -> Verdict:
        """A verdict by score: 1 correct, 0 `wrong_answer`, partial between.

        Raises:
            ValueError: If the score is not a finite number in [0, 1].
        """
        if score == 1:
            return cls.correct(detail, components)
        if score == 0:
            return cls.failed("wrong_answer", detail, components)
        return cls("partial", score, components or {}, None, detail)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able dict; `Verdict(**d)` rebuilds it."""
        return asdict(self)
