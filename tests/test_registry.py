"""Every contract check over every registered kind and environment id: a new one is tested once it is registered."""

from __future__ import annotations

from functools import lru_cache

import pytest

import rlvr_envs
from rlvr_envs.testing import KIND_CHECKS, Subject, check_env, check_vector_env, read_golden
from task_generators import catalog


@lru_cache(maxsize=1)  # the checks of one kind share its items; the next kind takes their place
def subject(kind: str) -> Subject:
    return Subject(catalog.get(kind))


@pytest.mark.parametrize("check", KIND_CHECKS)
@pytest.mark.parametrize("kind", catalog.kinds())
def test_kind(kind, check):
    result = KIND_CHECKS[check](subject(kind))
    assert result.passed, result.detail


@pytest.mark.parametrize("check", [check_env, check_vector_env])
@pytest.mark.parametrize("env_id", rlvr_envs.env_ids())
def test_environment(env_id, check):
    result = check(env_id)
    assert result.passed, result.detail


def test_every_kind_and_family_has_an_environment():
    families = {f"rlvr/{family}-v0" for family in catalog.families()}
    assert set(rlvr_envs.env_ids()) == families | {f"rlvr/{kind}-v0" for kind in catalog.kinds()}


def test_there_are_at_least_twenty_kinds():
    assert len(catalog.kinds()) >= 20


def test_golden_digests_are_of_registered_kinds_only():
    assert {entry.partition("@")[0] for entry in read_golden()} <= set(catalog.kinds())
