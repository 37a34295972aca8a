r"""Answer extraction: the one place that decides which part of a response is its final answer.

The text after the last `</think>` counts; in it the last marker of the kinds that the family names. Answers given side
by side (`\boxed{1} or \boxed{2}`) are one answer, a list, so that offering several never pays where one is asked.
Linear time in the response on any input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

Marker = Literal["answer_tag", "boxed", "answer_line", "fence"]
"""`<answer>12</answer>`, `\\boxed{12}`, a line `Answer: 12` (or `The answer is 12`), a fenced code block."""

MAX_SCAN_CHARS = 65_536
"""Only this much of the end of a response is searched for its answer."""


class ExtractionError(Exception):
    """No usable final answer; `failure` is the word of `core.failures` for it."""

    def __init__(self, failure: str):
        super().__init__(failure)
        self.failure = failure


class Span(NamedTuple):
    """One marker found: where it stands, and where the answer inside it stands."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    marker: Marker


_BRACES = re.compile(r"\\(?:boxed|fbox)[ \t]{0,4}\{|\\.|[{}]", re.DOTALL)
_TAGS = re.compile(r"<(/?)answer>", re.IGNORECASE)
_LINE = re.compile(
    r"^[ \t>*_#-]{0,12}(?:(?:so|thus|therefore|hence),?[ \t])?(?:the |my |our )?(?:final |correct )?answer"
    r"(?:[*_]{0,3}[ \t]{0,4}[:=：]| is:?(?![a-z]))[*_]{0,3}",
    re.IGNORECASE | re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t]{0,3}```", re.MULTILINE)
# What may stand between two answers that belong together.
_JOINER = re.compile(
    r"(?:[\s,;/$|()]|\\[()\[\],;]|\\q?quad\b|\\text\s?\{[^{}]{0,12}\}|[a-z](?:_\{?\w\}?)?\s?="
    r"|\b(?:or|and|maybe|even|perhaps|possibly|alternatively|either|else|also|not)\b)*",
    re.IGNORECASE,
)
# In a tag or a box around another marker this shows that the inner one is not the whole answer.
_DIGIT = re.compile(r"\d")
_MORE = re.compile(r"\d|\b(?:or|and)\b", re.IGNORECASE)
_MAX_JOINER_CHARS = 60
_MAX_JOINED = 64
_MAX_BLANK_LINES = 3


def _boxed(text: str) -> Iterator[Span]:
    opened: list[tuple[int, int] | None] = []  # None stands for a plain brace
    for match in _BRACES.finditer(text):
        token = match.group()
        if len(token) > 2:
            opened.append(match.span())
        elif token == "{":
            opened.append(None)
        elif token == "}" and opened:
            box = opened.pop()
            if box is not None:
                yield Span(box[0], match.end(), box[1], match.start(), "boxed")


def _answer_tags(text: str) -> Iterator[Span]:
    opened: re.Match[str] | None = None
    for match in _TAGS.finditer(text):
        if not match.group(1):
            opened = match  # of nested openings the innermost counts
        elif opened is not None:
            yield Span(opened.start(), match.end(), opened.end(), match.start(), "answer_tag")
            opened = None


def _answer_lines(text: str) -> Iterator[Span]:
    for match in _LINE.finditer(text):
        start = match.end()
        for _ in range(_MAX_BLANK_LINES):  # the answer may stand on a line of its own further down
            end = text.find("\n", start)
            if end < 0 or text[start:end].strip(" \t\r*_$\\["):
                break
            start = end + 1
        else:
            end = text.find("\n", start)
        end = len(text) if end < 0 else end
        closing = text.find("</answer>", start, end)
        end = end if closing < 0 else closing
        yield Span(match.start(), end, start, end, "answer_line")


def _fences(text: str) -> Iterator[Span]:
    ticks = list(_FENCE.finditer(text))
    for opening, closing in zip(ticks[::2], ticks[1::2], strict=False):
        body = text.find("\n", opening.end()) + 1
        if 0 < body <= closing.start():
            yield Span(opening.start(), closing.end(), body, closing.start(), "fence")


# For each kind of marker its finder, and a text without which there is none of it: the quick way out.
_FINDERS = {
    "boxed": (_boxed, "box"),
    "answer_tag": (_answer_tags, "</answer>"),
    "answer_line": (_answer_lines, "answer"),
    "fence": (_fences, "```"),
}


def extract_answer(response: str, markers: Sequence[Marker] = ("answer_tag", "boxed", "answer_line")) -> str:
    r"""The final answer of a response, stripped.

    Args:
        response: The assistant's raw text.
        markers: Kinds of markers to read; the last one in the text wins, whatever its kind. Of markers inside one
            another (`Answer: \boxed{5}`) the innermost holds the answer.

    Returns:
        The answer text, never empty. Answers standing side by side are joined by `, `.

    Raises:
        ExtractionError: With failure `no_answer` or `empty_answer`.
    """
    final = after_thinking(response)[-MAX_SCAN_CHARS:]
    lowered = final.lower()
    spans: list[Span] = []
    for marker in markers:
        find, needle = _FINDERS[marker]
        if needle in lowered:
            spans += find(final)
    if not spans:
        raise ExtractionError("no_answer")
    if any(span.marker != "answer_line" for span in spans):  # remarks such as "The answer is in the tags above."
        spans = [span for span in spans if span.marker != "answer_line" or _DIGIT.search(final, *span[2:4])]
    spans.sort(key=lambda span: (span.start, -span.end))
    leaves = []
    outer: Span | None = None
    for span, following in zip(spans, [*spans[1:], None], strict=True):
        if following is None or not (span.inner_start <= following.start and following.end <= span.inner_end):
            leaves.append(span)
        elif span.marker != "answer_line":
            outer = span
    last = leaves.pop()
    if outer is not None and outer.inner_start <= last.start and last.end <= outer.inner_end:
        if _MORE.search(final[outer.inner_start : last.start]) or _MORE.search(final[last.end : outer.inner_end]):
            return final[outer.inner_start : outer.inner_end].strip()  # with its inner marker, which no type reads
    answers = [final[last.inner_start : last.inner_end].strip()]
    if not answers[0]:
        raise ExtractionError("empty_answer")
    start = last.start
    for span in reversed(leaves):
        near = span.marker == last.marker and 0 <= start - span.end <= _MAX_JOINER_CHARS
        if not near or len(answers) >= _MAX_JOINED or not _JOINER.fullmatch(final, span.end, start):
            break
        answers.append(final[span.inner_start : span.inner_end].strip())
        start = span.start
    if len(set(answers)) == 1:  # one answer given several times
        return answers[0]
    return ", ".join(reversed([answer for answer in answers if answer]))


def after_thinking(response: str) -> str:
    """The part of a response after its last `</think>`; nothing if its thinking was never closed."""
    tail = response.rpartition("</think>")[2]
    return "" if "<think>" in tail else tail
