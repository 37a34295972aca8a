"""Rates of every task kind: tasks, verifications and environment steps per second, beside reasoning-gym.

Usage: make bench   (or: python benchmarks/envs.py [--seconds 0.3] [--no-peer] [--json FILE])

All rates are per second of CPU time of one core, best of three rounds, the contestants taking turns. reasoning-gym is
installed into its own virtual environment (.venv-reasoning-gym) and measured there on the kinds that both have, at its
own defaults; the columns "x peer" are our rate divided by its rate in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

import gymnasium
from rich.console import Console
from rich.progress import track
from rich.table import Table

import rlvr_envs  # noqa: F401
from rlvr_envs.families import get_verifier
from task_generators import DEFAULT_LEVEL, catalog

HERE = Path(__file__).parent
PEER_VENV = HERE.parent / ".venv-reasoning-gym"
PEER_VERSION = "0.1.25"
ROUNDS = 3

# Our kind -> reasoning-gym's task of the same content.
PEER_TASKS = {
    "math.addition": "chain_sum",
    "math.base_conversion": "base_conversion",
    "math.countdown": "countdown",
    "math.gcd": "gcd",
    "math.lcm": "lcm",
    "math.linear_equation": "simple_equations",
    "math.multiplication": "products",
    "math.order_of_operations": "basic_arithmetic",
    "math.polynomial_product": "polynomial_multiplication",
    "math.prime_factorization": "prime_factorization",
    "math.quadratic_roots": "polynomial_equations",
    "math.sequence": "number_sequence",
}


def rate(call: Callable[[int], object], seconds: float) -> float:
    """Calls per second of CPU time; `call` gets the running number."""
    n = 0
    start = time.process_time()
    while (used := time.process_time() - start) < seconds:
        for _ in range(20):
            call(n)
            n += 1
    return n / used


def ours(kind: str, seconds: float) -> dict[str, float]:
    """Our rates for one kind at the default level."""
    generator, verifier = catalog.get(kind), get_verifier(kind.partition(".")[0])
    tasks = [generator.task("train", DEFAULT_LEVEL, i) for i in range(500)]
    right = [task.solution for task in tasks]
    env_id = f"rlvr/{kind}-v0"
    env = gymnasium.make(env_id)
    env.reset(seed=0)
    drawn = [0]

    def draw(i: int) -> None:
        drawn[0] += 1
        generator.task("train", DEFAULT_LEVEL, 1_000_000 + drawn[0])

    def episode(i: int) -> None:
        env.reset()
        env.step(right[i % 500])

    def life(i: int) -> None:
        fresh = gymnasium.make(env_id)
        fresh.reset(seed=i)
        fresh.step(right[i % 500])

    calls = {
        "tasks": draw,
        "right": lambda i: verifier.verify(tasks[i % 500], right[i % 500]),
        "wrong": lambda i: verifier.verify(tasks[i % 500], right[(i + 1) % 500]),
        "episodes": episode,
        "lives": life,
    }
    return {name: rate(call, seconds) for name, call in calls.items()}


def peer_python() -> Path:
    """The interpreter of the peer's virtual environment, made on first use."""
    python = PEER_VENV / "bin" / "python"
    if not python.exists():
        Console(stderr=True).print(f"installing reasoning-gym {PEER_VERSION} into {PEER_VENV.name} (once)")
        venv.create(PEER_VENV, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"reasoning-gym=={PEER_VERSION}"], check=True)
    return python


def peer(task: str, seconds: float) -> dict[str, float]:
    """reasoning-gym's rates for one of its tasks."""
    command = [peer_python(), HERE / "peer_reasoning_gym.py", task, str(seconds)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(result.stdout.splitlines()[-1])


def best(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The highest rate of each name."""
    return {name: max(row[name] for row in rounds) for name in rounds[0]}


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.3, help="CPU seconds for each rate and round")
    parser.add_argument("--kinds", nargs="*", help="only these kinds, e.g. math.gcd")
    parser.add_argument("--no-peer", action="store_true", help="do not install or measure reasoning-gym")
    parser.add_argument("--json", type=Path, help="also write all figures to this file")
    args = parser.parse_args()
    rows = {}
    for kind in track(args.kinds or catalog.kinds(), "measuring", console=Console(stderr=True)):
        task = None if args.no_peer else PEER_TASKS.get(kind)
        mine, theirs = [], []
        for _ in range(ROUNDS):  # by turns, so that a busy moment of the machine hits both
            mine.append(ours(kind, args.seconds))
            if task:
                theirs.append(peer(task, args.seconds))
        rows[kind] = {"ours": best(mine), "peer": best(theirs) if theirs else None, "peer_task": task}

    table = Table(title=f"per CPU second and core, level {DEFAULT_LEVEL}; peer: reasoning-gym {PEER_VERSION}")
    table.add_column("kind")
    for column in (
        "tasks/s",
        "x peer",
        "verify right/s",
        "x peer",
        "verify wrong/s",
        "x peer",
        "reset+step/s",
        "make+reset+step",
    ):
        table.add_column(column, justify="right")
    table.add_column("peer task")
    for kind, row in rows.items():
        mine, theirs = row["ours"], row["peer"]

        def ratio(name: str, mine: dict = mine, theirs: dict | None = theirs) -> str:
            return f"{mine[name] / theirs[name]:.2g}" if theirs and theirs.get(name) else "-"

        table.add_row(
            kind, f"{mine['tasks']:,.0f}", ratio("tasks"), f"{mine['right']:,.0f}", ratio("right"),
            f"{mine['wrong']:,.0f}", ratio("wrong"), f"{mine['episodes']:,.0f}", f"{1e6 / mine['lives']:.0f} us",
            row["peer_task"] or "-",
        )  # fmt: skip
    Console(width=170).print(table)
    Console().print(f"Python {sys.version.split()[0]}, load average {os.getloadavg()[0]:.1f}", highlight=False)
    if args.json:
        args.json.write_text(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
