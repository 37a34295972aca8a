"""What the environment says after an answer that was not right."""

from __future__ import annotations

from collections.abc import Callable

from rlvr_envs.core.failures import DESCRIPTION
from rlvr_envs.core.verdict import Verdict
from task_generators import Task, catalog

Feedback = Callable[[Task, Verdict, int], str]
"""(task, verdict, number of answers given so far) -> the next user turn. It must not reveal the reference."""


def unary(task: Task, verdict: Verdict, tries: int) -> str:
    """Only that it was not right (unary feedback as observation, arXiv 2507.14295)."""
    return "That is not right. Let's try again."


def verdict(task: Task, verdict: Verdict, tries: int) -> str:
    """Why it was not right, as far as that does not tell the answer."""
    if verdict.status == "partial":
        return f"Your answer earns {verdict.score:.3f} of 1. Try to improve it."
    return f"That is not right: {DESCRIPTION[verdict.failure or 'wrong_answer']}. Try again."


def hint(task: Task, verdict: Verdict, tries: int) -> str:
    """The first steps of the worked solution, one more after each try, never more than half of them."""
    steps = catalog.get(task.kind).hint(task, tries)
    return (
        f"That is not right. Here is how a solution begins:\n{steps}\nTry again."
        if steps
        else unary(task, verdict, tries)
    )


FEEDBACK: dict[str, Feedback] = {"unary": unary, "verdict": verdict, "hint": hint}


def resolve_feedback(feedback: str | Feedback) -> Feedback:
    """The feedback of this name; a function is returned as it is.

    Raises:
        ValueError: If the name is unknown.
    """
    if callable(feedback):
        return feedback
    if feedback not in FEEDBACK:
        raise ValueError(f"unknown feedback {feedback!r}: it must be a function or one of {', '.join(FEEDBACK)}")
    return FEEDBACK[feedback]
