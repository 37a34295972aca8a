"""`TaskGenerator`: a recipe for questions of one kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, ClassVar, NamedTuple

import numpy as np

from task_generators.seeding import MAX_INDEX, SPLITS, item_rng, split_of
from task_generators.task import Task, TaskId

DEFAULT_LEVEL = 3

_MAX_REDRAWS = 400  # a space so small that this many draws miss a split cannot keep its splits apart


class Draft(NamedTuple):
    """What a kind writes from drawn parameters: the parts of a `Task` that depend on them.

    Attributes:
        prompt: The user turn. It states any demand on the answer's form.
        reference: JSON-able dict for the verifier.
        solution: A worked answer; see `worked`.
        meta: JSON-able knobs of the item, safe to show.
    """

    prompt: str
    reference: Mapping[str, Any]
    solution: str
    meta: Mapping[str, Any] = {}


def worked(steps: Sequence[str], answer: str) -> str:
    """A solution text: one step a line, then the answer in the tags that every family reads."""
    return "\n".join([*steps, f"<answer>{answer}</answer>"])


class TaskGenerator(ABC):
    """A task kind. Stateless and picklable; all randomness comes from the stream it is handed.

    A subclass sets the class attributes and writes `draw`, `write` and `solve_independently`. `draw` is cheap and
    makes the parameters; `write` turns them into text. Two items with equal parameters must be the same question, and
    different parameters different questions, because parameters decide the split.

    Attributes:
        name: Full name `family.kind`, lower case.
        version: Raise it with any change that alters a drawn task.
        levels: Difficulty levels, easiest first.
        summary: One line for listings.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    levels: ClassVar[range] = range(10)
    summary: ClassVar[str]

    @abstractmethod
    def draw(self, rng: np.random.Generator, level: int) -> tuple[Any, ...]:
        """Draw the parameters of one item: a tuple of plain ints, strs and tuples.

        Args:
            rng: The item's stream; it may be drawn from several times for one item.
            level: A member of `levels`.
        """

    @abstractmethod
    def write(self, params: tuple[Any, ...]) -> Draft:
        """Write prompt, reference and worked solution of the item with these parameters."""

    @abstractmethod
    def solve_independently(self, prompt: str) -> str:
        """Answer the prompt by a second method that shares no code with `write`.

        It reads nothing but the prompt text, as a person would; the self-checks hold it against the reference.
        """

    @property
    def family(self) -> str:
        """The family that judges this kind: the part of `name` before the dot."""
        return self.name.partition(".")[0]

    def task(self, split: str = "train", level: int = DEFAULT_LEVEL, index: int = 0) -> Task:
        """Item `index` of this kind. Random access: no other item is drawn.

        Args:
            split: One of `SPLITS`; splits share no item wherever the space of items allows it.
            level: A member of `levels`.
            index: Position in the item stream, in [0, 2**53).

        Raises:
            ValueError: If an argument is out of range; the message names the allowed values.
        """
        if split not in SPLITS:
            raise ValueError(f"unknown split {split!r}: it must be one of {', '.join(SPLITS)}")
        self.check_level(level)
        if type(index) is not int or not 0 <= index < MAX_INDEX:
            raise ValueError(f"index {index!r} is out of range: it must be an int in [0, 2**53)")
        rng = item_rng(self.name, self.version, split, level, index)
        for _ in range(_MAX_REDRAWS):
            params = self.draw(rng, level)
            if split_of(params) == split:
                break
        draft = self.write(params)
        task_id = str(TaskId(self.name, self.version, split, level, index))
        return Task(
            task_id, self.family, self.name, split, level, index,
            draft.prompt, draft.reference, draft.solution, draft.meta,
        )  # fmt: skip

    def check_level(self, level: int) -> int:
        """`level` itself.

        Raises:
            ValueError: If it is not one of `levels`.
        """
        if type(level) is not int or level not in self.levels:
            raise ValueError(f"level {level!r} is out of range for {self.name}: it has {_span(self.levels)}")
        return level

    def items(self, split: str = "train", level: int = DEFAULT_LEVEL, start: int = 0) -> Iterator[Task]:
        """Items start, start + 1, ... of one split and level, without end."""
        return (self.task(split, level, index) for index in count(start))

    def hint(self, task: Task, level: int) -> str:
        """The first steps of the worked solution: `level` of them, at most half, never the answer line.

        Args:
            task: A task of this kind.
            level: How much to give away, >= 1.
        """
        steps = task.solution.split("\n")[:-1]
        return "\n".join(steps[: min(level, len(steps) // 2)])


def _span(levels: range) -> str:
    return f"levels {levels[0]} to {levels[-1]}"
