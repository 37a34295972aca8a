"""The families: for each, who judges its answers and what the assistant is told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module

from rlvr_envs.core.verifier import Verifier

ANSWER_IN_TAGS = "Work step by step, then give the final answer alone inside <answer> and </answer>."


@dataclass(frozen=True, slots=True)
class Family:
    """How the tasks of a family are judged.

    Attributes:
        name: The part of a kind's name before the dot.
        verifier: `module:Class` of its `Verifier`, imported on first use.
        system: The system message: the form in which the answer is wanted.
    """

    name: str
    verifier: str
    system: str = ANSWER_IN_TAGS


FAMILIES: dict[str, Family] = {}


def register_family(family: Family) -> None:
    """Add a family.

    Raises:
        ValueError: If the name is taken by a different family.
    """
    if FAMILIES.setdefault(family.name, family) != family:
        raise ValueError(f"family {family.name!r} is already registered: {FAMILIES[family.name]}")


def get_family(name: str) -> Family:
    """The family of this name.

    Raises:
        ValueError: If there is none.
    """
    if name not in FAMILIES:
        raise ValueError(f"unknown family {name!r}: there are {', '.join(FAMILIES)}")
    return FAMILIES[name]


@cache
def get_verifier(family: str) -> Verifier:
    """The verifier of a family: one shared instance, since verifiers hold no state.

    Raises:
        ValueError: If there is no such family.
    """
    module, _, attribute = get_family(family).verifier.partition(":")
    return getattr(import_module(module), attribute)()


register_family(Family("math", "rlvr_envs.families.math.verifier:MathVerifier"))
