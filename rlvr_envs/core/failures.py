"""The closed vocabulary of failures: why an answer earned nothing, and whose fault it was."""

from __future__ import annotations

from typing import Final

MALFORMED: Final = {
    "no_answer": "the response holds no final answer in a form the family reads",
    "empty_answer": "the final answer is empty",
    "ambiguous_answer": "the final answer offers several different answers where one is asked",
    "unparsed_answer": "the final answer cannot be read as an answer of the asked type",
    "over_limit": "the response or its final answer is larger than the verifier's limits",
    "not_text": "the response is not a str",
}
"""The model's fault: there is no answer to judge."""

WRONG: Final = {
    "wrong_answer": "the answer was read and is not right",
    "wrong_form": "the value is right, but not in the form the task demands",
    "infeasible": "the answer breaks a rule of the task",
}
"""The model's fault: the answer was judged."""

INVALID: Final = {
    "verifier_error": "the verifier itself failed",
    "bad_reference": "the task's reference cannot be read",
    "reference_beaten": "a reference that was proven optimal has been beaten",
    "tool_missing": "a program that the verifier needs is not installed",
    "worker_lost": "the process that ran the verification was lost",
}
"""Our fault: no reward, and never a zero that trains."""

STATUS_OF: Final = {
    **dict.fromkeys(MALFORMED, "malformed"),
    **dict.fromkeys(WRONG, "wrong"),
    **dict.fromkeys(INVALID, "invalid"),
}
"""The verdict status that each failure belongs to."""

DESCRIPTION: Final = {**MALFORMED, **WRONG, **INVALID}
"""One line on each failure."""
