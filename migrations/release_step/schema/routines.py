"""Functions and triggers for a new revision: Alembic's comparison does not know that they exist."""

import re
from collections.abc import Iterable, Mapping

from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrateOperation, MigrationScript
from sqlalchemy import Connection, text

from migrations.release_step.schema.fingerprint import Difference

DEFINITIONS = text("""
    SELECT 'function' AS kind, proname || '(' || pg_get_function_identity_arguments(oid) || ')' AS name,
           pg_get_functiondef(oid) AS definition
    FROM pg_proc WHERE pronamespace = to_regnamespace(quote_ident(CAST(:schema AS text))) AND prokind = 'f'
    UNION ALL
    SELECT 'trigger', relname || '.' || tgname, pg_get_triggerdef(t.oid, true)
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
    WHERE relnamespace = to_regnamespace(quote_ident(CAST(:schema AS text))) AND NOT tgisinternal
""")
CLAUSES = re.compile(r" (?=REFERENCING |FOR EACH |WHEN \(|EXECUTE FUNCTION )")

Definitions = Mapping[tuple[str, str], str]


class Sql(MigrateOperation):
    """One statement, written as a text of several lines."""

    def __init__(self, statement: str) -> None:
        self.statement = statement


@renderers.dispatch_for(Sql)
def _render(_context: AutogenContext, operation: Sql) -> str:
    # A colon before a word would be taken for a bind parameter. One literal per line: a text over several lines
    # would take on the indentation of the file, and a function's body is kept as it was written.
    escaped = re.sub(r"(?<![:\w]):(?=\w)", r"\\:", operation.statement.strip())
    lines = [line.replace("\\", "\\\\").replace('"', '\\"') for line in escaped.split("\n")]
    literals = [f'    "{line}\\n"' for line in lines[:-1]] + [f'    "{lines[-1]}"']
    return "\n".join(["op.execute(", *literals, ")"])


def definitions(connection: Connection, schema: str) -> Definitions:
    """Statements that make each function and trigger of a schema, without its name; the search path is set to it."""
    found = connection.execute(DEFINITIONS, {"schema": schema})
    return {(row.kind, row.name): _spelled(row.definition, schema) for row in found}


def _spelled(definition: str, schema: str) -> str:
    plain = re.sub(rf"^(CREATE OR REPLACE FUNCTION ){re.escape(schema)}\.", r"\1", definition)
    return CLAUSES.sub("\n    ", plain) if plain.startswith("CREATE TRIGGER") else plain


def add(
    script: MigrationScript, found: Iterable[Difference], declared: Definitions, stored: Definitions
) -> None:
    """Put what differs into the revision: old triggers go first, new ones come last, back again the other way."""
    differing = [one for one in found if one.kind in ("function", "trigger")]
    dropped = {one.name for one in found if one.kind == "table" and one.declared is None}
    created = {one.name for one in found if one.kind == "table" and one.found is None}
    assert script.upgrade_ops is not None
    assert script.downgrade_ops is not None
    _extend(script.upgrade_ops.ops, differing, (stored, declared), without=dropped)
    _extend(script.downgrade_ops.ops, differing, (declared, stored), without=created)


def _extend(
    operations: list[MigrateOperation],
    differing: list[Difference],
    old_and_new: tuple[Definitions, Definitions],
    *,
    without: set[str],
) -> None:
    old, new = old_and_new
    before: list[str] = []
    after: list[str] = []
    for one in sorted(differing, key=lambda difference: difference.kind):  # functions before their triggers
        key = (one.kind, one.name)
        table, _, name = one.name.partition(".")
        if one.kind == "trigger" and key in old and table not in without:
            before.append(f"DROP TRIGGER {name} ON {table}")
        if key in new:
            after.append(new[key])
        elif one.kind == "function":
            after.append(f"DROP FUNCTION {one.name}")
    operations[:0] = [Sql(statement) for statement in before]
    operations.extend(Sql(statement) for statement in after)
