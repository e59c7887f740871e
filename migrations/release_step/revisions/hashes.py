"""What revisions said when they were linted and when they were run: hashes of their code, without words and layout.

The image holds no squawk, so `upgrade` believes the committed list; what a database has run, its ledger knows.
"""

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from migrations.release_step.database.ledger import Ledger
from migrations.release_step.telling.failures import Failure

# Beside the folder of revisions, for Git to keep.
LIST = "linted.json"
# How a hash is made; one made otherwise, which an older release left in a ledger, says nothing.
SCHEME = "2"
PHASE = re.compile(r"^Phase: \w+$", re.MULTILINE)
Hashes = Mapping[str, str]


def of_file(path: Path) -> str:
    """The hash of a revision's code: comments, words and layout may change, what it does and its phase may not.

    Excuses from the lint are left out: they do nothing, and a rule that comes later may need one.
    """
    return _of_code(path.read_bytes())


@cache
def _of_code(code: bytes) -> str:
    tree = ast.parse(code)
    phase = PHASE.search(ast.get_docstring(tree) or "")
    tree.body = [node for node in tree.body if not _is_excuse(node)]
    for node in ast.walk(tree):
        match node:
            case ast.Module(body=body) | ast.FunctionDef(body=body) if body and _is_text(body[0]):
                node.body = body[1:] or [ast.Pass()]
    text = f"{phase[0] if phase else ''}\n{ast.unparse(tree)}"
    return f"{SCHEME}:{hashlib.sha256(text.encode()).hexdigest()}"


def _is_excuse(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id="lint_excuses")]) | ast.AnnAssign(
            target=ast.Name(id="lint_excuses")
        ):
            return True
    return False


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def listed(versions: Path) -> Hashes | None:
    """Revision -> hash of all that were linted; None where no list has been begun."""
    path = versions.parent / LIST
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def write(versions: Path, hashes: Hashes) -> None:
    """The list, anew; by revision, so that two branches seldom meet in one line."""
    text = json.dumps(dict(sorted(hashes.items())), indent=2)
    (versions.parent / LIST).write_text(text + "\n", encoding="utf-8")


def require_linted(
    files: Mapping[str, Path], versions: Path, pending: Iterable[str], *, is_local: bool
) -> None:
    """Raise for a revision that is to be run and is not the one that was linted; a new one may run here only."""
    known = listed(versions)
    for revision in pending if known is not None else ():
        is_new = known is not None and revision not in known
        if (
            known is not None
            and not (is_new and is_local)
            and known.get(revision) != of_file(files[revision])
        ):
            raise Failure(
                "MIG-SAFE-20", revision=revision, what="has not been linted" if is_new else "was edited"
            )


def require_unedited(files: Mapping[str, Path], ledger: Ledger, database: str) -> None:
    """Raise for a revision that was edited after this database had run it; what older releases ran is unknown."""
    last = {one["revision"]: one for one in ledger["applied"]}
    for revision, one in last.items():
        is_here = (
            one["direction"] == "up" and one.get("hash", "").startswith(f"{SCHEME}:") and revision in files
        )
        if is_here and one["hash"] != of_file(files[revision]):
            raise Failure("MIG-STATE-11", revision=revision, database=database)
