"""All checks of a kind, and of an environment."""

from __future__ import annotations

from pathlib import Path

from rlvr_envs.testing.deterministic import check_deterministic
from rlvr_envs.testing.difficulty import check_difficulty
from rlvr_envs.testing.formatting import check_formatting
from rlvr_envs.testing.hostile import check_hostile
from rlvr_envs.testing.no_free_reward import check_no_free_reward
from rlvr_envs.testing.no_leak import check_no_leak
from rlvr_envs.testing.result import CheckFailure, CheckResult, run_check
from rlvr_envs.testing.solution import check_solution
from rlvr_envs.testing.splits import check_splits
from rlvr_envs.testing.subject import GOLDEN_PATH, ITEMS, QUICK_ITEMS, KindCheck, Subject
from task_generators import catalog

KIND_CHECKS: dict[str, KindCheck] = {
    "solution": check_solution,
    "no_free_reward": check_no_free_reward,
    "hostile": check_hostile,
    "formatting": check_formatting,
    "deterministic": check_deterministic,
    "splits": check_splits,
    "no_leak": check_no_leak,
    "difficulty": check_difficulty,
}
"""The checks of a task kind by name."""


def check_kind(
    kind: str, *, items: int = ITEMS, quick: bool = False, golden_path: Path | str = GOLDEN_PATH
) -> list[CheckResult]:
    """Run every check over one task kind.

    Args:
        kind: Full name of a registered kind, e.g. `math.gcd`.
        items: Items per level that statistics are taken over.
        quick: Take at most 200 items instead; for the loop of writing a kind, not for CI.
        golden_path: File of golden digests that the kind's are held against.

    Returns:
        One result per check, in the order of `KIND_CHECKS`. A kind that cannot even be loaded fails all of them.

    Raises:
        UnknownKindError: If the kind is not in the catalog.
    """
    name = catalog.resolve(kind)
    try:
        subject = Subject(catalog.get(name), items=min(items, QUICK_ITEMS) if quick else items, golden_path=golden_path)
    except Exception as error:
        return [run_check(check, name, lambda error=error: _raise(error)) for check in KIND_CHECKS]  # type: ignore[misc]
    return [check(subject) for check in KIND_CHECKS.values()]


def _raise(error: Exception) -> None:
    raise CheckFailure(
        f"the kind cannot be loaded: {type(error).__name__}: {error}", "Mend its module or its registration"
    )
