"""The check `formatting`: ways to write a right answer that do not change it keep full reward."""

from __future__ import annotations

from collections.abc import Iterator

from rlvr_envs.testing.forms import FORMS
from rlvr_envs.testing.result import CheckFailure
from rlvr_envs.testing.subject import Subject, kind_check
from task_generators import Task

_ITEMS = 3


@kind_check("formatting")
def check_formatting(subject: Subject) -> None:
    """The key earns 1 in every marker that the family reads, decorated, and in the other forms of its answer type."""
    for level in subject.levels:
        for task in subject.tasks(level, _ITEMS):
            for response, what in (*_markers(subject, task), *_forms(subject, task)):
                verdict = subject.verifier.verify(task, response)
                if not verdict.success:
                    raise CheckFailure(
                        f"a right answer, {what}, was judged {verdict.status} ({verdict.failure}: {verdict.detail})",
                        "Fold what does not change the answer before comparing",
                        task.id,
                        response,
                    )


def _markers(subject: Subject, task: Task) -> Iterator[tuple[str, str]]:
    key = subject.key(task)
    markers = subject.verifier.markers
    yield f"  \n{subject.wrap(f'  {key}  ')}\n\n", "with spaces around it"
    yield subject.wrap(f"\n{key}\n"), "on a line of its own"
    yield f"<think>It may be {subject.wrap('0')}.</think>{subject.wrap(key)}", "after thinking"
    yield f"{subject.wrap(key)}\n{subject.wrap(key)}", "given twice"
    yield f"{subject.wrap(key)}\n\nI hope this helps!", "with a remark behind it"
    if "answer_tag" in markers:
        yield f"<answer>{key}</answer>", "in answer tags"
        yield f"<ANSWER>{key}</ANSWER>", "in upper-case tags"
    if "boxed" in markers:
        yield f"So it is \\boxed{{{key}}}.", "in a box"
        yield f"$$\\boxed{{ {key} }}$$", "in a box in dollars"
    if "answer_line" in markers:
        yield f"Answer: {key}", "on an answer line"
        yield f"answer: {key}.", "on an answer line with a full stop"
        yield f"**Final Answer:** {key}\n", "on a bold answer line"
        yield f"Therefore, the final answer is {key}.", "in a sentence"
    if {"answer_tag", "boxed"} <= set(markers):
        yield f"<answer>\\boxed{{{key}}}</answer>", "in a box in answer tags"
    if {"answer_line", "boxed"} <= set(markers):
        yield f"Answer: \\boxed{{{key}}}", "in a box on an answer line"
        yield subject.wrap(f"{key}."), "with a full stop"
        yield subject.wrap(f"${key}$"), "in dollars"
        yield subject.wrap(f"\\({key}\\)"), "in LaTeX parentheses"
        yield subject.wrap(f"**{key}**"), "in bold"


def _forms(subject: Subject, task: Task) -> Iterator[tuple[str, str]]:
    key = subject.key(task)
    forms = FORMS.get(str(task.reference.get("type")))
    for what, text in forms(key, task.reference) if forms else ():
        yield subject.wrap(text), what
