"""Runs the hostile battery in a process of its own, so that what it breaks can be seen and stopped from outside.

Reads a JSON job from the command line; writes one JSON line before each answer, and one for the first failure.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import time
from importlib import import_module
from typing import Any

from rlvr_envs.testing.hostile_answers import hostile_answers
from rlvr_envs.testing.subject import Subject
from task_generators import Task

_MAX_SECONDS = 0.1


def build(spec: str) -> Any:
    """An instance of the class that `module:qualified.name` names."""
    module, _, name = spec.partition(":")
    target: Any = import_module(module)
    for part in name.split("."):
        target = getattr(target, part)
    return target()


def main() -> None:
    """Run the job of the command line: `generator`, `verifier`, `marker` and `stall_seconds`."""
    job = json.loads(sys.argv[1])
    subject = Subject(build(job["generator"]), build(job["verifier"]))
    task = subject.generator.task("train", subject.levels[-1], 0)
    env = subject.make_env()

    def step(response: str) -> dict[str, Any]:
        env.reset(options={"task": task})
        _, reward, _, truncated, info = env.step(response)
        return {"status": info["status"], "score": reward, "failure": info["failure"], "truncated": truncated}

    def verify(response: str) -> dict[str, Any]:
        verdict = subject.verifier.verify(task, response)
        return {"status": verdict.status, "score": verdict.score, "failure": verdict.failure, "truncated": False}

    calls = {"verify": verify, "env.step": step, "canonical": lambda text: _canonical(subject, task, text)}
    for call in calls.values():
        call(task.solution)  # whatever is imported or cached on first use
    for name, text in hostile_answers(job["marker"]).items():
        for form, response in (("raw", text), ("in tags", subject.wrap(text))):
            for how, call in calls.items():
                _say(answer=name, form=form, call=how)
                faulthandler.dump_traceback_later(job["stall_seconds"], exit=True)
                problem = _problem(call, response)
                faulthandler.cancel_dump_traceback_later()
                if problem:
                    _say(answer=name, form=form, call=how, task=task.id, problem=problem)
                    return
            if os.path.exists(job["marker"]):
                _say(answer=name, form=form, call="", task=task.id, problem="the answer was executed: it made a file")
                return
    _say(done=True)


def _problem(call: Any, response: str) -> str:
    seconds, outcome = _timed(call, response)
    if isinstance(outcome, str):
        return outcome
    if seconds > _MAX_SECONDS:  # twice, as the machine may have been busy with its own things
        seconds = min(seconds, _timed(call, response)[0])
    if outcome["status"] == "invalid" or outcome["truncated"]:
        return f"the verdict was invalid ({outcome['failure']}), which blames us for the model's answer"
    if outcome["score"]:
        return f"it earned {outcome['score']:g}"
    if seconds > _MAX_SECONDS:
        return f"it took {seconds:.2f} s of CPU time, more than {_MAX_SECONDS} s"
    return ""


def _timed(call: Any, response: str) -> tuple[float, dict[str, Any] | str]:
    start = time.process_time()
    try:
        outcome = call(response)
    except Exception as error:
        outcome = f"it raised {type(error).__name__}: {str(error)!a:.200}"
    return time.process_time() - start, outcome


def _canonical(subject: Subject, task: Task, text: str) -> dict[str, Any]:
    subject.verifier.canonical(task, text)
    return {"status": "wrong", "score": 0.0, "failure": None, "truncated": False}


def _say(**line: Any) -> None:
    sys.__stdout__.write(json.dumps(line) + "\n")  # type: ignore[union-attr]
    sys.__stdout__.flush()  # type: ignore[union-attr]
