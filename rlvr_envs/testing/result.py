"""`CheckResult`, and the one way in which a check ends in it."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check. A check passes or fails; there is no third way.

    Attributes:
        check: Name of the check, e.g. `hostile`.
        kind: What was checked: a task kind or an environment id.
        passed: Whether the contract holds.
        detail: Empty if passed; else the failing item, the answer tried, what happened and what to do.
        seconds: CPU seconds spent, those of child processes included.
    """

    check: str
    kind: str
    passed: bool
    detail: str
    seconds: float


class CheckFailure(Exception):
    """A contract is broken.

    Args:
        happened: What happened.
        advice: What to do about it.
        task: Id of the failing task, if it is one task.
        answer: The answer tried, if there was one.
    """

    def __init__(self, happened: str, advice: str, task: str = "", answer: object = None):
        tried = "" if answer is None else f"answer {shown(answer)}: "
        super().__init__(f"{task}{': ' if task else ''}{tried}{happened}. {advice}")


def shown(value: object, limit: int = 160) -> str:
    """`repr` of a value, cut in the middle, with anything unprintable escaped."""
    text = ascii(value[: 2 * limit]) if isinstance(value, str | bytes) else ascii(value)
    return text if len(text) <= limit else f"{text[: limit - 40]} ... {text[-20:]}"


def run_check(check: str, kind: str, body: Callable[[], None]) -> CheckResult:
    """Run one check. An exception of whatever kind is a failure, never a skip.

    Args:
        check: Name of the check.
        kind: What is checked.
        body: Returns if the contract holds, raises `CheckFailure` if not.
    """
    start = _cpu_seconds()
    detail = ""
    try:
        body()
    except CheckFailure as failure:
        detail = str(failure)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{frame.filename}:{frame.lineno}"
        detail = f"{kind}: the check could not finish: {type(error).__name__}: {shown(str(error), 400)} at {where}"
    return CheckResult(check, kind, not detail, detail, _cpu_seconds() - start)


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
