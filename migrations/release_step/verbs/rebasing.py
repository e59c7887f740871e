"""Put one of two branches of revisions behind the other, while nobody has run it: one line of revisions only."""

import re
import subprocess
from collections.abc import Mapping
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from alembic.script import Script

from migrations.release_step.database import connecting, ledger, recorded
from migrations.release_step.revisions.history import History
from migrations.release_step.telling.calls import Call
from migrations.release_step.telling.failures import Failure
from migrations.release_step.telling.patience import Patience

PARENT = re.compile(r"^down_revision(?P<kind>: [^=\n]+)? = .*$", re.MULTILINE)


def rebase(call: Call, history: History, name: str) -> dict[str, Any]:
    """Rewrite the parent of the branch that ends at `name`, so that it follows the other head."""
    moved = history.resolve(name, None)
    others = [head for head in history.heads if head != moved]
    if moved not in history.heads or len(others) != 1:
        problem = f"{moved} is not one of two heads ({', '.join(history.heads)})"
        raise Failure("MIG-USE-03", problem=problem, advice="Name the head that was written later")
    branch = [one for one in history.between("base", moved) if one not in history.between("base", others[0])]
    for one in branch:
        require_unreleased(one, call.environ)
    first = Path(branch[0].path)
    source = first.read_text(encoding="utf-8")
    first.write_text(PARENT.sub(rf'down_revision\g<kind> = "{others[0]}"', source, count=1), encoding="utf-8")
    # Python takes what it has compiled for the same where size and second are: both may be, of a file written just now.
    Path(cache_from_source(str(first))).unlink(missing_ok=True)
    call.reporter.line(f"{branch[0].revision} follows {others[0]} now: {first.name}")
    return {"revision": branch[0].revision, "follows": others[0], "file": first.name}


def require_unreleased(script: Script, environ: Mapping[str, str]) -> None:
    """Raise for a revision that a tag holds, or that the database in DATABASE_URL has run."""
    if tag := _tag_with(Path(script.path)):
        raise Failure("MIG-SAFE-15", revision=script.revision, place=f"the release {tag}")
    if not environ.get("DATABASE_URL", "").strip():
        return
    target = connecting.target(environ)
    with connecting.connect(target, Patience(connect_seconds=0)) as connection:
        known = ledger.read(connection)
        is_recorded = script.revision in recorded.read(connection)
    applied = [one["direction"] for one in known["applied"] if one["revision"] == script.revision]
    if is_recorded or applied[-1:] == ["up"]:
        raise Failure("MIG-SAFE-15", revision=script.revision, place=f"the database {target.database}")


def _tag_with(path: Path) -> str:
    """The newest tag whose tree holds this file; blank without Git, a tag or the file in it."""
    try:
        tag = _git(path.parent, "describe", "--tags", "--abbrev=0")
        _git(path.parent, "cat-file", "-e", f"{tag}:./{path.name}")
    except (OSError, subprocess.CalledProcessError):
        return ""
    return tag


def _git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    return done.stdout.strip()
