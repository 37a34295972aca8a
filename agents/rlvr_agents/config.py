"""`TrainConfig`: every setting of a training run; the command line and the recipes are derived from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

_AT_LEAST_ONE = (
    *("steps", "prompts", "group_size", "max_tokens", "max_turns", "inner_epochs", "minibatches"),
    *("micro_batch_tokens", "sample_rows"),
    *("eval_tasks", "eval_samples", "warm_start_batch", "warm_start_steps"),
)


@dataclass(frozen=True)
class TrainConfig:
    """Settings of `rlvr train`. The defaults are the quick start: three-digit sums on a laptop CPU."""

    env: str = "rlvr/math-v0"
    """Environment id."""
    kind: str | None = "addition"
    """Task kind of the family, several separated by commas, or None for all."""
    level: int = 1
    """Difficulty level of the tasks."""
    max_turns: int = 1
    """Answers allowed in an episode."""
    feedback: str = "unary"
    """What is said after a wrong answer: unary, verdict or hint."""
    reward: str = "binary"
    """Reward scheme, e.g. binary, graded, "binary+turn_discount(0.5)"."""

    model: str = "embedded"
    """`embedded` (a small decoder made on the spot), a checkpoint folder, or a Hugging Face name."""
    hidden_size: int = 96
    """Width of the embedded model."""
    layers: int = 3
    """Layers of the embedded model."""
    heads: int = 4
    """Attention heads of the embedded model."""

    name: str | None = None
    """Folder of the run below `out_dir`; made from kind and seed if None."""
    out_dir: str = "runs"
    """Where runs are kept."""
    seed: int = 0
    """Seed of weights, tasks and sampling."""
    device: str = "auto"
    """torch device; auto takes CUDA if there is one."""
    dtype: Literal["float32", "bfloat16"] = "float32"
    """Type of the matrix products (weights and optimizer state stay float32)."""
    threads: int = 1
    """CPU threads of torch; models below 5 M parameters are fastest with one. 0 leaves torch's own choice."""

    warm_start: bool = True
    """`embedded` model only: first learn from worked solutions until the accuracy band is reached."""
    warm_start_band: tuple[float, float] = (0.22, 0.38)
    """Sampled accuracy at which the warm start stops; above the band it goes back and takes smaller steps."""
    warm_start_lr: float = 1.5e-3
    """Learning rate of the warm start."""
    warm_start_batch: int = 48
    """Worked solutions in a step of the warm start."""
    warm_start_steps: int = 2000
    """Steps after which a warm start that has not reached its band gives up."""

    steps: int = 120
    """GRPO steps."""
    prompts: int = 64
    """Tasks (groups) in a step."""
    group_size: int = 8
    """Rollouts of each task."""
    max_tokens: int = 40
    """Most tokens in one answer."""
    temperature: float = 1.0
    """Sampling temperature in training; the loss uses the same."""
    advantage: str = "grpo"
    """Advantage: grpo, dr_grpo or rloo."""
    token_weights: str = "token_mean"
    """How the loss is averaged: token_mean or sequence_mean."""
    clip_low: float = 0.2
    """Lower clip distance of the ratio."""
    clip_high: float = 0.28
    """Upper clip distance of the ratio."""
    inner_epochs: int = 1
    """Optimizer passes over each rollout batch."""
    minibatches: int = 4
    """Optimizer steps in a pass."""
    lr: float = 3e-4
    """Learning rate."""
    lr_warmup: int = 5
    """Steps over which the learning rate rises from 0."""
    lr_final: float = 0.1
    """The learning rate falls linearly to this share of `lr` at the last step; 1 keeps it constant."""
    weight_decay: float = 0.0
    """AdamW weight decay."""
    grad_clip: float = 1.0
    """Largest gradient norm."""
    micro_batch_tokens: int = 65536
    """Most padded tokens in one forward pass of training (fewer where the vocabulary is large)."""
    sample_rows: int = 1024
    """Most completions sampled at once."""
    gradient_checkpointing: bool = False
    """Compute activations again in the backward pass: less memory, more time."""

    eval_every: int = 20
    """Held-out evaluation every so many steps; 0 for none between start and end."""
    eval_tasks: int = 256
    """Held-out tasks in an evaluation."""
    eval_samples: int = 4
    """Samples of each held-out task."""

    def __post_init__(self) -> None:
        for field in _AT_LEAST_ONE:
            if getattr(self, field) < 1:
                raise ValueError(f"{field} must be >= 1, got {getattr(self, field)}")
        if self.group_size < 2:
            raise ValueError("group_size must be >= 2: a group of one has no baseline")
        low, high = self.warm_start_band
        if not 0 <= low < high <= 1:
            raise ValueError(f"warm_start_band must be low < high in [0, 1], got {self.warm_start_band}")
        from rlvr_agents.algorithms import ADVANTAGES, TOKEN_WEIGHTS

        for field, table in (("advantage", ADVANTAGES), ("token_weights", TOKEN_WEIGHTS)):
            if getattr(self, field) not in table:
                raise ValueError(f"unknown {field} {getattr(self, field)!r}: there are {', '.join(table)}")

    def lr_at(self, step: int) -> float:
        """The learning rate of a GRPO step, counted from 1."""
        done = (step - 1) / max(1, self.steps - 1)
        return self.lr * min(1.0, step / max(1, self.lr_warmup)) * (1 - (1 - self.lr_final) * done)

    @property
    def kinds(self) -> list[str] | None:
        """The task kinds as a list, or None for all."""
        return self.kind.split(",") if self.kind else None

    @property
    def env_kwargs(self) -> dict[str, Any]:
        """What the environment is made with."""
        kwargs: dict[str, Any] = {"level": self.level, "max_turns": self.max_turns, "feedback": self.feedback}
        kwargs["reward"] = self.reward
        return kwargs if self.kinds is None else {**kwargs, "kind": self.kinds}

    @property
    def run_name(self) -> str:
        """`name`, or one made from environment, kind, level and seed."""
        what = (self.kind or self.env.removeprefix("rlvr/")).replace(",", "-")
        return self.name or f"{what}-l{self.level}-s{self.seed}"

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able dict; `from_dict` reads it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TrainConfig:
        """A config with these settings and defaults for the others.

        Raises:
            ValueError: If a name is unknown or a value not valid.
        """
        names = {field.name for field in fields(cls)}
        unknown = sorted(set(values) - names)
        if unknown:
            raise ValueError(f"unknown setting(s) {', '.join(unknown)}: there are {', '.join(sorted(names))}")
        if "warm_start_band" in values:
            values = {**values, "warm_start_band": tuple(values["warm_start_band"])}
        return replace(cls(), **values)


def recipes_dir() -> Path:
    """The folder of the ready recipes: beside the package in a checkout, inside it when installed."""
    inside = Path(__file__).parent / "recipes"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "recipes"


def load_recipe(name: str) -> TrainConfig:
    """The config of a ready recipe, or of a YAML file.

    Raises:
        ValueError: If there is no such recipe or file, or it has an unknown setting.
    """
    import yaml

    ready = {path.stem: path for path in sorted(recipes_dir().glob("*.yaml"))}
    path = ready.get(name) or Path(name)
    if not path.is_file():
        raise ValueError(f"no recipe {name!r}: give a YAML file or one of {', '.join(ready)}")
    return TrainConfig.from_dict(yaml.safe_load(path.read_text()) or {})
