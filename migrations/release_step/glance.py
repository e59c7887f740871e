"""A release with nothing to do: seen without Alembic, which takes longer to import than all the rest."""

import ast
from pathlib import Path
from typing import Any

from migrations.release_step import connecting, recorded
from migrations.release_step.calls import Call

VERSIONS = Path(__file__).resolve().parent.parent / "versions"


def upgrade(call: Call) -> dict[str, Any] | None:
    """The result of an upgrade to head that finds the database there; None when there is more to find out."""
    options = call.options
    if options.revision != "head" or options.sql or options.dry_run:
        return None
    head = only_head()
    if head is None:
        return None
    target = connecting.target(call.environ)
    with connecting.connect(target, call.patience()) as connection:
        if recorded.read(connection) != (head,):
            return None
    return call.nothing_to_do(target.database, head)


def only_head() -> str | None:
    """The newest revision as the files' assignments say; None unless it is one and every file is plain."""
    revisions: set[str] = set()
    parents: set[str] = set()
    for path in VERSIONS.glob("*.py"):
        names = _assigned(path)
        if names is None:
            return None
        revisions.add(names[0])
        parents.update(names[1])
    heads = revisions - parents
    return heads.pop() if len(heads) == 1 and parents <= revisions else None


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
    return found["revision"], (parent,) if isinstance(parent, str) else tuple(parent or ())
