"""GRPO from Python, cut down to a few seconds: a model far too small, for a few steps.

Usage: python examples/train_tiny.py
"""

from rlvr_agents.config import TrainConfig
from rlvr_agents.grpo import train


def report(phase: str, numbers: dict) -> None:
    """Called after every step and evaluation."""
    if phase == "step":
        print(f"step {numbers['step']}: reward {numbers['reward']:.3f}, length {numbers['length']:.1f} tokens")


config = TrainConfig(
    kind="addition",
    level=0,
    hidden_size=32,
    layers=1,
    warm_start=False,
    steps=3,
    prompts=8,
    group_size=4,
    max_tokens=16,
    eval_tasks=16,
    eval_samples=2,
)
outcome = train(config, report)
print(f"held-out pass@1: {outcome.before.pass_at(1)} -> {outcome.after.pass_at(1)}")
