"""`Run`: the folder of a training run: config, versions, metrics, checkpoint, curve, transcripts."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from rlvr_agents.config import TrainConfig
from rlvr_agents.grpo import Outcome
from rlvr_envs.core.trajectory import Trajectory, save_trajectories
from task_generators import catalog

_PACKAGES = ("rlvr-envs", "numpy", "gymnasium", "torch", "transformers", "tokenizers")
TRANSCRIPTS = 3


class Run:
    """Writes what a run leaves behind to `out_dir/name/`.

    Files: `config.json`, `versions.json`, `metrics.jsonl` (one line per report), `summary.json`, `checkpoint/` (model
    and tokenizer in the format of transformers), `curve.png`, `transcripts.md`, `eval_before.jsonl` and
    `eval_after.jsonl`.

    Args:
        config: The run's settings. A folder of the same name is written over, file by file.
    """

    def __init__(self, config: TrainConfig):
        self.config = config
        self.folder = Path(config.out_dir) / config.run_name
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write("config.json", config.to_dict())
        self._write("versions.json", versions())
        self._metrics = self.folder / "metrics.jsonl"
        self._metrics.write_text("")
        self.history: list[dict[str, Any]] = []

    def _write(self, name: str, data: Any) -> None:
        (self.folder / name).write_text(json.dumps(data, indent=2) + "\n", encoding="utf-8")

    def log(self, phase: str, numbers: dict[str, Any]) -> None:
        """Append a line to the metrics."""
        line = {"phase": phase, **numbers}
        self.history.append(line)
        with open(self._metrics, "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def finish(self, outcome: Outcome) -> None:
        """Write checkpoint, summary, evaluations, transcripts and curve."""
        outcome.model.save_pretrained(self.folder / "checkpoint")
        outcome.codec.tokenizer.save_pretrained(self.folder / "checkpoint")
        self._write("summary.json", {"before": outcome.before.summary(), "after": outcome.after.summary()})
        for name, evaluation in (("before", outcome.before), ("after", outcome.after)):
            path = self.folder / f"eval_{name}.jsonl"
            path.unlink(missing_ok=True)
            save_trajectories(path, evaluation.trajectories)
        samples = outcome.before.samples
        pairs = list(zip(outcome.before.trajectories[::samples], outcome.after.trajectories[::samples], strict=True))
        (self.folder / "transcripts.md").write_text(transcripts(pairs[:TRANSCRIPTS]), encoding="utf-8")
        from rlvr_agents.curve import draw_curve

        draw_curve(self.folder / "curve.png", self.history, title=self.config.run_name)


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that matter for a rerun."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


def transcripts(pairs: Sequence[tuple[Trajectory, Trajectory]]) -> str:
    """The same held-out tasks answered before and after training, as Markdown."""
    parts = []
    for before, after in pairs:
        task = catalog.task(before.task_id)
        parts.append(f"## {task.prompt}\n\n`{task.id}`, right answer: `{task.reference.get('answer')}`\n")
        for name, trajectory in (("Before", before), ("After", after)):
            for turn in trajectory.turns:
                parts.append(
                    f"**{name}** ({turn.verdict['status']}, reward {turn.reward:g})\n\n```\n{turn.text}\n```\n"
                )
    return "\n".join(parts)
