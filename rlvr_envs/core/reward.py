"""Reward schemes: how a verdict, its turn and the history become the float that trains.

A scheme is a base (`binary`, `graded`, `quality`) followed by any modifiers, written as
`"graded+turn_discount(0.5)+repetition_penalty(0.5)"`, or any function `Turn -> float`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from rlvr_envs.core.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Turn:
    """What a reward scheme sees of one turn.

    Attributes:
        verdict: The verdict on this turn's response.
        number: 0 for the first answer.
        last: Whether the episode ends with this turn.
        responses: All raw responses so far, this one last.
        canonical: Turns a response into its canonical answer.
    """

    verdict: Verdict
    number: int
    last: bool
    responses: tuple[str, ...]
    canonical: Callable[[str], str | None]

    @property
    def answers(self) -> tuple[str | None, ...]:
        """The canonical answers of `responses`; None where there was no readable one."""
        return tuple(map(self.canonical, self.responses))


RewardScheme = Callable[[Turn], float]
Modifier = Callable[[float, Turn], float]


def binary(turn: Turn) -> float:
    """1 if correct, else 0."""
    return float(turn.verdict.success)


def graded(turn: Turn) -> float:
    """The verdict's score, in [0, 1]."""
    return turn.verdict.score


def quality(turn: Turn) -> float:
    """The verdict's `quality` component where the family gives one (optimization), else its score."""
    return turn.verdict.components.get("quality", turn.verdict.score)


def turn_discount(gamma: float) -> Modifier:
    """Multiply by `gamma**turn`: a late success is worth less (UFO, arXiv 2507.14295)."""
    return lambda value, turn: value * gamma**turn.number


def repetition_penalty(weight: float) -> Modifier:
    """At the end, subtract `weight * (1 - E/T)`: E different answers in T turns (UFO, arXiv 2507.14295)."""

    def modify(value: float, turn: Turn) -> float:
        if not turn.last:
            return value
        answers = turn.answers
        return value - weight * (1.0 - len(set(answers)) / len(answers))

    return modify


def format_bonus(weight: float) -> Modifier:
    """Add `weight` to a response whose answer could be read. It pays wrong answers: keep it small, or leave it out."""
    return lambda value, turn: value + weight * (turn.verdict.status not in ("malformed", "invalid"))


def length_penalty(max_chars: float, buffer: float) -> Modifier:
    """Soft overlong punishment, in characters: 0 up to `max_chars - buffer`, -1 from `max_chars` (DAPO, eq. 13)."""

    def modify(value: float, turn: Turn) -> float:
        over = len(turn.responses[-1]) - (max_chars - buffer)
        return value - min(max(over / buffer, 0.0), 1.0)

    return modify


BASES: dict[str, RewardScheme] = {"binary": binary, "graded": graded, "quality": quality}
MODIFIERS: dict[str, Callable[..., Modifier]] = {
    "turn_discount": turn_discount,
    "repetition_penalty": repetition_penalty,
    "format": format_bonus,
    "length": length_penalty,
}
_ARITY = {"turn_discount": 1, "repetition_penalty": 1, "format": 1, "length": 2}
_CALL = re.compile(r"([a-z_]+)(?:\(([^()]*)\))?")


def reward_scheme(spec: str | RewardScheme) -> RewardScheme:
    """The scheme that a text such as `"binary+turn_discount(0.5)"` names; a function is returned as it is.

    Raises:
        ValueError: If the text names an unknown scheme or has a wrong number of arguments.
    """
    if callable(spec):
        return spec
    base_name, *rest = str(spec).replace(" ", "").split("+")
    if base_name not in BASES:
        raise ValueError(f"unknown reward scheme {base_name!r}: a scheme begins with one of {', '.join(BASES)}")
    base = BASES[base_name]
    if not rest:
        return base
    return Composed(base, tuple(_modifier(text) for text in rest), str(spec))


@dataclass(frozen=True)
class Composed:
    """A base scheme followed by modifiers, applied from left to right."""

    base: RewardScheme
    modifiers: tuple[Modifier, ...]
    spec: str

    def __call__(self, turn: Turn) -> float:
        """The reward of a turn."""
        value = self.base(turn)
        for modify in self.modifiers:
            value = modify(value, turn)
        return value

    def __reduce__(self) -> tuple[Callable[..., RewardScheme], tuple[str]]:
        return reward_scheme, (self.spec,)  # the modifiers are closures; the text rebuilds them


def _modifier(text: str) -> Modifier:
    match = _CALL.fullmatch(text)
    name = match.group(1) if match else text
    if match is None or name not in MODIFIERS:
        raise ValueError(f"unknown reward modifier {text!r}: there are {', '.join(f'{m}(...)' for m in MODIFIERS)}")
    try:
        arguments = [float(part) for part in (match.group(2) or "").split(",") if part]
    except ValueError:
        raise ValueError(f"reward modifier {text!r} takes numbers only") from None
    if len(arguments) != _ARITY[name] or not all(map(isfinite, arguments)):
        raise ValueError(f"reward modifier {name!r} takes {_ARITY[name]} finite number(s), got {text!r}")
    return MODIFIERS[name](*arguments)
