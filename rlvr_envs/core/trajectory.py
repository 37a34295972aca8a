"""`Trajectory`: the record of one episode that agents, exporters and viewers share."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from math import isclose
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """One assistant turn: `ids[start:end]` of its trajectory.

    Attributes:
        start: First token of the turn.
        end: One past its last token.
        reward: The reward of this turn.
        text: The raw text that the environment judged.
        verdict: The verdict as a dict (`status`, `score`, `failure`, `detail`, `components`).
        observation: What the environment said before this turn.
    """

    start: int
    end: int
    reward: float
    text: str
    verdict: dict[str, Any] = field(default_factory=dict)
    observation: str = ""


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One episode in tokens. Append-only: what was sampled is stored as it was sampled.

    Attributes:
        env_id: The environment id.
        task_id: Rebuilds the task on any machine.
        group_id: Episodes of one group share the task and are compared with one another.
        prompt_ids: Token ids before the first turn.
        ids: Token ids after the prompt: the assistant's, and between its turns the environment's.
        mask: 1 on tokens that the policy sampled, 0 on the environment's; as long as `ids`.
        logprobs: Behaviour log-probability of each sampled token, 0.0 where `mask` is 0; as long as `ids`.
        turns: The assistant's turns, in order.
        reward: Sum of the turns' rewards.
        success: Whether the last verdict was `correct`.
        invalid: Our fault: drop it before any statistics.
        stop_reason: `terminated`, `truncated` (by the environment) or `length` (a turn was cut off).

    Raises:
        ValueError: If the fields contradict each other.
    """

    env_id: str
    task_id: str
    group_id: int
    prompt_ids: list[int]
    ids: list[int]
    mask: list[int]
    logprobs: list[float]
    turns: list[TurnRecord]
    reward: float
    success: bool
    invalid: bool
    stop_reason: str

    def __post_init__(self) -> None:
        if not len(self.ids) == len(self.mask) == len(self.logprobs):
            raise ValueError(
                f"ids, mask and logprobs of {self.task_id} have lengths "
                f"{len(self.ids)}, {len(self.mask)}, {len(self.logprobs)}"
            )
        if any(logprob and not on for on, logprob in zip(self.mask, self.logprobs, strict=True)):
            raise ValueError(f"{self.task_id} has a log-probability on a token that the policy did not sample")
        if not isclose(sum(turn.reward for turn in self.turns), self.reward, abs_tol=1e-9):
            raise ValueError(f"the turn rewards of {self.task_id} do not add up to {self.reward}")

    def to_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Trajectory:
        """Rebuild a trajectory from `to_json`'s line.

        Raises:
            TypeError, ValueError: If the line is not a trajectory.
        """
        data = json.loads(line)
        data["turns"] = [TurnRecord(**turn) for turn in data["turns"]]
        return cls(**data)


def save_trajectories(path: str | Path, trajectories: Iterable[Trajectory]) -> None:
    """Append trajectories to a JSONL file."""
    with open(path, "a", encoding="utf-8") as file:
        file.writelines(trajectory.to_json() + "\n" for trajectory in trajectories)


def load_trajectories(path: str | Path) -> Iterator[Trajectory]:
    """Read a JSONL file of trajectories.

    Raises:
        TypeError, ValueError: If a line is not a trajectory.
    """
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield Trajectory.from_json(line)
