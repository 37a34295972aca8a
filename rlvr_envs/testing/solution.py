"""The check `solution`: the worked solution earns full reward, and a second method agrees with the key."""

from __future__ import annotations

from rlvr_envs.testing.result import CheckFailure
from rlvr_envs.testing.subject import Subject, kind_check
from task_generators.seeding import SPLITS

_SOLUTIONS = 100
_INDEPENDENT = 10


@kind_check("solution")
def check_solution(subject: Subject) -> None:
    """Every solution earns 1 at every level, and `solve_independently` gives a right answer."""
    for level in subject.levels:
        tasks = subject.tasks(level, _SOLUTIONS)
        others = [subject.generator.task(split, level, index) for split in SPLITS[1:] for index in range(3)]
        for task in tasks + others:
            verdict = subject.verifier.verify(task, task.solution)
            if not verdict.success:
                raise CheckFailure(
                    f"the kind's own solution was judged {verdict.status} ({verdict.failure}: {verdict.detail})",
                    "Make `write` and the verifier agree on the reference and its type",
                    task.id,
                    task.solution[-200:],
                )
        for task in tasks[:_INDEPENDENT]:
            answer = subject.generator.solve_independently(task.prompt)
            verdict = subject.verifier.verify(task, subject.wrap(answer))
            if not verdict.success:
                raise CheckFailure(
                    f"`solve_independently` disagrees with the key {subject.key(task)!r:.120}: judged {verdict.status} "
                    f"({verdict.failure}: {verdict.detail})",
                    "One of the two methods is wrong; work the item out by hand",
                    task.id,
                    answer,
                )
