"""Floor 1: what to ask. Pure, seeded task kinds; no gymnasium, no torch, no I/O at import."""

import task_generators.math as _math  # noqa: F401  (registers its kinds)
from task_generators.catalog import UnknownKindError
from task_generators.compose import Mixture
from task_generators.generator import DEFAULT_LEVEL, Draft, TaskGenerator, worked
from task_generators.seeding import SPLITS
from task_generators.task import Task, TaskId, TaskIdError

__all__ = [
    "DEFAULT_LEVEL",
    "SPLITS",
    "Draft",
    "Mixture",
    "Task",
    "TaskGenerator",
    "TaskId",
    "TaskIdError",
    "UnknownKindError",
    "worked",
]
