"""Plays a batch of tasks with any function from chat messages to text, and prints what it earned.

Usage: python examples/play.py
"""

import re

import gymnasium as gym

import rlvr_envs  # noqa: F401  (registers the ids)


def assistant(messages: list[dict[str, str]]) -> str:
    """Your model goes here; this one can add, and knows nothing else."""
    numbers = [int(n) for n in re.findall(r"\d+", messages[-1]["content"])]
    return f"The sum of all I see is <answer>{sum(numbers)}</answer>"


envs = gym.make_vec("rlvr/math-v0", num_envs=12, kind=["addition", "gcd"], level=2)
_, infos = envs.reset(seed=0)
answers = [assistant(messages) for messages in infos["messages"]]
_, rewards, terminated, truncated, outcome = envs.step(answers)
for i in range(envs.num_envs):
    print(f"{infos['task_id'][i]:45s} {outcome['status'][i]:10s} reward {rewards[i]:g}")
print(f"mean reward {rewards[~truncated].mean():.2f}")
