"""Answer extraction: which part of a response counts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rlvr_envs.core.extraction import MAX_SCAN_CHARS, ExtractionError, after_thinking, extract_answer

ALL = ("answer_tag", "boxed", "answer_line", "fence")

FOUND = [
    ("<answer>12</answer>", "12"),
    ("<ANSWER> 12\n</Answer>", "12"),
    ("First <answer>1</answer>, then after a long thought I see that it is rather <answer>2</answer>", "2"),
    ("<answer>1</answer> or <answer>2</answer>", "1, 2"),
    ("<answer>1</answer>, <answer>2</answer> and <answer>3</answer>", "1, 2, 3"),
    ("<answer>1</answer>\n<answer>2</answer>", "1, 2"),
    ("<answer>2</answer> or <answer>2</answer>", "2"),
    ("<answer>a <answer>b</answer>", "b"),
    ("\\boxed{12}", "12"),
    ("so $\\boxed{\\frac{1}{2}}$.", "\\frac{1}{2}"),
    ("\\boxed {7}", "7"),
    ("\\fbox{7}", "7"),
    ("\\boxed{\\{1, 2\\}}", "\\{1, 2\\}"),
    ("\\boxed{1} and \\boxed{2}", "1, 2"),
    ("\\boxed{1} is wrong, since 2 is prime and so on; the right one: \\boxed{2}", "2"),
    ("\\boxed{x = \\boxed{5}}", "5"),
    ("<answer>\\boxed{5}</answer>", "5"),
    ("Answer: 42", "42"),
    ("**Answer:** 42", "42"),
    ("**Final Answer:** 42.\n", "42."),
    ("The final answer is 42", "42"),
    ("Therefore, the final answer is: 42", "42"),
    ("So, my answer: 42\nGood bye.", "42"),
    ("Answer:\n42\nGood bye.", "42"),
    ("> answer = 42", "42"),
    ("Answer: \\boxed{5}", "5"),
    ("Answer: 3\nand in tags <answer>4</answer>", "4"),
    ("<answer>4</answer>\nAnswer: 3", "3"),
    ("<think><answer>1</answer></think><answer>2</answer>", "2"),
    ("<think>a</think><think>b</think> Answer: 9", "9"),
    ("```\nx = 1\n```", "x = 1"),
    ("```python\nx = 1\n```\nBetter:\n```python\ny = 2\n```", "y = 2"),
]


@pytest.mark.parametrize(("response", "answer"), FOUND)
def test_found(response, answer):
    assert extract_answer(response, ALL) == answer


NOT_FOUND = [
    ("", "no_answer"),
    ("12", "no_answer"),
    ("I do not know the answer", "no_answer"),
    ("<answer>12", "no_answer"),
    ("12</answer>", "no_answer"),
    ("</answer>12<answer>", "no_answer"),
    ("\\boxed{12", "no_answer"),
    ("\\boxed12", "no_answer"),
    ("<answer></answer>", "empty_answer"),
    ("<answer> \n </answer>", "empty_answer"),
    ("\\boxed{}", "empty_answer"),
    ("<answer>5</answer> No: <answer></answer>", "empty_answer"),
    ("<think><answer>12</answer>", "no_answer"),
    ("<think><answer>12</answer></think>", "no_answer"),
    ("<answer>12</answer><think>", "no_answer"),
    ("answers: 12", "no_answer"),
]


@pytest.mark.parametrize(("response", "failure"), NOT_FOUND)
def test_not_found(response, failure):
    with pytest.raises(ExtractionError) as error:
        extract_answer(response)
    assert error.value.failure == failure


def test_only_named_markers_are_read():
    text = "<answer>1</answer> \\boxed{2}\nAnswer: 3\n```\n4\n```\n"
    assert [extract_answer(text, [marker]) for marker in ALL] == ["1", "2", "3", "4"]
    with pytest.raises(ExtractionError):
        extract_answer("\\boxed{2}", ["answer_tag"])


def test_only_the_end_is_searched():
    assert extract_answer("x" * MAX_SCAN_CHARS + "<answer>1</answer>") == "1"
    with pytest.raises(ExtractionError):
        extract_answer("<answer>1</answer>" + "x" * MAX_SCAN_CHARS)


@pytest.mark.parametrize(
    ("response", "tail"),
    [
        ("a</think>b", "b"),
        ("<think>a", ""),
        ("a</think>b<think>c", ""),
        ("a", "a"),
        ("<think>a</think>b</think>c", "c"),
    ],
)
def test_after_thinking(response, tail):
    assert after_thinking(response) == tail


PIECES = st.sampled_from(
    [
        "<answer>",
        "</answer>",
        "\\boxed{",
        "}",
        "{",
        "\\{",
        "\\}",
        "\\",
        "Answer:",
        "answer",
        "the final answer is ",
        "```",
        "\n",
        " ",
        "or",
        ",",
        "and",
        "<think>",
        "</think>",
        "**",
        "$",
        "12",
        "-3/4",
        "x",
        "\x00",
        "\ud800",
        "\u202e",
        ">",
        "#",
    ]
)
RESPONSES = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))


def read(response):
    try:
        return extract_answer(response, ALL), None
    except ExtractionError as error:
        return None, error.failure


@settings(max_examples=500, deadline=None)
@given(RESPONSES)
def test_it_gives_a_part_of_the_response_or_says_why_not(response):
    answer, failure = read(response)
    if answer is None:
        assert failure in ("no_answer", "empty_answer")
    else:
        assert answer
        assert answer == answer.strip() or ", " in answer
        assert all(part in response for part in answer.split(", "))


ANSWERS = st.text("0123456789+-*/^(). xyz,", min_size=1, max_size=30).filter(str.strip)


@given(ANSWERS, st.text("abc .\n", max_size=80), st.text("abc .\n", max_size=80))
def test_the_last_marker_wins_whatever_stands_around_it(answer, before, after):
    for wrapped in (f"<answer>{answer}</answer>", f"\\boxed{{{answer}}}"):
        assert extract_answer(before + wrapped + after) == answer.strip()
        assert extract_answer(f"<answer>wrong</answer> {'but no. ' * 10} {before}{wrapped}{after}") == answer.strip()


@given(ANSWERS, ANSWERS)
def test_side_by_side_answers_are_never_one_of_them(one, other):
    text = f"<answer>{one}</answer> or <answer>{other}</answer>"
    if one.strip() != other.strip():
        assert extract_answer(text) == f"{one.strip()}, {other.strip()}"


ADVERSARIAL = {
    "open tags": lambda n: "<answer>" * n,
    "close tags": lambda n: "</answer>" * n,
    "pairs": lambda n: "<answer>x</answer>" * n,
    "joined pairs": lambda n: "<answer>x</answer> or " * n,
    "different joined pairs": lambda n: "".join(f"\\boxed{{{i}}}, " for i in range(n)),
    "open boxes": lambda n: "\\boxed{" * n,
    "nested boxes": lambda n: "\\boxed{" * n + "x" + "}" * n,
    "braces": lambda n: "{" * n + "\\boxed{1}" + "}" * n,
    "backslashes": lambda n: "\\" * n + "boxed{1}",
    "lines": lambda n: "Answer: \n" * n,
    "lines of blanks": lambda n: "Answer:" + " " * n + "\n" + " " * n,
    "line starts": lambda n: "> " * n + "answer",
    "fences": lambda n: "```\n" * n,
    "thinking": lambda n: "<think>" * n + "</think>" * n,
    "joiners": lambda n: "\\boxed{1}" + " or and," * n + "\\boxed{2}",
    "words": lambda n: "the final answer " * n,
    "blanks": lambda n: " " * n + "answer",
    "digits": lambda n: "<answer>" + "9" * n + "</answer>",
}


@pytest.mark.parametrize("shape", ADVERSARIAL.values(), ids=ADVERSARIAL)
def test_time_grows_no_faster_than_the_response(shape):
    """Four times the input may take four times as long, with room for noise: not sixteen times."""

    def seconds(n):
        text = shape(n)[:MAX_SCAN_CHARS]
        best = 9.0
        for _ in range(5):
            start = time.process_time()
            read(text)
            best = min(best, time.process_time() - start)
        return best, len(text)

    (small, size), (large, larger) = seconds(500), seconds(2000)
    assert large <= 2.5 * (larger / size) * small + 0.002
    assert seconds(100_000)[0] < 0.1


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("The answer is 10016.", "10016."),
        ("Therefore, our answer is $12$", "$12$"),
        ("**Answer:**\n\n10016", "10016"),
        ("**Final Answer:**\n\n$$\n10016\n$$", "10016"),
        ("Answer： 12", "12"),
        ("<answer>\nAnswer: 12</answer>", "12"),
        ("<answer>12</answer>\n\nThe final answer is in the tags above.", "12"),
        ("$x = \\boxed{-30}$ or $x = \\boxed{-16}$", "-30, -16"),
        ("\\boxed{3}, \\boxed{3}, \\boxed{7}", "3, 3, 7"),
        ("\\boxed{-30} \\quad \\text{and} \\quad \\boxed{-16}", "-30, -16"),
    ],
)
def test_answers_as_models_write_them(response, answer):
    assert extract_answer(response) == answer


@pytest.mark.parametrize(
    "response",
    ["<answer>1 or 7 or \\boxed{2}</answer>", "<answer>\\boxed{2} or 7</answer>", "\\boxed{7 \\text{ or } \\boxed{2}}",
     "<answer>1</answer>(or)<answer>2</answer>", "<answer>1</answer> or maybe even <answer>2</answer>"],
)  # fmt: skip
def test_a_hedge_around_the_last_marker_is_part_of_the_answer(response):
    assert extract_answer(response).replace(",", " or").count("or") >= 1
