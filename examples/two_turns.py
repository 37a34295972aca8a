"""A conversation of two turns, and the same task rebuilt from its id.

Usage: python examples/two_turns.py
"""

import gymnasium as gym

import rlvr_envs  # noqa: F401  (registers the ids)
from task_generators import catalog

env = gym.make("rlvr/math.countdown-v0", level=2, max_turns=2, feedback="verdict", render_mode="ansi")
prompt, info = env.reset(seed=4)
task = catalog.task(info["task_id"])
assert task.prompt == prompt

env.step("<answer>1 + 1</answer>")
_, reward, terminated, _, info = env.step(task.solution)
print(env.render())
print(f"reward {reward:g}, terminated {terminated}")
assert reward == 1.0
assert terminated
