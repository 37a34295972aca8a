"""Digests of the first items of a kind: what must be the same in every process and on every machine."""

from __future__ import annotations

import json
import sys
from hashlib import sha256

from task_generators import TaskGenerator
from task_generators.seeding import SPLITS

ITEMS = 8


def digests(generator: TaskGenerator) -> dict[str, str]:
    """For each level the SHA-256 of the first 8 items of every split, as hexadecimal digits."""
    return {str(level): _digest(generator, level) for level in generator.levels}


def _digest(generator: TaskGenerator, level: int) -> str:
    digest = sha256()
    for split in SPLITS:
        for index in range(ITEMS):
            digest.update(json.dumps(generator.task(split, level, index).to_dict(), sort_keys=True).encode())
    return digest.hexdigest()


def main() -> None:
    """Write the digests of the generator class that the command line names, as JSON."""
    from rlvr_envs.testing.hostile_worker import build

    sys.stdout.write(json.dumps(digests(build(sys.argv[1]))))
