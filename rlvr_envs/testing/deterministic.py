"""The check `deterministic`: a task id means the same task everywhere, for ever."""

from __future__ import annotations

import json
import pickle
import random
import subprocess
import sys

import numpy as np

from rlvr_envs.testing.digests import digests
from rlvr_envs.testing.golden import entry_of, read_golden
from rlvr_envs.testing.hostile import child_env, spec_of
from rlvr_envs.testing.result import CheckFailure
from rlvr_envs.testing.subject import GOLDEN_PATH, Subject, kind_check
from task_generators import Task, TaskGenerator

_HASH_SEEDS = ("0", "1", "4242")
_TIMEOUT = 120.0


@kind_check("deterministic")
def check_deterministic(subject: Subject) -> None:
    """Equal digests in this process, in fresh ones under three hash seeds, after pickling, and in the golden file."""
    generator = subject.generator
    children = {seed: _start(subject, seed) for seed in _HASH_SEEDS}
    try:
        before = _global_states()
        found = digests(generator)
        _round_trip(subject)
        if _global_states() != before:
            raise CheckFailure(
                "drawing or judging advanced the global stream of `random` or `np.random`",
                "Draw from the stream that `draw` is handed, and from nothing else",
                generator.name,
            )
        advice = "Draw from `rng` only; iterate sorted lists, never sets; use no clock, no `hash()`, no state"
        _same(subject, found, digests(generator), "when they were drawn a second time", advice)
        _same(
            subject,
            found,
            digests(_pickled(generator)),
            "after the generator was pickled",
            "Keep no state in the generator",
        )
        for seed, child in children.items():
            _same(subject, found, _finish(subject, child), f"in a fresh process with PYTHONHASHSEED={seed}", advice)
    finally:
        for child in children.values():
            child.kill()
            child.communicate()
    _golden(subject, found)


def _pickled(generator: TaskGenerator) -> TaskGenerator:
    try:
        return pickle.loads(pickle.dumps(generator))  # noqa: S301  (our own bytes)
    except Exception as error:
        raise CheckFailure(
            f"the generator does not survive pickle: {type(error).__name__}: {error}",
            "Keep no state in the generator: worker pools send it to other processes",
            generator.name,
        ) from error


def _global_states() -> list[str]:
    return [repr(random.getstate()), repr(np.random.get_state())]  # noqa: NPY002  (to see that nobody uses it)


def _round_trip(subject: Subject) -> None:
    for level in subject.levels:
        task = subject.generator.task("train", level, 0)
        subject.verifier.verify(task, task.solution)
        try:
            rebuilt = Task.from_dict(json.loads(json.dumps(task.to_dict(), allow_nan=False)))
        except (TypeError, ValueError) as error:
            raise CheckFailure(f"the task is not JSON-able: {error}", "Use str, int, list and dict", task.id) from error
        if rebuilt != task:
            raise CheckFailure(
                "the task is another one after `Task.from_dict(json.loads(json.dumps(task.to_dict())))`",
                "Use lists for tuples and str for the keys of dicts in `reference` and `meta`",
                task.id,
            )


def _start(subject: Subject, hash_seed: str) -> subprocess.Popen[str]:
    code = "from rlvr_envs.testing.digests import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, spec_of(subject.generator)],
        env=child_env(PYTHONHASHSEED=hash_seed),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _finish(subject: Subject, child: subprocess.Popen[str]) -> dict[str, str]:
    out, err = child.communicate(timeout=_TIMEOUT)
    if child.returncode:
        raise CheckFailure(
            f"the kind cannot be drawn in a fresh process: {(err.strip().splitlines() or ['?'])[-1]:.300}",
            "The generator must be a class at the top level of an importable module, built without arguments",
            subject.generator.name,
        )
    return json.loads(out)


def _same(subject: Subject, found: dict[str, str], other: dict[str, str], when: str, advice: str) -> None:
    for level, digest in found.items():
        if other.get(level) != digest:
            raise CheckFailure(f"the items of level {level} were different {when}", advice, subject.generator.name)


def _golden(subject: Subject, found: dict[str, str]) -> None:
    entry = entry_of(subject.generator)
    golden = read_golden(subject.golden_path)
    option = "" if subject.golden_path == GOLDEN_PATH else f" --golden {subject.golden_path}"
    if entry not in golden:
        raise CheckFailure(
            f"{entry} has no golden digests in {subject.golden_path}",
            f"Write them with: rlvr check {subject.generator.name} --write-golden{option}",
            subject.generator.name,
        )
    changed = [level for level in found.keys() | golden[entry].keys() if found.get(level) != golden[entry].get(level)]
    if changed:
        raise CheckFailure(
            f"{entry} draws other tasks than its golden digests record, at level(s) {', '.join(sorted(changed))}",
            f"Raise `version` to {subject.generator.version + 1}, then: "
            f"rlvr check {subject.generator.name} --write-golden{option}",
            subject.generator.name,
        )
