"""`Subject`: a task kind under test, with its verifier, its environment, and the items drawn so far."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import gymnasium

from rlvr_envs.core.extraction import extract_answer
from rlvr_envs.core.verifier import Verifier
from rlvr_envs.envs.language_env import LanguageEnv
from rlvr_envs.families import get_verifier
from rlvr_envs.testing.result import CheckResult, run_check
from task_generators import Task, TaskGenerator, catalog

GOLDEN_PATH = Path(__file__).with_name("golden_digests.json")
ITEMS = 1000
QUICK_ITEMS = 200

_WRAP = {
    "answer_tag": "<answer>{}</answer>",
    "boxed": "\\boxed{{{}}}",
    "answer_line": "Answer: {}",
    "fence": "```\n{}\n```",
}


class Subject:
    """A kind under test.

    Args:
        generator: The kind.
        verifier: Its judge; by default that of its family.
        items: Items per level that statistics are taken over.
        golden_path: File of golden digests.
        stall_seconds: Wall time after which one hostile answer counts as a hang.
    """

    def __init__(
        self,
        generator: TaskGenerator,
        verifier: Verifier | None = None,
        items: int = ITEMS,
        golden_path: Path | str = GOLDEN_PATH,
        stall_seconds: float = 20.0,
    ):
        if items < 10:
            raise ValueError(f"items must be >= 10, got {items}")
        self.generator = generator
        self.verifier = verifier or get_verifier(generator.family)
        self.items = items
        self.golden_path = Path(golden_path)
        self.stall_seconds = stall_seconds
        self._tasks: dict[int, list[Task]] = {}

    @property
    def levels(self) -> range:
        """The kind's levels."""
        return self.generator.levels

    def tasks(self, level: int, count: int) -> list[Task]:
        """The first `count` training items of a level, at most `items` of them; drawn once for all checks."""
        drawn = self._tasks.setdefault(level, [])
        wanted = min(count, self.items)
        drawn += (self.generator.task("train", level, index) for index in range(len(drawn), wanted))
        return drawn[:wanted]

    def key(self, task: Task) -> str:
        """The answer that the task's solution gives."""
        return extract_answer(task.solution, self.verifier.markers)

    def canonical(self, task: Task, answer: str) -> str | None:
        """The canonical text of an answer to a task."""
        return self.verifier.canonical(task, self.wrap(answer))

    def wrap(self, answer: str) -> str:
        """The answer in the marker that the verifier names first."""
        return _WRAP[self.verifier.markers[0]].format(answer)

    def make_env(self, **kwargs: Any) -> gymnasium.Env[str, str]:
        """An environment that can be reset to any task of this kind: the registered one, if there is one."""
        env_id = f"rlvr/{self.generator.name}-v0"
        if env_id in gymnasium.registry and self.verifier is get_verifier(self.generator.family):
            return gymnasium.make(env_id, **kwargs)
        known = catalog.kinds(self.generator.family)
        kind = self.generator.name if self.generator.name in known else known[0]
        return LanguageEnv(self.generator.family, kind, verifier=self.verifier, **kwargs)


KindCheck = Callable[..., CheckResult]


def kind_check(name: str) -> Callable[[Callable[[Subject], None]], KindCheck]:
    """Make a public check of a function that raises `CheckFailure`.

    The check takes a kind's full name, a generator or a `Subject`, and the keyword arguments of `Subject`.
    """

    def decorate(body: Callable[[Subject], None]) -> KindCheck:
        @wraps(body)
        def check(kind: str | TaskGenerator | Subject, **options: Any) -> CheckResult:
            if isinstance(kind, Subject):
                return run_check(name, kind.generator.name, lambda: body(kind))
            if isinstance(kind, TaskGenerator):
                return run_check(name, kind.name, lambda: body(Subject(kind, **options)))
            full = catalog.resolve(kind)
            return run_check(name, full, lambda: body(Subject(catalog.get(full), **options)))

        return check

    return decorate
