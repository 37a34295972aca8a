"""`rlvr show`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import gymnasium
import tyro

from rlvr_envs.cli.errors import UsageError
from rlvr_envs.cli.targets import env_id_of
from task_generators import Task, TaskId, TaskIdError

if TYPE_CHECKING:
    from rich.console import Console


def show(
    env: Annotated[str, tyro.conf.Positional, tyro.conf.arg(metavar="ENV")],
    kind: Annotated[str | None, tyro.conf.arg(metavar="KIND")] = None,
    level: Annotated[int | None, tyro.conf.arg(metavar="N")] = None,
    seed: Annotated[int | None, tyro.conf.arg(metavar="N")] = None,
    split: Annotated[str | None, tyro.conf.arg(metavar="SPLIT")] = None,
    task_id: Annotated[str | None, tyro.conf.arg(metavar="ID")] = None,
    answer: Annotated[str | None, tyro.conf.arg(metavar="TEXT")] = None,
    response: Annotated[str | None, tyro.conf.arg(metavar="TEXT")] = None,
) -> None:
    r"""Show one task with its key, and how an answer to it is judged.

    Examples: `rlvr show math.gcd --level 5`, `rlvr show math --seed 1 --answer 12`,
    `rlvr show math.gcd@1:train:3:17 --response "So it is \boxed{12}."`

    Args:
        env: Environment id (`rlvr/math-v0`), family (`math`), kind (`math.gcd`) or task id (`math.gcd@1:train:3:17`).
        kind: Kind of task, where the environment has several.
        level: Difficulty level; the environment's default if not given.
        seed: Seed that the task is drawn from; 0 if not given.
        split: train, eval or test.
        task_id: Show this very task.
        answer: Judge this answer; it is put inside answer tags.
        response: Judge this whole response as it is.

    Raises:
        UsageError: If an argument names nothing or does not fit the others.
    """
    from rich.console import Console

    if answer is not None and response is not None:
        raise UsageError("give --answer or --response, not both")
    if "@" in env and task_id is None:
        env, task_id = _kind_in(env), env
    drawn = {"kind": kind, "level": level, "seed": seed, "split": split}
    given = [name for name, value in drawn.items() if value is not None]
    if task_id is not None and given:
        raise UsageError(f"a task id fixes all there is to draw: leave out --{', --'.join(given)}")
    try:
        made: Any = gymnasium.make(env_id_of(env)).unwrapped
        options = {"task_id": task_id, "kind": kind, "level": level, "split": split}
        _, info = made.reset(seed=seed or 0, options={k: v for k, v in options.items() if v is not None})
    except (ValueError, gymnasium.error.Error) as error:
        raise UsageError(str(error)) from error
    console = Console(highlight=False, markup=False, emoji=False)
    _show_task(console, made.task, info["system"])
    if answer is not None:
        response = f"<answer>{answer}</answer>"
    if response is not None:
        _, reward, _, _, info = made.step(response)
        canonical = made.verifier.canonical(made.task, response)
        _show_verdict(console, {**info, "reward": reward, "read as": "nothing" if canonical is None else canonical})


def _kind_in(task_id: str) -> str:
    try:
        return TaskId.parse(task_id).kind
    except TaskIdError as error:
        raise UsageError(str(error)) from error


def _show_task(console: Console, task: Task, system: str) -> None:
    for title, text in (
        ("task", task.id),
        ("system", system),
        ("prompt", task.prompt),
        ("reference", json.dumps(task.reference, ensure_ascii=False)),
        ("worked solution", task.solution),
        ("meta", json.dumps(task.meta, ensure_ascii=False)),
    ):
        console.print(title, style="bold")
        console.print(text, soft_wrap=True)
        console.print()


def _show_verdict(console: Console, verdict: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("verdict", "", pad_edge=False, box=None, show_header=True)
    for name in ("status", "score", "reward", "failure", "detail", "components", "read as"):
        value = verdict[name]
        text = f"{value:g}" if isinstance(value, float) else str(value or "none")
        color = {"correct": "green", "partial": "yellow"}.get(text, "red") if name == "status" else ""
        table.add_row(name, Text(text, style=color, overflow="fold"))
    console.print(table)
