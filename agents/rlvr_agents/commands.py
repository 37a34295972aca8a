"""The commands `rlvr train` and `rlvr eval`. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rlvr_agents.config import TrainConfig, load_recipe, recipes_dir

if TYPE_CHECKING:
    from rich.console import Console

    from rlvr_agents.evaluate import Evaluation
    from rlvr_envs.core.trajectory import Trajectory


def train_command(argv: Sequence[str]) -> int:
    """Train a policy with GRPO (default: the quick start on a laptop CPU).

    Args:
        argv: Arguments after `rlvr train`.

    Returns:
        The exit status.

    Raises:
        ValueError: If a setting is not valid.
    """
    import tyro
    from rich.console import Console

    argv = list(argv)
    recipe = "quickstart"
    if argv and not argv[0].startswith("-"):
        recipe = argv.pop(0)
    ready = ", ".join(sorted(path.stem for path in recipes_dir().glob("*.yaml")))
    config = tyro.cli(
        TrainConfig,
        default=load_recipe(recipe),
        args=argv,
        prog="rlvr train [RECIPE]",
        description=f"Train with GRPO. RECIPE is a YAML file or one of: {ready}. Flags change its settings.",
    )
    from rlvr_agents.grpo import train
    from rlvr_agents.progress import TrainProgress
    from rlvr_agents.run import Run
    from rlvr_agents.warm_start import WarmStartError

    console = Console()
    run = Run(config)
    try:
        with TrainProgress(config, console) as progress:

            def report(phase: str, numbers: dict[str, object]) -> None:
                run.log(phase, numbers)
                progress.report(phase, numbers)

            outcome = train(config, report)
    except WarmStartError as error:
        raise ValueError(str(error)) from None
    run.finish(outcome)
    console.print((run.folder / "transcripts.md").read_text(), markup=False, highlight=False)
    before, after = outcome.before.pass_at(1), outcome.after.pass_at(1)
    console.print(f"held-out pass@1: {before} -> {after}   (95 % intervals)", markup=False, highlight=False)
    console.print(f"curve, metrics, transcripts and checkpoint: {run.folder}/", markup=False, highlight=False)
    return 0


@dataclass(frozen=True)
class EvalConfig:
    """Settings of `rlvr eval`."""

    model: str
    """A checkpoint folder, a Hugging Face name, or the base URL of an OpenAI-compatible server (http...)."""
    env: str = "rlvr/math-v0"
    """Environment id."""
    kind: str | None = None
    """Task kind, several separated by commas, or None for all of the family."""
    level: int = 3
    """Difficulty level."""
    split: str = "eval"
    """train, eval or test."""
    tasks: int = 256
    """Number of tasks."""
    samples: int = 4
    """Samples of each task."""
    max_tokens: int = 512
    """Most tokens in one answer."""
    temperature: float = 1.0
    """Sampling temperature; 0 takes the most likely token."""
    max_turns: int = 1
    """Answers allowed in an episode."""
    seed: int = 0
    """Draws the tasks and the samples."""
    device: str = "auto"
    """torch device; auto takes CUDA if there is one."""
    dtype: Literal["float32", "bfloat16"] = "float32"
    """Type of the weights."""
    sample_rows: int = 1024
    """Most completions sampled at once."""
    threads: int = 1
    """CPU threads of torch; 0 leaves torch's own choice."""
    served_name: str | None = None
    """URL only: the model's name there; None takes the first that the server lists."""
    api_key_var: str = "OPENAI_API_KEY"
    """URL only: the environment variable that holds the key."""
    concurrency: int = 16
    """URL only: requests at a time."""
    out: str | None = None
    """Append the trajectories to this JSONL file."""


def eval_command(argv: Sequence[str]) -> int:
    """Measure pass@1 and pass@k of a checkpoint, a Hugging Face model or an OpenAI-compatible URL.

    A checkpoint of a run takes its defaults (environment, kind, level ...) from the run's config.

    Args:
        argv: Arguments after `rlvr eval`.

    Returns:
        The exit status.

    Raises:
        ValueError: If a setting is not valid.
    """
    import tyro
    from rich.console import Console
    from rich.table import Table

    argv = list(argv)
    model: object = argv.pop(0) if argv and not argv[0].startswith("-") else tyro.MISSING
    config = tyro.cli(
        EvalConfig,
        default=replace(_eval_defaults(str(model)), model=model),  # type: ignore[arg-type]
        args=argv,
        prog="rlvr eval MODEL",
        description="Measure pass@k on held-out tasks. MODEL may also be given as --model.",
    )
    console = Console()
    evaluation = _evaluate(config, console)
    table = Table(
        title=f"{config.model} on {config.env} {config.kind or 'all kinds'} level {config.level} ({config.split})"
    )
    table.add_column("tasks")
    for k in evaluation.ks:
        table.add_column(f"pass@{k}  (95 %)", justify="right")
    by_kind: dict[str, list[Trajectory]] = {}
    for trajectory in evaluation.trajectories:
        by_kind.setdefault(trajectory.task_id.partition("@")[0], []).append(trajectory)
    for kind, rows in sorted(by_kind.items()) if len(by_kind) > 1 else ():
        table.add_row(f"{kind}, {len(rows) // config.samples}", *_cells(replace(evaluation, trajectories=rows)))
    table.add_row(f"all, {config.tasks}", *_cells(evaluation), style="bold")
    console.print(table)
    if evaluation.invalid:
        console.print(f"{evaluation.invalid} invalid episodes were left out: our fault, not the model's", style="red")
    if config.out:
        from rlvr_envs.core.trajectory import save_trajectories

        save_trajectories(config.out, evaluation.trajectories)
        console.print(f"trajectories: {config.out}", markup=False)
    return 0


def _cells(evaluation: Evaluation) -> list[str]:
    return [str(evaluation.pass_at(k)).replace(" ", "\n").replace(",\n", ", ") for k in evaluation.ks]


def _eval_defaults(model: str) -> EvalConfig:
    recorded = Path(model).parent / "config.json"
    if not recorded.is_file():
        return EvalConfig(model)
    run = TrainConfig.from_dict(json.loads(recorded.read_text()))
    return EvalConfig(
        model, env=run.env, kind=run.kind, level=run.level, max_tokens=run.max_tokens, max_turns=run.max_turns
    )


def _evaluate(config: EvalConfig, console: Console) -> Evaluation:
    from rlvr_agents.evaluate import Evaluation, evaluate
    from rlvr_agents.grpo import make_env
    from rlvr_agents.sampler import SamplingParams

    params = SamplingParams(config.max_tokens, config.temperature)
    settings = TrainConfig(env=config.env, kind=config.kind, level=config.level, max_turns=config.max_turns)
    env = make_env(settings, config.tasks * config.samples, config.split)
    if config.model.startswith(("http://", "https://")):
        from rich.progress import Progress

        from rlvr_agents.chat import ChatModel, roll_out_chat

        chat = ChatModel(config.model, config.served_name, config.api_key_var)
        with Progress(console=console) as progress:
            bar = progress.add_task(chat.model, total=env.num_envs)
            episodes = roll_out_chat(
                env, chat, params, env_id=config.env, group_size=config.samples, seed=config.seed,
                concurrency=config.concurrency, progress=lambda: progress.advance(bar),
            )  # fmt: skip
        return Evaluation(episodes, config.samples)
    import torch

    from rlvr_agents.codec import ChatCodec
    from rlvr_agents.policy import load_policy, pick_device
    from rlvr_agents.sampler import HFSampler

    if config.threads:
        torch.set_num_threads(config.threads)
    device, dtype = pick_device(config.device), getattr(torch, config.dtype)
    model, tokenizer = load_policy(config.model, device=device, dtype=dtype, seed=config.seed)
    codec = ChatCodec(tokenizer)
    sampler = HFSampler(model, codec.eos_id, codec.pad_id, seed=config.seed, max_rows=config.sample_rows)
    return evaluate(env, sampler, codec, params, env_id=config.env, samples=config.samples, seed=config.seed)


TRAIN = train_command
EVAL = eval_command
