"""The `Task` record and the task id that rebuilds it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from task_generators.seeding import MAX_INDEX, SPLITS

_TASK_ID = re.compile(r"([a-z][a-z0-9_-]*\.[a-z0-9][a-z0-9_-]*)@(\d{1,9}):([a-z]+):(\d{1,3}):(\d{1,16})", re.ASCII)


class TaskIdError(ValueError):
    """A task id that cannot be read, or that names something this installation does not have."""


@dataclass(frozen=True, slots=True)
class TaskId:
    """The parts of a task id `kind@version:split:level:index`.

    Attributes:
        kind: Full name of the task kind, e.g. `math.gcd`.
        version: Version of the kind; any change that alters a drawn task raises it.
        split: One of `SPLITS`.
        level: Difficulty level.
        index: Position in the kind's item stream, in [0, MAX_INDEX).
    """

    kind: str
    version: int
    split: str
    level: int
    index: int

    def __str__(self) -> str:
        return f"{self.kind}@{self.version}:{self.split}:{self.level}:{self.index}"

    @classmethod
    def parse(cls, text: str) -> TaskId:
        """Read a task id such as `math.gcd@1:train:3:17`.

        Raises:
            TaskIdError: If `text` is not a str of that form, or its split or index is out of range.
        """
        match = _TASK_ID.fullmatch(text) if isinstance(text, str) and len(text) <= 200 else None
        if match is None:
            shown = text if isinstance(text, str) and len(text) <= 200 else f"{str(type(text))[8:-2]} value"
            raise TaskIdError(
                f"malformed task id {shown!r}: expected kind@version:split:level:index, e.g. 'math.gcd@1:train:3:17'"
            )
        kind, version, split, level, index = match.groups()
        if split not in SPLITS:
            raise TaskIdError(f"task id {text!r} names split {split!r}: it must be one of {', '.join(SPLITS)}")
        if int(index) >= MAX_INDEX:
            raise TaskIdError(f"task id {text!r} has index {index}: it must be below 2**53")
        return cls(kind, int(version), split, int(level), int(index))


@dataclass(frozen=True, slots=True)
class Task:
    """One question. Frozen and JSON-able; equal ids give equal tasks on any machine.

    Attributes:
        id: `kind@version:split:level:index`, enough to rebuild the task anywhere.
        family: Name of the family that judges it, e.g. `math`.
        kind: Full name of the kind that drew it, e.g. `math.gcd`.
        split: `train`, `eval` or `test`.
        level: Difficulty level.
        index: Position in the kind's item stream.
        prompt: The user turn.
        reference: What the verifier needs and the agent must never see.
        solution: Text of a worked answer that must earn full reward.
        meta: Knobs of this item; safe to show.
        assets: Images and files by name (none for text kinds).
    """

    id: str
    family: str
    kind: str
    split: str
    level: int
    index: int
    prompt: str
    reference: Mapping[str, Any]
    solution: str
    meta: Mapping[str, Any] = field(default_factory=dict)
    assets: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able dict that `from_dict` turns back into an equal task."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Task:
        """Rebuild a task from `to_dict`'s dict.

        Raises:
            ValueError: If a field is missing or unknown.
        """
        try:
            return cls(**data)
        except TypeError as error:
            raise ValueError(f"not a task: {error}") from None
