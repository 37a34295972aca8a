"""Draws a run's learning curve."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def draw_curve(path: Path, history: Sequence[dict[str, Any]], title: str) -> None:
    """Write a PNG: reward on training tasks, held-out pass@1 with its interval, entropy, groups without a signal.

    Args:
        path: Where to.
        history: Lines of `metrics.jsonl`.
        title: Shown above.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    steps = [line for line in history if line["phase"] == "step"]
    held_out = [{"step": 0, **line} for line in history if line["phase"] in ("before", "eval", "after")]
    figure = Figure(figsize=(8, 6), layout="constrained")
    FigureCanvasAgg(figure)
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    top.plot(*_series(steps, "success"), color="tab:blue", alpha=0.5, label="training tasks, sampled")
    x, y = _series(held_out, "pass@1")
    low, high = (_series(held_out, f"pass@1_{end}")[1] for end in ("low", "high"))
    errors = [[b - a for a, b in zip(low, y, strict=True)], [b - a for a, b in zip(y, high, strict=True)]]
    top.errorbar(x, y, yerr=errors, color="tab:orange", marker="o", capsize=3, label="held-out pass@1, 95 % interval")
    top.set(ylim=(0, 1), ylabel="share right", title=title)
    top.grid(alpha=0.3)
    top.legend(loc="lower right")
    bottom.plot(*_series(steps, "entropy"), color="tab:green", label="entropy (nats per token)")
    bottom.plot(*_series(steps, "zero_variance"), color="tab:red", label="share of groups without a signal")
    bottom.set(xlabel="GRPO step", ylim=(0, None))
    bottom.grid(alpha=0.3)
    bottom.legend(loc="upper left")
    figure.savefig(path, dpi=120)


def _series(lines: Sequence[dict[str, Any]], key: str) -> tuple[list[float], list[float]]:
    present = [(line["step"], line[key]) for line in lines if key in line]
    return [step for step, _ in present], [value for _, value in present]
