"""A sound toy kind, and many that each break one contract. A module of its own, as the checks build them elsewhere."""

from __future__ import annotations

import os
import random
import re
import subprocess
import time
from itertools import count
from pathlib import Path

import numpy as np

from rlvr_envs.core.verdict import Verdict
from rlvr_envs.families.math.verifier import MathVerifier
from task_generators.generator import Draft, TaskGenerator, worked
from task_generators.task import Task


class Toy(TaskGenerator):
    """Sound: `What is 348 + 271?`."""

    name = "math.toy"
    levels = range(3)
    summary = "sums of two numbers"

    def draw(self, rng, level):
        return tuple(rng.integers(10 ** (3 + level), 10 ** (4 + level), size=2).tolist())

    def answer(self, params):
        return str(sum(params))

    def prompt(self, params):
        return f"What is {params[0]} + {params[1]}?"

    def meta(self, params):
        return {"digits": len(str(params[0]))}

    def steps(self, params):
        return [f"{params[0]} + {params[1] - params[1] % 10} = {sum(params) - params[1] % 10}", "then the ones"]

    def write(self, params):
        answer = self.answer(params)
        return Draft(
            self.prompt(params),
            {"type": "integer", "answer": answer},
            worked(self.steps(params), answer),
            self.meta(params),
        )

    def solve_independently(self, prompt):
        return str(sum(map(int, re.findall(r"\d+", prompt))))


# ------------------------------------------------------------------------------------------------------------ solution


class SolutionIsWrong(Toy):
    def write(self, params):
        return super().write(params)._replace(solution="<answer>1</answer>")


class KeyIsSometimesWrong(Toy):
    """Reference and solution agree; only the second method can tell."""

    def answer(self, params):
        return str(sum(params) + (params[0] % 5 == 0))


class TopLevelIsWrong(Toy):
    def answer(self, params):
        return str(sum(params) + (params[0] >= 10**5))


class ReferenceIsUnreadable(Toy):
    def answer(self, params):
        return "not a number"


# ------------------------------------------------------------------------------------------------------ no_free_reward


class AlwaysSeven(Toy):
    def answer(self, params):
        return "7"


class OftenSeven(Toy):
    """One answer in eight is 7."""

    def answer(self, params):
        return "7" if params[0] % 8 == 0 else super().answer(params)


class AnswerIsInPrompt(Toy):
    def answer(self, params):
        return str(params[1])


class PieceIsAnswer(Toy):
    """With `PaysEchoes`: a piece of the prompt that is not its longest has the right value."""

    def prompt(self, params):
        return f"What is {params[0]} + {params[1]}? It is not {' + '.join(['100'] * 9)}."


class AnswerIsOftenTheLargest(Toy):
    def answer(self, params):
        return str(max(params)) if params[0] % 4 == 0 else super().answer(params)


class Lenient(MathVerifier):
    def judge(self, task, answer):
        return Verdict.correct()


class PaysSubstrings(MathVerifier):
    def judge(self, task, answer):
        return Verdict.graded(float(task.reference["answer"] in answer))


class PaysHedges(MathVerifier):
    """Reads the last number only."""

    def judge(self, task, answer):
        numbers = re.findall(r"\d+", answer)
        return Verdict.graded(float(bool(numbers) and numbers[-1] == task.reference["answer"]))


class PaysEchoes(MathVerifier):
    """Works the answer out for the model: `348 + 271` counts as 619."""

    def judge(self, task, answer):
        if re.fullmatch(r"\d+( \+ \d+)*", answer):
            answer = str(sum(map(int, answer.split(" + "))))
        return super().judge(task, answer)


class PaysBytes(MathVerifier):
    def verify(self, task, response):
        return super().verify(task, response.decode() if isinstance(response, bytes) else response)


class PaysThinking(MathVerifier):
    def verify(self, task, response):
        if isinstance(response, str):
            response = response.replace("<think>", "").replace("</think>", "")
        return super().verify(task, response)


class PaysTrying(MathVerifier):
    """A little credit for any number."""

    def judge(self, task, answer):
        verdict = super().judge(task, answer)
        return Verdict.graded(0.1) if verdict.failure == "wrong_answer" else verdict


# ------------------------------------------------------------------------------------------------------------- hostile


class Evaluates(MathVerifier):
    def judge(self, task, answer):
        try:
            value = eval(answer)  # noqa: S307  (that is what is broken)
        except BaseException:
            return Verdict.failed("unparsed_answer")
        return Verdict.graded(float(str(value) == task.reference["answer"]))


class ComputesTowers(MathVerifier):
    """Executes nothing, but works powers out."""

    def judge(self, task, answer):
        if re.fullmatch(r"\d+(\*\*\d+)+", answer):
            value = 1
            for number in reversed(answer.split("**")):
                value = int(number) ** value
            return Verdict.failed("wrong_answer")
        return super().judge(task, answer)


class Raises(MathVerifier):
    def verify(self, task, response):
        if "\x00" in response:
            raise KeyError("NUL")
        return super().verify(task, response)


class BlamesUs(MathVerifier):
    """`float` raises on text that is no number, which ends as `verifier_error`."""

    def judge(self, task, answer):
        return Verdict.graded(float(float(answer) == float(task.reference["answer"])))


class IsSlow(MathVerifier):
    def judge(self, task, answer):
        if answer.count("(") > 100:
            end = time.process_time() + 0.3
            while time.process_time() < end:
                pass
        return super().judge(task, answer)


class LeavesFiles(MathVerifier):
    def judge(self, task, answer):
        Path("log.txt").write_text("an answer")
        return super().judge(task, answer)


class LeavesProcesses(MathVerifier):
    def judge(self, task, answer):
        if answer == "nan":
            subprocess.Popen(["sleep", "60"], start_new_session=True)
        return super().judge(task, answer)


class Exits(MathVerifier):
    def judge(self, task, answer):
        if answer == "inf":
            os._exit(3)
        return super().judge(task, answer)


class PaysTheHostile(MathVerifier):
    def judge(self, task, answer):
        return Verdict.correct() if "Verdict.correct()" in answer else super().judge(task, answer)


# ---------------------------------------------------------------------------------------------------------- formatting


class ComparesTexts(MathVerifier):
    def judge(self, task, answer):
        return Verdict.graded(float(answer == task.reference["answer"]))


class RefusesDecimals(MathVerifier):
    def judge(self, task, answer):
        return Verdict.failed("unparsed_answer") if "." in answer.rstrip(".") else super().judge(task, answer)


# ------------------------------------------------------------------------------------------------------- deterministic


class DependsOnHashSeed(Toy):
    def prompt(self, params):
        return f"What is {params[hash('a') % 2]} + {params[1 - hash('a') % 2]}?"


class DependsOnSetOrder(Toy):
    def meta(self, params):
        return {"words": list({"alpha", "beta", "gamma", "delta"})}


class DependsOnClock(Toy):
    def meta(self, params):
        return {"made": time.perf_counter_ns()}


class DependsOnProcess(Toy):
    def meta(self, params):
        return {"pid": os.getpid()}


class KeepsState(Toy):
    _calls = count()

    def meta(self, params):
        return {"calls": next(self._calls)}


class UsesGlobalRandom(Toy):
    def draw(self, rng, level):
        random.random()
        return super().draw(rng, level)


class UsesGlobalNumpy(Toy):
    def draw(self, rng, level):
        np.random.random()  # noqa: NPY002
        return super().draw(rng, level)


class IsNotJson(Toy):
    def meta(self, params):
        return {"both": params}


class CannotBePickled(Toy):
    def __init__(self):
        self.helper = lambda: None


class NextVersion(Toy):
    """The sound toy, whose wording was changed."""

    def prompt(self, params):
        return f"Add {params[0]} and {params[1]}."


class NextVersionRaised(NextVersion):
    version = 2


# -------------------------------------------------------------------------------------------------------------- splits


class SplitsAreTheSame(Toy):
    def task(self, split="train", level=0, index=0):
        task = super().task("train", level, index).to_dict()
        return Task.from_dict({**task, "split": split})


class ParamsHoldTooMuch(Toy):
    """The question depends on two of three parameters, so one question is in several splits."""

    def draw(self, rng, level):
        return tuple(rng.integers(10, 70, size=3).tolist())

    def answer(self, params):
        return str(params[0] + params[1])


class HasTenQuestions(Toy):
    def draw(self, rng, level):
        return int(rng.integers(10)), level


class RepeatsNeighbours(Toy):
    def task(self, split="train", level=0, index=0):
        return super().task(split, level, index // 2)


class ForgetsHighBits(Toy):
    def task(self, split="train", level=0, index=0):
        return super().task(split, level, index % 2**32)


# ------------------------------------------------------------------------------------------------------------- no_leak


class PromptTells(Toy):
    def prompt(self, params):
        return f"What is {params[0]} + {params[1]}? (Key: {self.answer(params)})"


class PromptHoldsReference(Toy):
    def prompt(self, params):
        reference = {"type": "integer", "answer": self.answer(params)}
        return f"What is {params[0]} + {params[1]}? {reference}"


class PromptHoldsSteps(Toy):
    def steps(self, params):
        return [f"first {params[0]} of {params}", f"then {params[1]} of {params}"]

    def prompt(self, params):
        return f"What is {params[0]} + {params[1]}? {' '.join(self.steps(params))}"


class MetaTells(Toy):
    def meta(self, params):
        return {"digits": 3, "sum": sum(params)}


class HintTells(Toy):
    def hint(self, task, level):
        return task.solution


class DetailTells(MathVerifier):
    def judge(self, task, answer):
        verdict = super().judge(task, answer)
        if verdict.success:
            return verdict
        return Verdict.failed(verdict.failure or "", f"expected {task.reference['answer']}")


# ---------------------------------------------------------------------------------------------------------- difficulty


class LevelsAreEqual(Toy):
    def draw(self, rng, level):
        return super().draw(rng, 0)


class LastLevelIsEasier(Toy):
    def draw(self, rng, level):
        return super().draw(rng, 0 if level == 2 else level)
