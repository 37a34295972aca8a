"""`MathVerifier`: from the answer text to a verdict."""

from __future__ import annotations

from rlvr_envs.core.verdict import Verdict
from rlvr_envs.core.verifier import Verifier
from rlvr_envs.families.math.answers import ANSWER_TYPES
from rlvr_envs.families.math.canonical import canonical_text
from rlvr_envs.families.math.literals import AmbiguousFault, FormFault
from rlvr_envs.families.math.syntax import LimitFault, SyntaxFault, clean
from task_generators import Task


class MathVerifier(Verifier):
    """Judges answers by exact value and by the form that their type demands.

    The reference is a dict with `type` (a name of `answers.ANSWER_TYPES`), `answer` (text), and what the type needs.
    """

    def judge(self, task: Task, answer: str) -> Verdict:
        """Compare the answer with the task's reference."""
        reference = task.reference
        compare = ANSWER_TYPES.get(reference.get("type", ""))
        wanted = reference.get("answer")
        if compare is None or not isinstance(wanted, str):
            return Verdict.failed("bad_reference", f"unknown answer type {reference.get('type')!r:.50}")
        try:
            text = clean(answer)
            if text == wanted:
                return Verdict.correct()
            failure = compare(reference, text)
        except FormFault:
            failure, detail = "wrong_form", ""
        except SyntaxFault as fault:
            failure, detail = "unparsed_answer", str(fault)
        except AmbiguousFault:
            failure, detail = "ambiguous_answer", ""
        except LimitFault as fault:
            failure, detail = "over_limit", str(fault)
        else:
            return Verdict.correct() if failure is None else Verdict.failed(failure)
        # Was it the reference that could not be read? Asked only now, as it costs as much as the verification.
        try:
            if compare(reference, clean(wanted)) is not None:
                return Verdict.failed("bad_reference")
        except (SyntaxFault, AmbiguousFault, LimitFault, FormFault):
            return Verdict.failed("bad_reference")
        return Verdict.failed(failure, detail)

    def canonical_answer(self, task: Task, answer: str) -> str | None:
        """A text that is the same for equal answers of the task's type; None for one that cannot be read."""
        try:
            return canonical_text(task.reference, clean(answer))
        except (SyntaxFault, AmbiguousFault, LimitFault, FormFault):
            return None
