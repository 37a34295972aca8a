"""Registers every environment id with Gymnasium: `rlvr/<family>-v0` and `rlvr/<family>.<kind>-v0`."""

from __future__ import annotations

import gymnasium

from rlvr_envs.families import FAMILIES
from task_generators import catalog

_ENV = "rlvr_envs.envs.language_env:LanguageEnv"
_VECTOR = "rlvr_envs.vector.llm_vector_env:make_llm_vector_env"


def register_envs() -> None:
    """Register the ids of all families and kinds that Gymnasium does not know yet."""
    for family in FAMILIES:
        _register(f"rlvr/{family}-v0", {"family": family})
        for kind in catalog.kinds(family):
            _register(f"rlvr/{kind}-v0", {"family": family, "kind": kind})


def env_ids() -> list[str]:
    """The registered ids, sorted."""
    return sorted(env_id for env_id in gymnasium.registry if env_id.startswith("rlvr/"))


def _register(env_id: str, kwargs: dict[str, str]) -> None:
    if env_id in gymnasium.registry:
        return
    gymnasium.register(
        id=env_id,
        entry_point=_ENV,
        vector_entry_point=_VECTOR,
        kwargs=kwargs,
        # The tests run Gymnasium's checker over every id; running it again in every episode would cost more than it.
        disable_env_checker=True,
        order_enforce=False,
    )
