"""From what a user types to environment ids and kinds."""

from __future__ import annotations

from difflib import get_close_matches

import rlvr_envs
from rlvr_envs.cli.errors import UsageError
from task_generators import catalog


def env_id_of(name: str) -> str:
    """The id that `rlvr/math.gcd-v0`, `math.gcd`, `rlvr/math-v0` or `math` names.

    Raises:
        UsageError: If there is none; the message names close matches.
    """
    ids = rlvr_envs.env_ids()
    for candidate in (name, f"rlvr/{name}-v0", f"rlvr/{name}"):
        if candidate in ids:
            return candidate
    short = [env_id.removeprefix("rlvr/").removesuffix("-v0") for env_id in ids]
    tails = {kind.partition(".")[2]: kind for kind in catalog.kinds()}
    query = name[:100].removeprefix("rlvr/").removesuffix("-v0")
    near = [tails.get(match, match) for match in get_close_matches(query, [*short, *tails], n=3, cutoff=0.5)]
    advice = f"did you mean {' or '.join(dict.fromkeys(near))}?" if near else "`rlvr list` shows all"
    raise UsageError(f"unknown environment or kind {name[:100]!r}: {advice}")


def kind_of(env_id: str) -> str | None:
    """The one kind that an id plays; None for the id of a family."""
    name = env_id.removeprefix("rlvr/").removesuffix("-v0")
    return name if name in catalog.kinds() else None
