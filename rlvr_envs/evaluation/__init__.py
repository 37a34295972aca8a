"""Measures of a policy: pass@k with intervals."""

from rlvr_envs.evaluation.metrics import Estimate, mean_with_interval, pass_at_k

__all__ = ["Estimate", "mean_with_interval", "pass_at_k"]
