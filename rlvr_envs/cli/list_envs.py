"""`rlvr list`."""

from __future__ import annotations

from typing import Annotated

import tyro

import rlvr_envs
from rlvr_envs.cli.errors import UsageError
from rlvr_envs.cli.targets import kind_of
from rlvr_envs.families import FAMILIES
from task_generators import catalog


def list_envs(family: Annotated[str | None, tyro.conf.arg(metavar="FAMILY")] = None) -> None:
    """List the environments: ids, versions, levels, and what they ask.

    Args:
        family: Only this family, e.g. `math`.

    Raises:
        UsageError: If there is no such family.
    """
    from rich.console import Console
    from rich.table import Table

    if family is not None and family not in FAMILIES:
        raise UsageError(f"unknown family {family[:100]!r}: there are {', '.join(FAMILIES)}")
    rows = {}
    for env_id in rlvr_envs.env_ids():
        name = env_id.removeprefix("rlvr/").removesuffix("-v0")
        if family is None or name.partition(".")[0] == family:
            rows[env_id] = _describe(kind_of(env_id), name)
    table = Table(box=None, pad_edge=False)
    table.add_column("environment id", min_width=max(map(len, rows)), no_wrap=True)
    for heading in ("version", "levels", "what it asks"):
        table.add_column(heading)
    for env_id, cells in rows.items():
        table.add_row(env_id, *cells)
    Console(highlight=False, markup=False, emoji=False).print(table)


def _describe(kind: str | None, family: str) -> tuple[str, str, str]:
    if kind is None:
        return "", "", f"all {len(catalog.kinds(family))} kinds of {family}, mixed"
    try:
        generator = catalog.get(kind)
    except Exception as error:
        return "?", "?", f"cannot be loaded: {type(error).__name__}: {error}"
    return str(generator.version), f"{generator.levels[0]}-{generator.levels[-1]}", generator.summary
