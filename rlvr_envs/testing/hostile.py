"""The check `hostile`: no answer breaks, stalls or takes over the verifier."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from rlvr_envs.testing.result import CheckFailure
from rlvr_envs.testing.subject import Subject, kind_check

_TOKEN = "RLVR_HOSTILE_TOKEN"
_MAX_SECONDS = 300.0


@kind_check("hostile")
def check_hostile(subject: Subject) -> None:
    """Every answer of the battery gets a verdict of score 0 in 0.1 s, and leaves no file and no process behind."""
    # Its output goes to files: a pipe would stay open for as long as any process that the worker leaves behind.
    with (
        tempfile.TemporaryDirectory(prefix="rlvr-hostile-") as directory,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        folder = Path(directory)
        job = {
            "generator": spec_of(subject.generator),
            "verifier": spec_of(subject.verifier),
            "marker": str(folder / "executed"),
            "stall_seconds": subject.stall_seconds,
        }
        code = "from rlvr_envs.testing.hostile_worker import main; main()"
        worker = subprocess.Popen(
            [sys.executable, "-c", code, json.dumps(job)],
            cwd=folder,
            env={**child_env(), _TOKEN: directory},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        try:
            worker.wait(_MAX_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        finally:
            worker.kill()
            worker.wait()
            left = _left_by(worker.pid, directory)
            for pid in left:
                os.kill(pid, signal.SIGKILL)
        files = sorted(path.name for path in folder.iterdir())
        said, complained = _text(out), _text(err)
    _judge(subject, said, complained, worker.returncode, files, len(left))


def _judge(subject: Subject, out: str, err: str, returncode: int, files: list[str], processes: int) -> None:
    lines = out.splitlines()
    try:
        last = json.loads(lines[-1]) if lines else {}
    except ValueError:
        last = {}
    task, answer = last.get("task", subject.generator.name), last.get("answer", "")
    what = f"hostile answer {answer!r} ({last.get('form')}, {last.get('call') or 'verify'})"
    advice = "Read answers with a parser of your own that bounds size, depth and arithmetic, and executes nothing"
    if "problem" in last:
        raise CheckFailure(f"{what}: {last['problem']}", advice, task)
    if not last.get("done"):
        if not answer:
            raise CheckFailure(
                f"the battery could not start (exit status {returncode}): {_last_line(err)}",
                "Generator and verifier must be top-level classes of importable modules, built without arguments",
                task,
            )
        stalled = "Timeout (" in err
        happened = f"gave no verdict in {subject.stall_seconds:g} s" if stalled else f"ended the process ({returncode})"
        raise CheckFailure(f"{what} {happened}", advice, task)
    if files:
        raise CheckFailure(f"the battery left files behind: {', '.join(files)[:200]}", advice, task)
    if processes:
        raise CheckFailure(f"the battery left {processes} process(es) running", advice, task)


def spec_of(instance: object) -> str:
    """`module:qualified.name` of the class of an instance."""
    cls = type(instance)
    return f"{cls.__module__}:{cls.__qualname__}"


def child_env(**extra: str) -> dict[str, str]:
    """This process's environment, with a `PYTHONPATH` that finds the modules that can be imported here."""
    paths = [os.path.abspath(path) for path in sys.path]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), **extra}


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no message"])[-1][:300]


def _left_by(worker: int, token: str) -> list[int]:
    """Processes that the ended worker has left: those that carry our token, wherever they have gone."""
    if not Path("/proc/self/environ").exists():
        table = subprocess.run(["ps", "-A", "-o", "pid=,pgid="], capture_output=True, text=True, check=True).stdout
        return [int(pid) for pid, group in map(str.split, table.splitlines()) if group == str(worker)]
    entry = f"{_TOKEN}={token}".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if entry in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:  # it has ended, or belongs to somebody else
            continue
    return found
