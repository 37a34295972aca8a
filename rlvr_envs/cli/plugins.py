"""Sub-commands of other packages, found in the entry-point group `rlvr_envs.commands`.

An entry is a function with typed keyword arguments, or a dataclass, as `tyro` takes it; or a function of one parameter
`argv`, which gets the arguments behind its name and reads them itself. It returns None or an exit status, and raises
`ValueError` for arguments that do not fit. It is imported when it is asked for; the list of commands reads its one-line
description from the source without importing anything.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from importlib.machinery import PathFinder
from importlib.metadata import EntryPoint, entry_points
from inspect import signature
from pathlib import Path
from typing import Any

GROUP = "rlvr_envs.commands"


def commands() -> dict[str, EntryPoint]:
    """The entry points by command name."""
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def load(entry: EntryPoint) -> Callable[..., Any]:
    """Import the command.

    Raises:
        ImportError: If its package, or one that it needs, is not installed.
    """
    return entry.load()


def takes_argv(command: Callable[..., Any]) -> bool:
    """Whether the command reads its arguments itself."""
    return list(signature(command).parameters) == ["argv"]


def missing_package_message(entry: EntryPoint, error: ImportError) -> str:
    """What to install when the command cannot be imported."""
    package = entry.dist.name if entry.dist else entry.module.partition(".")[0]
    extras = entry.extras or (["agent"] if package == "rlvr-envs" else [])
    wanted = f'"{package}[{",".join(extras)}]"' if extras else package
    return f"`rlvr {entry.name}` needs a package that is not installed ({error}): pip install {wanted}"


def description(entry: EntryPoint) -> str:
    """The first line of the command's docstring, read without importing it."""
    try:
        path = _source(entry.module)
        found = _docstring(ast.parse(path.read_text(encoding="utf-8")), entry.attr) if path else ""
    except (OSError, SyntaxError, ValueError):
        found = ""
    package = entry.dist.name if entry.dist else entry.module
    return found.strip().split("\n")[0] or f"A command of {package}."


def _source(module: str) -> Path | None:
    """The file of a module, found as the import system would, but with no package on the way imported."""
    search: list[str] | None = None
    name = ""
    for part in module.split("."):
        name = f"{name}.{part}" if name else part
        spec = PathFinder.find_spec(name, search)
        if spec is None:
            return None
        search = list(spec.submodule_search_locations or [])
    return Path(spec.origin) if spec and spec.origin else None


def _docstring(tree: ast.Module, name: str) -> str:
    """Docstring of a top-level name: of its function or class, behind its assignment, or of what is assigned to it."""
    for node, following in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return ast.get_docstring(node) or ""
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            if isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant):
                return str(following.value.value)
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Name) and value.id != name:
                return _docstring(tree, value.id)
    return ""
