"""The program `rlvr`."""

from __future__ import annotations

import json
import sys
from importlib.metadata import EntryPoint

import pytest

import rlvr_envs
from rlvr_envs.cli import check as check_module
from rlvr_envs.cli import plugins
from rlvr_envs.cli.main import main
from rlvr_envs.testing import KIND_CHECKS, CheckResult, read_golden
from task_generators import catalog


@pytest.fixture
def run(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("RLVR_TRACEBACK", raising=False)

    def call(*argv):
        try:
            status = main([str(argument) for argument in argv])
        except SystemExit as exit_:
            status = exit_.code
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return call


# ---- help and list


@pytest.mark.parametrize("argv", [[], ["--help"], ["-h"]])
def test_help_lists_the_commands(run, argv):
    status, out, err = run(*argv)
    assert (status, err) == (0, "")
    for name in ("list", "show", "check"):
        assert name in out
    assert "Run the contract checks" in out


@pytest.mark.parametrize(
    ("command", "options"),
    [("list", ["--family"]),
     ("show", ["ENV", "--kind", "--level", "--seed", "--split", "--task-id", "--answer", "--response"]),
     ("check", ["ENV|KIND|all", "--quick", "--jobs", "--write-golden", "--golden"])],
)  # fmt: skip
def test_each_command_has_help(run, command, options):
    status, out, _ = run(command, "--help")
    assert status == 0
    assert all(option in out for option in options), out


def test_version(run):
    assert run("--version") == (0, f"rlvr-envs {rlvr_envs.__version__}\n", "")


def test_list_shows_every_environment(run):
    status, out, err = run("list")
    assert (status, err) == (0, "")
    rows = {line.split()[0]: line for line in out.splitlines()[1:] if line.startswith("rlvr/")}
    assert set(rows) == set(rlvr_envs.env_ids())
    assert "0-9" in rows["rlvr/math.gcd-v0"]
    assert catalog.get("math.gcd").summary in rows["rlvr/math.gcd-v0"]
    assert run("list", "--family", "math")[1] == out


def test_list_survives_a_kind_that_cannot_be_loaded(run, monkeypatch):
    monkeypatch.setitem(catalog._ENTRY_POINTS, "math.gcd", "task_generators.math.absent:Absent")
    catalog._load.cache_clear()
    status, out, _ = run("list")
    catalog._load.cache_clear()
    assert status == 0
    assert "cannot be loaded: ModuleNotFoundError" in out


def test_list_fits_a_narrow_terminal(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = run("list")
    for env_id in rlvr_envs.env_ids():
        assert env_id in out, "ids must never be cut"


# ---- show


def test_show_one_task(run):
    task = catalog.task("math.gcd@1:train:3:17")
    for argv in (
        ["math.gcd@1:train:3:17"],
        ["math.gcd", "--task-id", "math.gcd@1:train:3:17"],
        ["rlvr/math-v0", "--task-id", task.id],
    ):
        status, out, err = run("show", *argv)
        assert (status, err) == (0, "")
        for part in (
            task.id,
            task.prompt,
            task.reference["answer"],
            task.solution.split("\n")[0],
            "<answer>",
        ):
            assert part in out
        assert json.dumps(task.reference) in out
        assert json.dumps(task.meta) in out
        assert "verdict" not in out


def test_show_is_not_styled_markup(run):
    """Brackets and colons are shown as they are: rich would read `[1]` as markup and `:train:` as a picture."""
    status, out, _ = run("show", "math.matrix_product", "--level", 0, "--seed", 1)
    assert status == 0
    task = catalog.task(out.splitlines()[1])
    assert task.prompt in out
    assert task.reference["answer"] in out


@pytest.mark.parametrize("name", ["rlvr/math.gcd-v0", "math.gcd", "math"])
def test_names_of_environments(run, name):
    assert run("show", name, "--kind", "gcd")[0] == 0


def test_show_draws_by_seed_level_and_split(run):
    first = run("show", "math.gcd", "--seed", 1)[1]
    assert run("show", "math.gcd", "--seed", 1)[1] == first
    assert run("show", "math.gcd", "--seed", 2)[1] != first
    assert "math.lcm@1:test:7:" in run("show", "math", "--kind", "lcm", "--level", 7, "--split", "test")[1]


@pytest.mark.parametrize(
    ("option", "text", "parts"),
    [
        ("--answer", "37", ["correct", "37"]),
        ("--answer", "037.0", ["correct", "37"]),
        ("--answer", "36", ["wrong", "wrong_answer", "36"]),
        ("--answer", "1 or 37", ["malformed", "ambiguous_answer", "nothing"]),
        ("--response", "So it is \\boxed{37}.", ["correct", "37"]),
        ("--response", "37", ["malformed", "no_answer", "nothing"]),
        ("--answer", "[red]37[/red]", ["malformed", "unparsed_answer"]),
    ],
)
def test_show_judges(run, option, text, parts):
    status, out, _ = run("show", "math.gcd@1:train:3:17", option, text)
    assert status == 0
    verdict = out[out.index("verdict") :]
    assert all(part in verdict for part in parts), verdict


# ---- errors of the user


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["show", "maths"], "did you mean math"),
        (["show", "math.gdc"], "did you mean math.gcd"),
        (["show", "gcd"], "did you mean math.gcd"),
        (["show", "CartPole-v1"], "unknown environment or kind"),
        (["show", "x" * 10_000], "unknown environment or kind"),
        (["show", "math", "--kind", "nope"], "unknown task kind 'math.nope'"),
        (["show", "math.gcd", "--level", "10"], "levels 0 to 9"),
        (["show", "math.gcd", "--level", "-1"], "levels 0 to 9"),
        (["show", "math.gcd", "--split", "dev"], "train, eval, test"),
        (["show", "math.gcd", "--seed", "-1"], "Seed must be"),
        (["show", "math.gcd", "--task-id", "math.gcd@1:train:3"], "malformed task id"),
        (["show", "math.gcd@1:train:3"], "malformed task id"),
        (["show", "math.gcd@7:train:3:17"], "version 7"),
        (["show", "math.gcd@1:train:33:17"], "level 33"),
        (["show", "math.nope@1:train:3:17"], "math.nope"),
        (["show", "math.gcd@1:train:3:17", "--seed", "1"], "leave out --seed"),
        (["show", "math.gcd", "--answer", "1", "--response", "2"], "not both"),
        (["list", "--family", "maths"], "there are math"),
        (["check"], "name a kind"),
        (["check", "math.nope"], "unknown environment or kind 'math.nope'"),
        (["check", "math.gcd", "--jobs", "0"], "at least 1"),
        (["check", "math.gcd", "--jobs", "-5"], "at least 1"),
    ],
)
def test_errors_are_one_line_and_status_2(run, argv, says):
    status, out, err = run(*argv)
    assert status == 2
    assert out == ""
    assert err.startswith("rlvr: ")
    assert err.count("\n") == 1
    assert says in err
    assert len(err) < 500


@pytest.mark.parametrize(
    "argv",
    [
        ["nope"],
        ["show"],
        ["show", "math", "--nope"],
        ["show", "math", "--level", "x"],
        ["check", "math.gcd", "--jobs", "x"],
    ],
)
def test_arguments_that_cannot_be_parsed_have_status_2(run, argv):
    status, _, err = run(*argv)
    assert status == 2
    assert "Traceback" not in err


def test_a_traceback_can_be_asked_for(run, monkeypatch):
    monkeypatch.setenv("RLVR_TRACEBACK", "1")
    with pytest.raises(rlvr_envs.cli.errors.UsageError):
        main(["show", "nope"])


# ---- check


def test_check_one_kind_for_real(run):
    status, out, err = run("check", "math.gcd", "--quick")
    assert status == 0, out
    assert "10 checks: 10 passed, 0 failed" in out
    for name in (*KIND_CHECKS, "env", "vector"):
        assert name in out


def test_check_in_several_processes(run):
    status, out, _ = run("check", "rlvr/math-v0", "math.gcd", "math.addition", "--quick", "--jobs", 2)
    assert status == 0, out
    assert "22 checks: 22 passed, 0 failed" in out
    assert [line.split()[0] for line in out.splitlines()[1:4]] == ["math.addition", "math.gcd", "rlvr/math-v0"]


def fake(passed=True):
    def check_kind(kind, **options):
        return [
            CheckResult(name, kind, passed or name != "splits", "" if passed else "x@1: it broke. Mend it", 0.1)
            for name in KIND_CHECKS
        ]

    return check_kind


def test_check_all_covers_every_kind_and_environment(run, monkeypatch):
    monkeypatch.setattr(check_module, "check_kind", fake())
    monkeypatch.setattr(
        check_module, "ENV_CHECKS", {n: lambda e, n=n: CheckResult(n, e, True, "", 0.0) for n in ("env", "vector")}
    )
    status, out, _ = run("check", "all", "--jobs", 1)
    kinds, ids = len(catalog.kinds()), len(rlvr_envs.env_ids())
    assert status == 0
    assert f"{8 * kinds + 2 * ids} checks: {8 * kinds + 2 * ids} passed, 0 failed" in out
    assert out.count("✓") == 8 * kinds + 2 * ids
    assert out.count("·") == 8 * len(catalog.families()), "a check that was not run must not look like one that passed"


@pytest.mark.parametrize("columns", [80, 200])
def test_a_failure_is_told_in_full_and_has_status_1(run, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setattr(check_module, "check_kind", fake(passed=False))
    status, out, _ = run("check", "math.rational_simplification", "--jobs", 1)
    assert status == 1
    assert "10 checks: 9 passed, 1 failed" in out
    assert "✗ splits of math.rational_simplification" in out
    assert "x@1: it broke. Mend it" in out
    rows = [line for line in out.splitlines() if line.startswith("math.rational_simplification ")]
    assert len(rows) == 1
    assert (rows[0].count("✓"), rows[0].count("✗")) == (9, 1)


def test_a_lost_process_is_a_failure():
    from concurrent.futures import Future

    future = Future()
    future.set_exception(RuntimeError("killed"))
    results = check_module._results_of(future, check_module.Unit("kind", "math.gcd"))
    assert [result.check for result in results] == list(KIND_CHECKS)
    assert not any(result.passed for result in results)
    assert "killed" in results[0].detail


def test_write_golden(run, tmp_path, monkeypatch):
    monkeypatch.setattr(check_module, "check_kind", fake())
    path = tmp_path / "golden.json"
    status, out, _ = run("check", "math.gcd", "--write-golden", "--golden", path)
    assert status == 0
    assert "wrote the golden digests of 1 kind(s)" in out
    assert list(read_golden(path)) == ["math.gcd@1"]
    damaged = read_golden(path)
    damaged["math.gcd@1"]["0"] = "0" * 64
    path.write_text(json.dumps(damaged))
    assert "math.gcd@1 drew other tasks before" in run("check", "math.gcd", "--write-golden", "--golden", path)[1]
    assert run("check", "rlvr/math-v0", "--write-golden", "--golden", path)[0] == 2
    assert run("check", "math.gcd", "--write-golden", "--golden", tmp_path / "no" / "folder.json")[0] == 2


# ---- commands of other packages


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Installs commands that a module of the given source provides."""

    def install(source, *names):
        package = tmp_path / "their_package"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").write_text(
            "raise RuntimeError('the package was imported')" if "HEAVY" in source else ""
        )
        (package / "commands.py").write_text(source)
        monkeypatch.syspath_prepend(tmp_path)
        for name in [name for name in sys.modules if name.startswith("their_package")]:
            monkeypatch.delitem(sys.modules, name)
        entries = [EntryPoint(name.lower(), f"their_package.commands:{name}", plugins.GROUP) for name in names]
        monkeypatch.setattr(plugins, "entry_points", lambda group: entries if group == plugins.GROUP else [])

    return install


def test_help_describes_commands_without_importing_them(run, plugin):
    plugin(
        'HEAVY = "import me and fail"\n'
        'def TRAIN(steps: int = 1) -> None:\n    """Train something.\n\n    More."""\n'
        'def evaluate():\n    """Measure something."""\n'
        "EVAL = evaluate\n"
        'BENCH = object()\n"""Time something."""\n'
        "PLAIN = object()\n",
        "TRAIN", "EVAL", "BENCH", "PLAIN", "ABSENT",
    )  # fmt: skip
    status, out, err = run("--help")
    assert (status, err) == (0, "")
    for text in (
        "train",
        "Train something.",
        "eval",
        "Measure something.",
        "bench",
        "Time something.",
        "plain",
        "absent",
    ):
        assert text in out
    assert "More." not in out
    assert "their_package.commands" not in sys.modules
    assert run("list")[0] == 0
    assert "their_package.commands" not in sys.modules


def test_a_typed_function_is_parsed_with_tyro(run, plugin):
    plugin(
        'def TRAIN(steps: int, name: str = "x") -> int:\n'
        '    """Train.\n\n    Args:\n        steps: How many.\n    """\n'
        "    print(steps + 1, name)\n    return 7\n",
        "TRAIN",
    )
    assert run("train", "--steps", "4", "--name", "y") == (7, "5 y\n", "")
    assert "How many." in run("train", "--help")[1]
    assert run("train", "--steps", "four")[0] == 2


def test_a_function_of_argv_reads_its_arguments_itself(run, plugin):
    plugin("def TRAIN(argv):\n    print(argv)\n", "TRAIN")
    assert run("train", "quickstart", "--steps", "4") == (0, "['quickstart', '--steps', '4']\n", "")


def test_a_dataclass_is_a_command(run, plugin):
    plugin(
        "from dataclasses import dataclass\n@dataclass\nclass SHOUT:\n    'Shout.'\n    word: str\n"
        "    def __post_init__(self):\n        print(self.word.upper())\n",
        "SHOUT",
    )
    assert run("shout", "--word", "hey") == (0, "HEY\n", "")


def test_a_missing_package_names_the_extra(run, plugin):
    plugin("import torch_that_is_not_installed\ndef TRAIN(): pass\n", "TRAIN")
    status, _, err = run("train")
    assert status == 2
    assert err.count("\n") == 1
    assert "torch_that_is_not_installed" in err
    assert "pip install" in err
    plugin("def TRAIN():\n    import torch_that_is_not_installed\n", "TRAIN")
    assert run("train")[0] == 2, "also when it is imported while the command runs"


def test_our_own_commands_name_the_agent_extra():
    class Distribution:
        name = "rlvr-envs"

    entry = EntryPoint("train", "rlvr_agents.commands:TRAIN", plugins.GROUP)._for(Distribution())
    message = plugins.missing_package_message(entry, ModuleNotFoundError("No module named 'torch'", name="torch"))
    assert message.endswith('pip install "rlvr-envs[agent]"')
    assert "`rlvr train`" in message


def test_arguments_that_a_command_refuses_are_one_line(run, plugin):
    plugin("def TRAIN(argv):\n    raise ValueError('steps must be\\npositive')\n", "TRAIN")
    assert run("train") == (2, "", "rlvr: steps must be positive\n")


def test_a_bug_in_a_command_keeps_its_traceback(run, plugin):
    plugin("def TRAIN(argv):\n    raise RuntimeError('a bug')\n", "TRAIN")
    with pytest.raises(RuntimeError, match="a bug"):
        main(["train"])


def test_a_broken_import_of_ours_is_not_blamed_on_an_extra(plugin):
    plugin("import rlvr_envs.nothing_here\n", "TRAIN")
    with pytest.raises(ModuleNotFoundError):
        main(["train"])


def test_commands_cannot_replace_ours(run, plugin):
    plugin("def LIST(argv):\n    print('hijacked')\n", "LIST")
    assert "hijacked" not in run("list")[1]
