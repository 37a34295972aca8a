"""Batches of episodes behind Gymnasium's vector interface."""

from rlvr_envs.vector.llm_vector_env import LLMVectorEnv, make_llm_vector_env

__all__ = ["LLMVectorEnv", "make_llm_vector_env"]
