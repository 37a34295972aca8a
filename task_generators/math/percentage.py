"""Percentages: parts, shares, changes and the number before a change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from task_generators.generator import Draft, TaskGenerator, worked

# (forms, how many percentages, step between percentages, largest number, step between numbers) by level; `of` is a
# percentage of a number, `share` what percent one number is of another, `change` the number after increases and
# decreases, `before` the number before them
_LEVELS = (
    (("of",), 1, 10, 2490, 10),
    (("of", "change"), 1, 5, 990, 5),
    (("of", "share", "change"), 1, 1, 600, 1),
    (("of", "share", "change", "before"), 1, 1, 9999, 1),
    (("of", "change", "before"), 2, 5, 995, 5),
    (("of", "change", "before"), 2, 5, 9999, 1),
    (("of", "change", "before"), 2, 1, 9999, 1),
    (("of", "change", "before"), 3, 5, 9999, 1),
    (("of", "change", "before"), 3, 1, 9999, 1),
    (("of", "change", "before"), 4, 1, 9999, 1),
)


class Percentage(TaskGenerator):
    """`What is 35% of 240?`."""

    name = "math.percentage"
    summary = "percentages of numbers, shares and changes; answer: an integer or a decimal"

    def draw(self, rng: np.random.Generator, level: int) -> tuple[str | int, ...]:
        """`(form, number, percentage, ...)`; the percentages of a change are signed."""
        forms, count, percent_step, high, step = _LEVELS[level]
        while True:
            form_pick, number_pick, *picks = rng.integers(1 << 40, size=2 + count).tolist()
            form = forms[form_pick % len(forms)]
            number = (number_pick % (high // step - 1) + 2) * step
            percents = [(pick // 2 % (99 // percent_step) + 1) * percent_step for pick in picks]
            if form in ("change", "before"):
                percents = [percent if pick % 2 else -percent for pick, percent in zip(picks, percents, strict=True)]
            after = number
            for factor in _factors(form, percents):
                after *= factor
            if number != 100 and after != number * 100**count:  # or else the answer would stand in the prompt
                return (form, number, *percents)

    def write(self, params: tuple[Any, ...]) -> Draft:
        """Multiply by the percentage digit by digit and divide by 100; the other way round for the number before."""
        form, number, *percents = params
        factors = _factors(form, percents)
        answer, steps = _forward(number, factors)
        if form == "of":
            prompt = f"What is {'% of '.join(map(str, reversed(percents)))}% of {number}? Give the exact value."
        elif form == "change":
            prompt = f"What is {number} {_changes(percents)}? Give the exact value."
            steps = [*map(_sum, percents), *steps]
        elif form == "share":
            prompt = f"What percent of {number} is {answer}? Answer without a percent sign."
            steps, answer = _quotient(number, percents[0], 0, answer), str(percents[0])
        else:
            prompt = f"A number is {_changes(percents)}. The result is {answer}. What was the number?"
            steps, answer = [*map(_sum, percents), *_backward(number, factors)], str(number)
        return Draft(
            prompt=prompt,
            reference={"type": "rational", "answer": answer, "reduced": True},
            solution=worked(steps, answer),
            meta={"form": form, "percentages": len(percents)},
        )

    def solve_independently(self, prompt: str) -> str:
        """Exact fractions: each percentage is a factor of its own."""
        numbers = [Fraction(text) for text in re.findall(r"\d+(?:\.\d+)?", prompt)]
        if prompt.startswith("What percent"):
            whole, part = numbers
            return str(part / (whole / 100))
        if "% of" in prompt:
            *percents, value = numbers
            for percent in percents:
                value *= percent / 100
            return str(value)
        before = prompt.startswith("A number")
        value = numbers[-1] if before else numbers[0]
        for word, percent in re.findall(r"(increased|decreased) by (\d+)%", prompt):
            factor = 1 + Fraction(percent) / 100 if word == "increased" else 1 - Fraction(percent) / 100
            value = value / factor if before else value * factor
        return str(value)


def _factors(form: str, percents: Sequence[int]) -> list[int]:
    """What the number is multiplied by, in hundredths."""
    return [100 + percent for percent in percents] if form in ("change", "before") else list(percents)


def _changes(percents: Sequence[int]) -> str:
    return " and then ".join(f"{'increased' if p > 0 else 'decreased'} by {abs(p)}%" for p in percents)


def _sum(percent: int) -> str:
    return f"100{percent:+d}={100 + percent}"


def _decimal(number: int, places: int) -> str:
    """`number / 10**places` without trailing zeros."""
    if not places:
        return str(number)
    digits = str(number).rjust(places + 1, "0")
    part = digits[-places:].rstrip("0")
    return f"{digits[:-places]}.{part}" if part else digits[:-places]


def _forward(number: int, factors: Sequence[int]) -> tuple[str, list[str]]:
    """The number times each factor in hundredths, with one partial product for each digit of the factor."""
    places, text, steps = 0, str(number), []
    for factor in factors:
        total = 0
        for part in _parts(factor):
            steps.append(f"{text}*{part}={_decimal(number * part, places)}")
            if total:
                sums = _decimal(total, places), _decimal(number * part, places), _decimal(total + number * part, places)
                steps.append(f"{sums[0]}+{sums[1]}={sums[2]}")
            total += number * part
        number, places, product = total, places + 2, _decimal(total, places)
        text = _decimal(number, places)
        steps.append(f"{product}/100={text}")
    return text, steps


def _backward(number: int, factors: Sequence[int]) -> list[str]:
    """Undo the factors, last one first."""
    values = [number]
    for factor in factors:
        values.append(values[-1] * factor)
    steps = []
    for i in range(len(factors) - 1, -1, -1):
        steps += _quotient(factors[i], values[i], 2 * i, _decimal(values[i + 1], 2 * i + 2))
    return steps


def _quotient(divisor: int, quotient: int, places: int, text: str) -> list[str]:
    """100 times `text`, then the long division by `divisor`, which gives `quotient / 10**places`."""
    rest = divisor * quotient
    lines = [f"{text}*100={_decimal(rest, places)}"]
    for part in _parts(quotient):
        product = divisor * part
        lines.append(f"{divisor}*{_decimal(part, places)}={_decimal(product, places)}")
        lines.append(f"{_decimal(rest, places)}-{_decimal(product, places)}={_decimal(rest - product, places)}")
        rest -= product
    return [*lines, f"{_decimal(divisor * quotient, places)}/{divisor}={_decimal(quotient, places)}"]


def _parts(number: int) -> list[int]:
    """`[300, 40, 8]` for 348; zeros are left out."""
    digits = str(number)
    return [int(digit) * 10 ** (len(digits) - 1 - i) for i, digit in enumerate(digits) if digit != "0"]
