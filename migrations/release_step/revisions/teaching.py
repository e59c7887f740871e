"""Which recipe a statement calls for: what it wants to change, and the names to fill in."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence

from migrations.release_step.revisions import alterations, clauses, filling, statements
from migrations.release_step.revisions.filling import Recipe
from migrations.release_step.revisions.scope import Scope
from migrations.release_step.revisions.statements import NAME, Statement

# The recipes that answer a rule's finding, ours or squawk's.
ANSWERS: dict[str, frozenset[str]] = {
    rule: frozenset(kinds.split())
    for rule, kinds in {
        "refuses-old-code": "not_null required_column check changed_check unique unique_index foreign_key"
        " retyped_column",
        "phase": "renamed_column renamed_table dropped_column dropped_table",
        "adding-required-field": "required_column",
        "adding-not-nullable-field": "not_null required_column",
        "changing-column-type": "retyped_column",
        "constraint-missing-not-valid": "check changed_check foreign_key",
        "adding-foreign-key-constraint": "foreign_key",
        "disallowed-unique-constraint": "unique",
        "require-concurrent-index-creation": "index unique_index",
        "renaming-column": "renamed_column",
        "renaming-table": "renamed_table",
        "ban-drop-column": "dropped_column",
        "ban-drop-table": "dropped_table",
        "ban-drop-constraint": "changed_check",
    }.items()
}
INDEX = re.compile(
    r"CREATE (?P<unique>UNIQUE )?INDEX (?:CONCURRENTLY )?(?:IF NOT EXISTS )?"
    rf"(?:{NAME} )?ON (?:ONLY )?{NAME}(?P<rest>.*)",
    re.IGNORECASE,
)
RENAMED = re.compile(rf"RENAME (?!TO\b|CONSTRAINT\b)(?:COLUMN )?{NAME} TO {NAME}", re.IGNORECASE)
RENAMED_TABLE = re.compile(rf"RENAME TO {NAME}", re.IGNORECASE)
RETYPED = re.compile(
    rf"ALTER (?:COLUMN )?{NAME} (?:SET DATA )?TYPE (?P<type>.+?)(?: USING .+)?$", re.IGNORECASE
)
REQUIRED = re.compile(rf"ALTER (?:COLUMN )?{NAME} SET NOT NULL", re.IGNORECASE)
FOREIGN = re.compile(
    rf"FOREIGN KEY ?\((?P<columns>[^)]*)\) REFERENCES {NAME} ?(?:\((?P<keys>[^)]*)\))?(?P<ends>.*?)(?: NOT VALID)?$",
    re.IGNORECASE,
)
DROPPED_TABLE = re.compile(rf"DROP TABLE (?:IF EXISTS )?{NAME}", re.IGNORECASE)


# Between one recipe and the next.
BETWEEN = "\n\n"


def answer(rule: str, recipes: Sequence[Recipe]) -> str:
    """The recipes that answer a finding; blank without one."""
    kinds = ANSWERS.get(rule, frozenset())
    return BETWEEN.join(dict.fromkeys(str(one) for one in recipes if one.kind in kinds))


def of_revision(up: Sequence[Statement], scope: Scope, curated: Collection[str]) -> list[Recipe]:
    """The recipe for every change of something in use, that the scope has taken in already."""
    found: list[Recipe] = []
    for statement in up:
        for one in (statement, *clauses.inner(statement)):
            if not statements.is_ours(one.sql):
                found += _of_statement(" ".join(one.sql.split()), scope, curated)
    return found


def _of_statement(sql: str, scope: Scope, curated: Collection[str]) -> Iterator[Recipe]:
    if (match := INDEX.match(sql)) and not scope.is_made(match[3]):
        kind = "unique_index" if match["unique"] else "index"
        yield filling.fill(
            kind,
            indexed(statements.bare(match[3]), match[2] or "", clauses.parts(clauses.bracket(match["rest"]))),
        )
    elif (match := DROPPED_TABLE.match(sql)) and not scope.is_made(match[1]):
        table = statements.bare(match[1])
        yield filling.fill("dropped_table", {"table": table, "body": scope.bodies.get(table, "...")})
    elif (match := alterations.TABLE.match(sql)) and not scope.is_made(match[1]):
        for action in clauses.parts(match["actions"]):
            for pattern, answer in ACTIONS:
                if part := pattern.match(action):
                    yield from answer(statements.bare(match[1]), part, scope, curated)
                    break


def indexed(table: str, name: str, columns: Sequence[str]) -> dict[str, str]:
    """What the recipes of indexes ask for: columns as SQL and as Python writes them."""
    listed = [statements.bare(one) for one in columns]
    quoted = ", ".join(f'"{one}"' if re.fullmatch(r"\w+", one) else f"sa.text({text(one)})" for one in listed)
    name = statements.bare(name) or f"ix_{table}_{'_'.join(listed)}"
    return {"table": table, "name": name, "columns": ", ".join(listed), "quoted": quoted, "options": ""}


def _constraint(
    table: str, match: re.Match[str], scope: Scope, _curated: Collection[str]
) -> Iterator[Recipe]:
    name, rule = statements.bare(match[1] or "ck_NAME"), re.sub(r" NOT VALID$", "", match["rule"])
    kind = rule.split("(")[0].split(" ")[0].upper()
    if kind == "CHECK":
        yield _check(table, name, rule, scope)
    elif kind == "UNIQUE" and "USING INDEX" not in rule.upper():
        yield filling.fill("unique", indexed(table, name, clauses.parts(clauses.bracket(rule))))
    elif kind == "NOT" and (column := re.match(rf"NOT NULL {NAME}", rule, re.IGNORECASE)):
        yield not_null(table, statements.bare(column[1]))
    elif foreign := FOREIGN.match(rule):
        facts = {
            "table": table,
            "name": name,
            "columns": foreign["columns"],
            "target": foreign[2],
            "phase": "contract",
        }
        yield filling.fill(
            "foreign_key", {**facts, "keys": foreign["keys"] or "id", "ends": foreign["ends"].rstrip()}
        )


def _check(table: str, name: str, rule: str, scope: Scope) -> Recipe:
    if not (old := scope.dropped.get((table, name))):
        return filling.fill(
            "check",
            {"table": table, "name": name, "phase": "contract", "condition": text(clauses.bracket(rule))},
        )
    return changed_check(table, name, clauses.bracket(old), clauses.bracket(rule))


def changed_check(table: str, name: str, old: str, new: str) -> Recipe:
    """A CHECK that allows something else from now on: conditions without the word."""
    view = Scope({}, {}, dropped={(table, name): f"CHECK ({old})"})
    phase = "expand" if view.is_wider(table, name, f"CHECK ({new})") else "contract"
    facts = {"table": table, "name": name, "phase": phase}
    return filling.fill("changed_check", {**facts, "old": text(old), "condition": text(new)})


def text(words: str) -> str:
    """A text of SQL as Python writes it."""
    return json.dumps(words, ensure_ascii=False)


def not_null(table: str, column: str) -> Recipe:
    """NOT NULL in four steps."""
    return filling.fill(
        "not_null", {"table": table, "column": column, "check": f"ck_{table}_{column}_is_given"}
    )


def _required(table: str, match: re.Match[str], scope: Scope, curated: Collection[str]) -> Iterator[Recipe]:
    column = statements.bare(match[1])
    if (table, column) in scope.columns:
        yield required_column(table, column, scope.types.get((table, column), "TYPE"), curated)
    else:
        yield not_null(table, column)


def required_column(table: str, column: str, type_: str, curated: Collection[str]) -> Recipe:
    """A new column that is to be NOT NULL in the end."""
    facts = {"table": table, "column": column, "type": type_, "value": "TODO"}
    return filling.fill("required_column", {**facts, "history": _history(table, curated)})


def _history(table: str, curated: Collection[str]) -> str:
    return ', history=backfills.Silently("The column is new.")' if table in curated else ""


def _new_column(table: str, match: re.Match[str], scope: Scope, curated: Collection[str]) -> Iterator[Recipe]:
    column = statements.bare(match[1])
    new = scope.columns.get((table, column))
    if new is not None and new.is_required and not new.is_filled:
        yield required_column(table, column, scope.types.get((table, column), "TYPE"), curated)


def renamed_column(  # noqa: PLR0913 - a change's names
    table: str, column: str, new: str, types: tuple[str, str], curated: Collection[str], *, kind: str
) -> Recipe:
    """A column that gets another name or type: another column, filled from the old one."""
    old_type, type_ = types
    source = column if old_type == type_ else f"{column}::{type_}"
    facts = {
        "table": table,
        "column": column,
        "new": new,
        "old_type": old_type,
        "type": type_,
        "source": source,
    }
    return filling.fill(kind, {**facts, "history": _history(table, curated)})


def _renamed(table: str, match: re.Match[str], scope: Scope, curated: Collection[str]) -> Iterator[Recipe]:
    column = statements.bare(match[1])
    type_ = scope.types.get((table, column), "TYPE")
    yield renamed_column(
        table, column, statements.bare(match[2]), (type_, type_), curated, kind="renamed_column"
    )


def _retyped(table: str, match: re.Match[str], scope: Scope, curated: Collection[str]) -> Iterator[Recipe]:
    column = statements.bare(match[1])
    types = (scope.types.get((table, column), "TYPE"), match["type"])
    yield renamed_column(table, column, f"{column}_new", types, curated, kind="retyped_column")


def _renamed_table(
    table: str, match: re.Match[str], _scope: Scope, _curated: Collection[str]
) -> Iterator[Recipe]:
    yield filling.fill("renamed_table", {"table": table, "new": statements.bare(match[1])})


def _dropped(table: str, match: re.Match[str], scope: Scope, _curated: Collection[str]) -> Iterator[Recipe]:
    column = statements.bare(match[1])
    type_ = scope.types.get((table, column), "TYPE")
    yield filling.fill("dropped_column", {"table": table, "column": column, "type": type_})


def _nothing(
    _table: str, _found: re.Match[str], _scope: Scope, _curated: Collection[str]
) -> Iterator[Recipe]:
    yield from ()


Answer = Callable[[str, re.Match[str], Scope, Collection[str]], Iterator[Recipe]]
ACTIONS: tuple[tuple[re.Pattern[str], Answer], ...] = (
    (alterations.CONSTRAINT, _constraint),
    (alterations.COLUMN, _new_column),
    (REQUIRED, _required),
    (RENAMED, _renamed),
    (RENAMED_TABLE, _renamed_table),
    (RETYPED, _retyped),
    (alterations.DROPS_CONSTRAINT, _nothing),
    (alterations.DROPS_COLUMN, _dropped),
)
