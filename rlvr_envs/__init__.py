"""Environments with verifiable rewards for training language models. Importing this registers all `rlvr/...` ids."""

from rlvr_envs.registration import env_ids, register_envs

__version__ = "0.1.0"

__all__ = ["__version__", "env_ids", "register_envs"]

register_envs()
