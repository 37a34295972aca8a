"""Environments: one episode of one task at a time."""

from rlvr_envs.envs.language_env import LanguageEnv
from rlvr_envs.envs.mixture import EnvMixture

__all__ = ["EnvMixture", "LanguageEnv"]
