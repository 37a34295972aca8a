"""The program `rlvr`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import EntryPoint
from typing import Any

from rlvr_envs.cli import plugins
from rlvr_envs.cli.errors import UsageError

_DESCRIPTION = """Verifiable tasks for training language models with reinforcement learning.

`rlvr COMMAND --help` tells the arguments of a command, `rlvr --version` the version. With RLVR_TRACEBACK=1 in the
environment an error tells where it comes from."""

_FLOORS_BELOW = ("rlvr_envs", "task_generators")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: Arguments without the program's name; those of this process by default.

    Returns:
        The exit status: 0, 1 if a check failed, 2 if the arguments are not valid or a package is missing.
    """
    arguments = list(sys.argv[1:] if argv is None else argv) or ["--help"]
    if arguments == ["--version"]:
        import rlvr_envs

        sys.stdout.write(f"rlvr-envs {rlvr_envs.__version__}\n")
        return 0
    found = plugins.commands()
    own = _own_commands()
    try:
        if arguments[0] in found and arguments[0] not in own:
            return _run_plugin(found[arguments[0]], arguments)
        stubs = {name: _stub(plugins.description(entry)) for name, entry in found.items()}
        first_lines = {name: _stub((function.__doc__ or "").partition("\n")[0]) for name, function in own.items()}
        chosen = {name: function for name, function in own.items() if name == arguments[0]}
        return _parse_and_call({**stubs, **first_lines, **chosen}, arguments)
    except UsageError as error:
        return _complain(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `rlvr list | head`
        sys.stdout = open(os.devnull, "w")  # Python flushes it once more on its way out
        return 141


def _own_commands() -> dict[str, Callable[..., Any]]:
    from rlvr_envs.cli.check import check
    from rlvr_envs.cli.list_envs import list_envs
    from rlvr_envs.cli.show import show

    return {"list": list_envs, "show": show, "check": check}


def _run_plugin(entry: EntryPoint, arguments: list[str]) -> int:
    """A command of another package; what it needs may not be installed, and its arguments may not fit."""
    try:
        command = plugins.load(entry)
        if plugins.takes_argv(command):
            status = command(arguments[1:])
            return status if isinstance(status, int) else 0
        return _parse_and_call({entry.name: command}, arguments)
    except ImportError as error:
        if (error.name or "").partition(".")[0] in _FLOORS_BELOW:
            raise
        return _complain(error, plugins.missing_package_message(entry, error))
    except ValueError as error:
        return _complain(error)


def _parse_and_call(functions: dict[str, Callable[..., Any]], arguments: list[str]) -> int:
    import tyro

    ordered = dict(sorted(functions.items()))
    status = tyro.extras.subcommand_cli_from_dict(ordered, prog="rlvr", description=_DESCRIPTION, args=arguments)
    return status if isinstance(status, int) else 0


def _stub(description: str) -> Callable[[], None]:
    """A stand-in for a command that was not asked for: it has a description, and imports nothing."""

    def command() -> None:
        pass

    command.__doc__ = description
    return command


def _complain(error: Exception, message: str = "") -> int:
    if os.environ.get("RLVR_TRACEBACK"):
        raise error
    sys.stderr.write(f"rlvr: {' '.join((message or str(error)).split())}\n")
    return 2
