"""Environments: one episode of one task at a time."""

from rlvr_envs.envs.language_env import LanguageEnv

__all__ = ["LanguageEnv"]
