"""The contract checks, importable: run them over your own task kinds as we run them over ours.

from rlvr_envs.testing import check_kind

def test_my_kind():
    for result in check_kind("logic.my_kind", golden_path="tests/golden.json"):
        assert result.passed, result.detail
"""

from rlvr_envs.testing.env import check_env, check_rollouts, check_seeds
from rlvr_envs.testing.forms import FORMS
from rlvr_envs.testing.golden import read_golden, write_golden
from rlvr_envs.testing.result import CheckFailure, CheckResult
from rlvr_envs.testing.subject import GOLDEN_PATH, Subject
from rlvr_envs.testing.suite import (
    KIND_CHECKS,
    check_deterministic,
    check_difficulty,
    check_formatting,
    check_hostile,
    check_kind,
    check_no_free_reward,
    check_no_leak,
    check_solution,
    check_splits,
)
from rlvr_envs.testing.vector import check_vector_env

__all__ = [
    "FORMS",
    "GOLDEN_PATH",
    "KIND_CHECKS",
    "CheckFailure",
    "CheckResult",
    "Subject",
    "check_deterministic",
    "check_difficulty",
    "check_env",
    "check_formatting",
    "check_hostile",
    "check_kind",
    "check_no_free_reward",
    "check_no_leak",
    "check_rollouts",
    "check_seeds",
    "check_solution",
    "check_splits",
    "check_vector_env",
    "read_golden",
    "write_golden",
]
