"""What may import what, and what an import costs."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import rlvr_envs
import task_generators

FLOOR_1 = Path(task_generators.__file__).parent
FLOOR_2 = Path(rlvr_envs.__file__).parent

HEAVY = ("torch", "sympy", "scipy", "transformers", "pandas", "matplotlib", "ray", "vllm", "playwright", "ortools")


def sources(folder):
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def relative(path):
    return path.relative_to(FLOOR_2.parent).as_posix()


def in_fresh_process(code):
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("module", ["task_generators", "rlvr_envs", "rlvr_envs.cli.main", "rlvr_envs.testing"])
def test_importing_loads_nothing_heavy(module):
    code = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    loaded = in_fresh_process(code)
    assert module in loaded
    assert not {name.partition(".")[0] for name in loaded} & set(HEAVY)
    if module == "task_generators":
        assert "gymnasium" not in loaded


def test_playing_and_judging_load_nothing_heavy():
    code = (
        "import json, sys, rlvr_envs, gymnasium as gym\n"
        "env = gym.make('rlvr/math-v0'); env.reset(seed=1); env.step(env.unwrapped.task.solution)\n"
        "gym.make_vec('rlvr/math-v0', num_envs=2).reset(seed=1)\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    assert not {name.partition(".")[0] for name in in_fresh_process(code)} & set(HEAVY)


def test_an_import_costs_less_than_half_a_second():
    code = "import time; s = time.process_time(); import rlvr_envs; print(time.process_time() - s)"
    assert min(in_fresh_process(code) for _ in range(3)) < 0.5


def test_importing_changes_nothing_global():
    code = (
        "import json, random, logging, signal, warnings, os\n"
        "def state():\n"
        "    import numpy as np\n"
        "    return [repr(random.getstate()), repr(np.random.get_state()),\n"
        "            len(logging.root.handlers), logging.root.level,\n"
        "            repr(signal.getsignal(signal.SIGALRM)), dict(os.environ), os.getcwd()]\n"
        "random.seed(1); before = state()\n"
        "import rlvr_envs, rlvr_envs.testing, rlvr_envs.cli.main, gymnasium\n"
        "gymnasium.make('rlvr/math-v0').reset(seed=1)\n"
        "print(json.dumps(before == state()))"
    )
    assert in_fresh_process(code) is True


# ---- floors


def imported(path):
    """Top-level packages that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)}:{node.lineno}: relative import"
            yield node.module


@pytest.mark.parametrize(
    ("folder", "above"),
    [
        (FLOOR_1, ("rlvr_envs", "rlvr_agents", "gymnasium", "torch")),
        (FLOOR_2, ("rlvr_agents", "torch", "transformers")),
    ],
    ids=["task_generators", "rlvr_envs"],
)
def test_no_floor_imports_upward(folder, above):
    files = sources(folder)
    assert len(files) > 10
    upward = {relative(path): name for path in files for name in imported(path) if name.partition(".")[0] in above}
    assert upward == {}


def test_heavy_packages_are_imported_where_they_are_used():
    """Never at the top of a file of floors 1 and 2."""
    found = {}
    for path in sources(FLOOR_1) + sources(FLOOR_2):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            if {name.partition(".")[0] for name in names} & set(HEAVY):
                found[relative(path)] = names
    assert found == {}


# ---- what model output must never reach

EXECUTES = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "sympify",
    "parse_expr",
    "parse_latex",
    "literal_eval",
    "system",
    "popen",
}
PICKLES = {("pickle", "loads"), ("pickle", "load"), ("marshal", "loads"), ("yaml", "load"), ("yaml", "unsafe_load")}
ALLOWED = {
    # our own bytes: the generator that was pickled one call before
    ("rlvr_envs/testing/deterministic.py", "pickle.loads"),
}


def calls(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def dangerous(source, name):
    tree = ast.parse(source)
    compiled = {"re", "regex"}
    for call in calls(tree):
        if isinstance(call.func, ast.Name):
            owner, attribute = "", call.func.id
        elif isinstance(call.func, ast.Attribute):
            owner, attribute = getattr(call.func.value, "id", "?"), call.func.attr
        else:
            continue
        dotted = f"{owner}.{attribute}" if owner else attribute
        bad = attribute in EXECUTES and owner not in compiled or (owner, attribute) in PICKLES
        if bad and (name, dotted) not in ALLOWED:
            yield f"{name}:{call.lineno}: {dotted}"


def test_nothing_executes_or_unpickles_text():
    found = [
        line
        for path in sources(FLOOR_1) + sources(FLOOR_2)
        for line in dangerous(path.read_text(encoding="utf-8"), relative(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    ["eval(x)", "exec(x)", "import sympy\nsympy.sympify(x)", "from sympy import parse_expr\nparse_expr(x)",
     "pickle.loads(x)",
     "compile(x, '', 'eval')", "os.system(x)",
     "def f():\n    return [eval(y) for y in x]", "lambda: yaml.load(x)"],
)  # fmt: skip
def test_that_search_finds_what_it_looks_for(source):
    assert list(dangerous(source, "rlvr_envs/some.py"))


def test_that_search_lets_the_harmless_be():
    assert not list(dangerous("re.compile(x)\nverifier.evaluate(x)\nprint('eval(x)')", "rlvr_envs/some.py"))


def test_no_signals_and_no_global_seeds():
    """Signals die outside the main thread; global seeds interfere between environments."""
    found = []
    for path in sources(FLOOR_1) + sources(FLOOR_2):
        for call in calls(ast.parse(path.read_text(encoding="utf-8"))):
            text = ast.unparse(call.func)
            if text in (
                "signal.alarm",
                "signal.setitimer",
                "signal.signal",
                "random.seed",
                "np.random.seed",
                "numpy.random.seed",
            ):
                found.append(f"{relative(path)}:{call.lineno}: {text}")
    assert found == []
