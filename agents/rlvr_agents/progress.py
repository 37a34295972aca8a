"""Shows a training run on the terminal: a progress bar for each phase, a line for each held-out evaluation."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from rlvr_agents.config import TrainConfig


class TrainProgress:
    """A context manager; `report` goes to `grpo.train`. Where there is no terminal it prints a line now and then."""

    def __init__(self, config: TrainConfig, console: Console | None = None):
        self.config = config
        self.console = console or Console()
        self._live = self.console.is_terminal
        self._progress = Progress(
            TextColumn("{task.description:11s}"),
            BarColumn(24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[state]}"),
            console=self.console,
            disable=not self._live,
        )
        self._bars: dict[str, TaskID] = {}
        self._accuracy = 0.0

    def __enter__(self) -> TrainProgress:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def _advance(self, name: str, total: int | None, step: int, state: str, every: int) -> None:
        if name not in self._bars:
            self._bars[name] = self._progress.add_task(name, total=total, state="")
        self._progress.update(self._bars[name], completed=step, state=state)
        if not self._live and step % every == 0:
            self.console.print(f"{name} {step}: {state}", highlight=False)

    def report(self, phase: str, numbers: dict[str, Any]) -> None:
        """Show what `grpo.train` reports."""
        if phase == "warm_start":
            if numbers["accuracy"] is not None:
                self._accuracy = numbers["accuracy"]
            state = f"loss {numbers['loss']:.3f}  accuracy {self._accuracy:.1%}"
            self._advance("warm start", None, numbers["step"], state, 40)
        elif phase == "step":
            state = (
                f"reward {numbers.get('reward', 0):.3f}  entropy {numbers.get('entropy', 0):.3f}  "
                f"no signal {numbers.get('zero_variance', 1):.0%}"
            )
            if numbers["invalid"]:
                state += f"  [red]invalid {numbers['invalid']:.1%}[/red]"
            self._advance("GRPO", self.config.steps, numbers["step"], state, 10)
        else:
            if phase == "before" and "warm start" in self._bars:
                bar = self._bars["warm start"]
                self._progress.update(bar, total=self._progress.tasks[bar].completed)
            at = {"before": "before GRPO", "after": "after GRPO"}.get(phase, f"step {numbers.get('step')}")
            interval = f"[{numbers['pass@1_low']:.1%}, {numbers['pass@1_high']:.1%}]"
            self.console.print(
                f"held-out pass@1 {at}: {numbers['pass@1']:.1%} {interval}", markup=False, highlight=False
            )
