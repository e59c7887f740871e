"""The revisions that this code was shipped with, as their files' assignments say: read, never run, without Alembic.

Alembic takes longer to import than most commands take; where a file is not plain, it has to be asked after all.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrations.release_step.telling.calls import Call

VERSIONS = Path(__file__).resolve().parents[2] / "versions"


@dataclass(frozen=True, slots=True)
class Shipped:
    """The file of every revision, and those that no other one follows, in the order of their names."""

    files: Mapping[str, Path]
    heads: tuple[str, ...]


def heads(call: Call) -> dict[str, Any] | None:
    """The result of the command of that name; None when Alembic has to be asked."""
    if (code := read()) is None:
        return None
    for name in code.heads:
        call.reporter.line(name)
    return {"heads": list(code.heads)}


def read() -> Shipped | None:
    """None unless every file is plain, names a revision of its own, and a parent that is there."""
    files: dict[str, Path] = {}
    parents: set[str] = set()
    for path in VERSIONS.glob("*.py"):
        names = _assigned(path)
        if names is None or names[0] in files:
            return None
        files[names[0]] = path
        parents.update(names[1])
    if not parents <= files.keys():
        return None
    return Shipped(files, tuple(sorted(files.keys() - parents)))


def _assigned(path: Path) -> tuple[str, tuple[str, ...]] | None:
    found: dict[str, Any] = {}
    try:
        for node in ast.parse(path.read_bytes()).body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(
                    target=ast.Name(id=name), value=ast.expr() as value
                ) if name in ("revision", "down_revision", "depends_on"):
                    found[name] = ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return None
    parent = found.get("down_revision")
    if not isinstance(found.get("revision"), str) or found.get("depends_on") is not None:
        return None
    # One that follows several is not plain: there is more to say about it.
    if parent is not None and not isinstance(parent, str):
        return None
    return found["revision"], (parent,) if parent else ()
