"""The catalog of task kinds: names to generators, loaded on first use."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib import import_module

from task_generators.generator import TaskGenerator
from task_generators.task import Task, TaskId, TaskIdError

_ENTRY_POINTS: dict[str, str | type[TaskGenerator]] = {}


class UnknownKindError(ValueError):
    """A task kind or family that is not in the catalog."""


def register(name: str, entry_point: str | type[TaskGenerator]) -> None:
    """Add a kind to the catalog.

    Args:
        name: Full name `family.kind`.
        entry_point: `module:Class` of a `TaskGenerator`, imported on first use; or the class itself, which
            then only this process knows.

    Raises:
        ValueError: If the name is malformed, or is taken by another entry point.
    """
    family, dot, kind = name.partition(".")
    if not (family and dot and kind) or (isinstance(entry_point, str) and ":" not in entry_point):
        raise ValueError(f"cannot register {name!r} as {entry_point!r}: expected 'family.kind' and 'module:Class'")
    if _ENTRY_POINTS.setdefault(name, entry_point) != entry_point:
        raise ValueError(f"task kind {name!r} is already registered as {_ENTRY_POINTS[name]!r}")


def kinds(family: str | None = None) -> list[str]:
    """Full names of the registered kinds, sorted; of one family if given.

    Raises:
        UnknownKindError: If the family has no kinds.
    """
    if family is None:
        return sorted(_ENTRY_POINTS)
    names = sorted(name for name in _ENTRY_POINTS if name.startswith(f"{family}."))
    if not names:
        raise UnknownKindError(f"unknown family {family!r}: there are {', '.join(families())}")
    return names


def families() -> list[str]:
    """Names of the families that have kinds, sorted."""
    return sorted({name.partition(".")[0] for name in _ENTRY_POINTS})


def resolve(kind: str, family: str | None = None) -> str:
    """The full name of a kind given as `math.gcd`, or as `gcd` beside its family.

    Raises:
        UnknownKindError: If there is no such kind; the message names close matches.
    """
    full = kind if family is None or str(kind).startswith(f"{family}.") else f"{family}.{kind}"
    if full in _ENTRY_POINTS:
        return full
    near = get_close_matches(full[:100], _ENTRY_POINTS, n=3, cutoff=0.5)
    advice = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(kinds(family))}"
    raise UnknownKindError(f"unknown task kind {full[:100]!r}: {advice}")


@cache
def _load(name: str) -> TaskGenerator:
    entry_point = _ENTRY_POINTS[name]
    if isinstance(entry_point, str):
        module, _, attribute = entry_point.partition(":")
        entry_point = getattr(import_module(module), attribute)
    generator: TaskGenerator = entry_point()
    if generator.name != name:
        raise ValueError(f"{_ENTRY_POINTS[name]} is registered as {name!r} but calls itself {generator.name!r}")
    return generator


def get(kind: str) -> TaskGenerator:
    """The generator of a kind, by full name.

    Raises:
        UnknownKindError: If there is no such kind.
    """
    return _load(resolve(kind))


def task(task_id: str) -> Task:
    """Rebuild the task with this id.

    Raises:
        TaskIdError: If the id is malformed, or was made by another version of its kind.
        UnknownKindError: If its kind is not in the catalog.
        ValueError: If its level is out of range.
    """
    parsed = TaskId.parse(task_id)
    generator = get(parsed.kind)
    if parsed.version != generator.version:
        raise TaskIdError(
            f"task id {task_id!r} is of version {parsed.version}, this installation has version "
            f"{generator.version} of {parsed.kind}: install the release that made it"
        )
    return generator.task(parsed.split, parsed.level, parsed.index)
