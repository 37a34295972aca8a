"""Golden digests: the committed record of what each version of a kind draws."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from rlvr_envs.testing.digests import digests
from rlvr_envs.testing.subject import GOLDEN_PATH
from task_generators import TaskGenerator, catalog

Golden = dict[str, dict[str, str]]


def read_golden(path: Path | str = GOLDEN_PATH) -> Golden:
    """The golden digests of a file: `{"kind@version": {"level": digest}}`; none if there is no such file.

    Raises:
        ValueError: If the file is not of that form.
    """
    path = Path(path)
    if not path.exists():
        return {}
    try:
        golden = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(levels, dict) for levels in golden.values()):
            raise TypeError
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError(f"{path} is not a file of golden digests; delete it and write it again") from error
    return golden


def write_golden(kinds: Iterable[str | TaskGenerator], path: Path | str = GOLDEN_PATH) -> list[str]:
    """Record what some kinds draw now; entries of their other versions are dropped.

    Args:
        kinds: Full names or generators.
        path: The file; created if missing.

    Returns:
        The entries whose digests were replaced by different ones: if any of those versions was ever released, its
        number must be raised instead.
    """
    golden = read_golden(path)
    replaced = []
    for kind in kinds:
        generator = catalog.get(kind) if isinstance(kind, str) else kind
        entry = entry_of(generator)
        found = digests(generator)
        if golden.get(entry, found) != found:
            replaced.append(entry)
        golden = {name: value for name, value in golden.items() if name.partition("@")[0] != generator.name}
        golden[entry] = found
    Path(path).write_text(json.dumps(dict(sorted(golden.items())), indent=1) + "\n", encoding="utf-8")
    return replaced


def entry_of(generator: TaskGenerator) -> str:
    """`kind@version`."""
    return f"{generator.name}@{generator.version}"
