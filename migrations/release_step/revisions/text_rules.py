"""Rules for a revision's file: its name, its docstring, its phase, its excuses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from alembic.script import Script

from migrations.release_step.revisions import requiring
from migrations.release_step.revisions.history import parents

PHASES = ("expand", "backfill", "contract")
FILE_NAME = re.compile(r"\d{8}_\d{6}_[0-9a-z]+_[a-z0-9_]+\.py")
PHASE = re.compile(r"^Phase: (\w+)$", re.MULTILINE)
RUNS_SQL = {"execute", "exec_driver_sql", "scalar", "scalars", "begin"}
WHY_LETTERS = 20
WHY = re.compile(rf"^Why: (?!TODO)\S.{{{WHY_LETTERS - 1},}}", re.MULTILINE)


def check(script: Script) -> Iterator[tuple[str, str]]:
    """Broken rules with what to do."""
    path = Path(script.path)
    source = path.read_text(encoding="utf-8")
    if not FILE_NAME.fullmatch(path.name):
        yield "file-name", f"{path.name} is not YYYYMMDD_HHMMSS_revision_what_it_does.py"
    if not WHY.search(script.longdoc):
        yield "why", f"its docstring says no 'Why: ...' of at least {WHY_LETTERS} characters"
    if phase(script) not in PHASES:
        yield "phase", f"its docstring says no 'Phase: ' {', '.join(PHASES)}"
    if re.search(r"\bTODO\b", source.replace(script.longdoc, "")):
        yield "unfinished", "it has a TODO left"
    if len(parents(script)) > 1:
        yield "merge", "it follows two others; remove it, and put the later branch behind the other with 'rebase'"
    if re.search(r"\.(?:commit|rollback)\(\)", source):
        yield "own-transaction", "the release step ends transactions, a revision does not"
    if re.search(r"^from webapp|^import webapp", source, re.MULTILINE):
        yield "frozen", "it imports code that will change; a revision holds what it needs"
    for sentence in requiring.written(script):
        if requiring.read(sentence) is None:
            yield "requires", f"{sentence!r} is not 'no row of TABLE where CONDITION'"
    for rule, reason in excuses(script).items():
        if len(str(reason)) < 15:
            yield "excuse", f"the excuse from {rule} gives no reason"


def check_environment(path: Path) -> Iterator[tuple[str, str]]:
    """env.py itself runs no SQL: what began before configure() makes Alembic leave the commit to others."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in RUNS_SQL:
                yield "sql-before-configure", f"line {node.lineno} calls {name}(); prepare sessions in connecting.py"


def phase(script: Script) -> str:
    """What the revision does to running code; empty when it does not say."""
    match = PHASE.search(script.longdoc)
    return match[1] if match else ""


def excuses(script: Script) -> dict[str, str]:
    """Rule -> reason, as the revision writes them: lint_excuses = {"rule": "reason"}."""
    return dict(getattr(script.module, "lint_excuses", {}))
