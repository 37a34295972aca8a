"""`rlvr check`."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import tyro

import rlvr_envs
from rlvr_envs.cli.errors import UsageError
from rlvr_envs.cli.targets import env_id_of, kind_of
from rlvr_envs.testing import (
    GOLDEN_PATH,
    KIND_CHECKS,
    CheckResult,
    check_env,
    check_kind,
    check_vector_env,
)
from rlvr_envs.testing import (
    write_golden as record_golden,
)

if TYPE_CHECKING:
    from rich.console import Console

ENV_CHECKS = {"env": check_env, "vector": check_vector_env}

_WIDE = 130
_SHORT = {
    "solution": "sol",
    "no_free_reward": "free",
    "hostile": "host",
    "formatting": "form",
    "deterministic": "det",
    "splits": "split",
    "no_leak": "leak",
    "difficulty": "diff",
    "env": "env",
    "vector": "vec",
}
"""Headings for terminals that are not wide."""


class Unit(NamedTuple):
    """What one process does in one go: the checks of one kind, or of one environment id."""

    of: Literal["kind", "env"]
    name: str

    @property
    def row(self) -> str:
        """The row of the table: an environment of one kind shares the row of the kind."""
        return self.name if self.of == "kind" else kind_of(self.name) or self.name

    @property
    def checks(self) -> list[str]:
        """Names of its checks."""
        return list(KIND_CHECKS if self.of == "kind" else ENV_CHECKS)


def check(
    targets: Annotated[tuple[str, ...], tyro.conf.Positional, tyro.conf.arg(metavar="[ENV|KIND|all ...]")],
    quick: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False,
    jobs: Annotated[int | None, tyro.conf.arg(metavar="N")] = None,
    write_golden: Annotated[bool, tyro.conf.FlagCreatePairsOff] = False,
    golden: Annotated[Path, tyro.conf.arg(metavar="FILE")] = GOLDEN_PATH,
) -> int:
    """Run the contract checks over kinds and environments; the exit status is 1 if one fails.

    Examples: `rlvr check math.gcd`, `rlvr check rlvr/math-v0`, `rlvr check all --jobs 8`

    Args:
        targets: Kinds (`math.gcd`), environment ids (`rlvr/math-v0`), or `all`.
        quick: Take fewer items. For the loop of writing a kind; never a replacement for the full checks.
        jobs: Processes that work side by side; one per CPU if not given.
        write_golden: First record what the kinds draw now as their golden digests.
        golden: File of golden digests.

    Raises:
        UsageError: If a target or an option is not valid.
    """
    from rich.console import Console

    if jobs is not None and jobs < 1:
        raise UsageError(f"--jobs must be at least 1, got {jobs}")
    units = _units(targets)
    console = Console(highlight=False, markup=False, emoji=False)
    if write_golden:
        _write_golden([unit.name for unit in units if unit.of == "kind"], golden, console)
    done: list[CheckResult] = []
    rows: dict[str, dict[str, CheckResult]] = {unit.row: {} for unit in units}
    for unit, results in _with_progress(_run(units, quick, golden, jobs or os.cpu_count() or 1), len(units)):
        rows[unit.row].update({result.check: result for result in results})
        done += results
    return _report(console, rows, done)


def _units(targets: tuple[str, ...]) -> list[Unit]:
    if not targets:
        raise UsageError("name a kind (math.gcd), an environment id (rlvr/math-v0), or all")
    ids = rlvr_envs.env_ids() if "all" in targets else [env_id_of(target) for target in targets]
    units: dict[Unit, None] = {}
    for env_id in ids:
        kind = kind_of(env_id)
        if kind is not None:
            units[Unit("kind", kind)] = None
        units[Unit("env", env_id)] = None
    # The long ones first, so that no process is left alone with one at the end.
    return sorted(units, key=lambda unit: unit.of != "kind")


def _write_golden(kinds: list[str], path: Path, console: Console) -> None:
    if not kinds:
        raise UsageError("--write-golden needs a kind: a family's environment draws the tasks of its kinds")
    try:
        replaced = record_golden(kinds, path)
    except (OSError, ValueError, ImportError) as error:
        raise UsageError(f"cannot write golden digests: {error}") from error
    console.print(f"wrote the golden digests of {len(kinds)} kind(s) to {path}")
    for entry in replaced:
        console.print(f"{entry} drew other tasks before: if it was ever released, raise its version instead")


def run_unit(unit: Unit, quick: bool, golden: Path) -> list[CheckResult]:
    """All checks of one unit, in this process."""
    if unit.of == "kind":
        return check_kind(unit.name, quick=quick, golden_path=golden)
    return [run(unit.name) for run in ENV_CHECKS.values()]


def _run(units: list[Unit], quick: bool, golden: Path, jobs: int) -> Iterator[tuple[Unit, list[CheckResult]]]:
    if jobs == 1 or sum(unit.of == "kind" for unit in units) < 2:  # an environment alone takes no time
        for unit in units:
            yield unit, run_unit(unit, quick, golden)
        return
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    with ProcessPoolExecutor(min(jobs, len(units)), multiprocessing.get_context(method)) as pool:
        futures = {pool.submit(run_unit, unit, quick, golden): unit for unit in units}
        for future in as_completed(futures):
            yield futures[future], _results_of(future, futures[future])


def _results_of(future: Future[list[CheckResult]], unit: Unit) -> list[CheckResult]:
    try:
        return future.result()
    except Exception as error:
        detail = f"the process of this check was lost: {type(error).__name__}: {error}"
        return [CheckResult(name, unit.name, False, detail, 0.0) for name in unit.checks]


def _with_progress(
    results: Iterator[tuple[Unit, list[CheckResult]]], total: int
) -> Iterator[tuple[Unit, list[CheckResult]]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task("checking", total=total)
        for unit, found in results:
            progress.update(bar, advance=1, description=f"checked {unit.name}")
            yield unit, found


def _report(console: Console, rows: dict[str, dict[str, CheckResult]], done: list[CheckResult]) -> int:
    from rich.table import Table
    from rich.text import Text

    unicode = console.encoding.startswith("utf")
    tick, cross, blank = ("✓", "✗", "·") if unicode else ("+", "x", "-")
    columns = [name for name in (*KIND_CHECKS, *ENV_CHECKS) if any(name in row for row in rows.values())]
    wide = console.width >= _WIDE
    table = Table(box=None, pad_edge=False, padding=(0, 2 if wide else 1, 0, 0))
    table.add_column("", min_width=max(map(len, rows)), no_wrap=True)
    for heading in (*(name if wide else _SHORT[name] for name in columns), "cpu s" if wide else "s"):
        table.add_column(heading, no_wrap=True)
    for name in sorted(rows):
        row = rows[name]
        cells = [
            Text(blank, "dim")
            if column not in row
            else Text(tick, "green")
            if row[column].passed
            else Text(cross, "red")
            for column in columns
        ]
        table.add_row(name, *cells, f"{sum(result.seconds for result in row.values()):.1f}")
    console.print(table)
    failed = sorted((result for result in done if not result.passed), key=lambda result: (result.kind, result.check))
    for result in failed:
        console.print(f"\n{cross} {result.check} of {result.kind}", style="red")
        console.print(f"  {result.detail}", soft_wrap=True)
    console.print(f"\n{len(done)} checks: {len(done) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0
