"""Read every revision before it runs: squawk on its SQL, and rules of our own for what squawk misses."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from alembic.script import Script

from migrations.release_step.revisions import (
    clauses,
    effects,
    hashes,
    resuming,
    scripting,
    sql_rules,
    squawk,
    statements,
    teaching,
    text_rules,
)
from migrations.release_step.revisions.history import History
from migrations.release_step.revisions.scope import Scope
from migrations.release_step.revisions.statements import Statement
from migrations.release_step.telling.failures import Failure


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that should not be in a revision."""

    revision: str
    rule: str
    message: str
    # The safe way to make this very change; blank where there is none.
    recipe: str = ""

    def __str__(self) -> str:
        return f"{self.revision} {self.rule}: {self.message}"


def lint(history: History, *, needs_squawk: bool) -> list[Finding]:
    """Every finding in every revision that the revision does not excuse with a reason."""
    findings: list[Finding] = []
    scopes: dict[str, Scope] = {}
    curated: set[str] = set()
    scope = Scope({}, {})
    for script in history.revisions():
        scopes[script.revision] = scope = scope.next()
        findings += of_revision(history, script, curated, scope)
    findings += [
        Finding("env.py", rule, said) for rule, said in text_rules.check_environment(_environment(history))
    ]
    findings += _of_squawk(history, scopes, needs_squawk=needs_squawk)
    findings += _of_hashes(history)
    excuses = {script.revision: text_rules.excuses(script) for script in history.revisions()}
    return [one for one in findings if one.rule not in excuses.get(one.revision, {})]


def _of_squawk(history: History, scopes: Mapping[str, Scope], *, needs_squawk: bool) -> Iterable[Finding]:
    """What squawk says, without what it cannot know of the revisions before; with our recipes."""
    program = squawk.program()
    if program is None and needs_squawk:
        raise Failure("MIG-CONF-06", tool="squawk")
    if program is None:
        return
    revisions = {one.revision: one for one in history.revisions()}
    scripts = {name: _sql(history, one) for name, one in revisions.items()}
    for name, rule, message in squawk.lint(
        program, {name: sql for name, sql in scripts.items() if sql is not None}
    ):
        if rule not in scopes[name].settles(text_rules.phase(revisions[name])):
            yield Finding(name, rule, message, teaching.answer(rule, scopes[name].recipes))


def _environment(history: History) -> Path:
    return Path(history.script.dir) / "env.py"


def _of_hashes(history: History) -> list[Finding]:
    """Revisions that are not as they were when they were linted, or of which nobody has said that they were."""
    known = hashes.listed(history.versions)
    if known is None:
        return []
    found = []
    for revision, path in history.files.items():
        if revision not in known:
            found.append(
                Finding(
                    revision, "unlisted", "its hash is in no list; when all else is well: 'lint --accept'"
                )
            )
        elif known[revision] != hashes.of_file(path):
            found.append(Finding(revision, "edited", "it does something else than it did when it was linted"))
    return found


def recipes(findings: Iterable[Finding]) -> dict[str, str]:
    """Of each revision, the recipes that answer its findings, each once."""
    found: dict[str, dict[str, None]] = {}
    for one in findings:
        for recipe in one.recipe.split(teaching.BETWEEN) if one.recipe else ():
            found.setdefault(one.revision, {})[recipe] = None
    return {revision: teaching.BETWEEN.join(texts) for revision, texts in found.items()}


def accept(history: History, findings: list[Finding]) -> list[str]:
    """List revisions that only miss in the list, or were edited before any release; returns their names."""
    of_list = [one for one in findings if one.rule in ("unlisted", "edited")]
    known = dict(hashes.listed(history.versions) or {})
    files = history.files
    names = {one.revision for one in of_list} or (set(files) if not known else set())
    known = {revision: known[revision] for revision in known if revision in files}
    hashes.write(history.versions, known | {name: hashes.of_file(files[name]) for name in names})
    return sorted(names)


def of_revision(history: History, script: Script, curated: set[str], scope: Scope) -> list[Finding]:
    """What our own rules say of one revision, excused or not; adds what it makes to the tables and the scope."""
    found = list(text_rules.check(script))
    try:
        up = list(statements.split(scripting.text_of(history, script, is_upgrade=True)))
        down = list(statements.split(scripting.text_of(history, script, is_upgrade=False)))
    except Failure as failure:
        reason = failure.facts["reason"]
        found.append(("offline", f"its SQL cannot be made without a database ({reason})"))
    else:
        found += of_statements(up, down, scope, text_rules.phase(script))
        repeated = [*resuming.unrepeatable(up), *resuming.unrepeatable(down)]
        found += [("unrepeatable", f"{resuming.UNREPEATABLE}: {_shortened(sql)}") for sql in repeated]
        curated |= statements.curated_tables(up)
        found += sql_rules.backfills(up, curated)
        scope.recipes = teaching.of_revision(up, scope, curated)
    return [
        Finding(script.revision, rule, message, teaching.answer(rule, scope.recipes))
        for rule, message in found
    ]


def of_statements(
    up: list[Statement], down: list[Statement], scope: Scope, phase: str
) -> Iterable[tuple[str, str]]:
    """Broken rules of what a revision runs, with what is wrong and the statement; the scope takes it in."""
    created = statements.created_tables(up)
    for is_up, statement in [*((True, one) for one in up), *((False, one) for one in down)]:
        inside = () if statements.is_ours(statement.sql) else clauses.inner(statement)
        for one in (statement, *inside):
            for rule, broken in sql_rules.RULES.items():
                if (is_up or rule in sql_rules.BACK) and broken(one, created):
                    yield rule, f"{sql_rules.WHY[rule]}: {_shortened(one.sql)}"
    for effect in effects.of_revision(up, scope):
        if phase != "contract" or effect.rule == effects.OPAQUE:
            yield effect.rule, f"{effects.WHY[effect.rule]}: {_shortened(effect.sql)}"
    yield from sql_rules.whole(up, down)


def _shortened(sql: str) -> str:
    return sql if len(sql) <= 100 else sql[:97] + "..."


def _sql(history: History, script: Script) -> str | None:
    try:
        return scripting.text_of(history, script, is_upgrade=True)
    except Failure:  # of_revision has said so already
        return None


def require_one_head(history: History) -> None:
    """Several heads are the first thing to say; asking for the one raises."""
    _ = history.head


def require_clean(findings: list[Finding]) -> None:
    """Raise with the first finding and all of them in the details."""
    if findings:
        details: list[dict[str, Any]] = [
            {name: value for name, value in asdict(one).items() if value or name != "recipe"}
            for one in findings
        ]
        raise Failure("MIG-STATE-06", count=len(findings), first=str(findings[0]), details=details)
