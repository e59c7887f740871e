"""Every revision goes up, down and up again over real rows: the same schema, and no row lost that was not counted."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import URL

from migrations import run_migrations
from migrations.release_step.revisions import environment
from migrations.release_step.schema import fingerprint
from migrations.release_step.schema.fingerprint import Fingerprint
from migrations.release_step.verbs import gate

pytestmark = pytest.mark.release

# Of a column: its table's rows, those that have a value, and a digest of all values in the order of the rows.
Column = tuple[int, int, str]
Rows = dict[str, dict[str, Column]]

# The statement that looks at every table; what follows from other columns is no value of its own.
LOOK = text("""
    SELECT string_agg(format(
        'SELECT %L, row_to_json(r)::text FROM (SELECT %s FROM (SELECT * FROM %I AS t ORDER BY t::text) AS t) AS r',
        relname, columns, relname), ' UNION ALL ')
    FROM (SELECT relname, string_agg(format('json_build_array('
              'count(*), count(%1$I), md5(string_agg(coalesce(md5(%1$I::text), ''-''), NULL))) AS %1$I',
              attname), ', ' ORDER BY attnum) AS columns
          FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
          WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
            AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
          GROUP BY relname) AS tables
""")


@pytest.fixture
def release(
    filled: URL, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., dict[str, Any]]:
    """The release step on the real history."""
    monkeypatch.setenv("DATABASE_URL", filled.render_as_string(hide_password=False))
    monkeypatch.setenv("APP_ENV", "local")
    # The revisions are read once, not once for each of some two hundred runs. What each of them left is not noted for
    # the next one to compare with: here that is done by looking at every row, too (of the note: verbs/test_gate.py).
    monkeypatch.setattr(environment, "history", cache(environment.history))
    for name, answer in (("require", True), ("is_noted", False), ("note", None)):
        monkeypatch.setattr(gate, name, lambda *_, answer=answer, **__: answer)

    def run(*arguments: str) -> dict[str, Any]:
        capsys.readouterr()
        run_migrations.main([*arguments, "--json"])
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return run


def look(connection: Connection) -> tuple[Fingerprint, Rows]:
    """The schema and every row of every table, column by column, but for what follows from other columns."""
    schema = fingerprint.take(connection, "public")
    rows: Rows = {}
    if statement := connection.scalar(LOOK):
        for table, columns in connection.exec_driver_sql(statement):
            rows[table] = {name: tuple(column) for name, column in json.loads(columns).items() if column[0]}
    connection.rollback()
    return schema, rows


def lost(before: Rows, after: Rows) -> dict[str, int]:
    """What is in `before` and no longer in `after`: rows of whole tables, values of single columns."""
    found: dict[str, int] = {}
    for table, columns in before.items():
        if not after.get(table):
            found[table] = next((count for count, _, _ in columns.values()), 0)
            continue
        for name, column in columns.items():
            if after[table].get(name) != column:
                found[f"{table}.{name}"] = column[1]
    return {name: count for name, count in found.items() if count}


def test_the_seed_fills_the_tables_that_stewards_see(filled: URL) -> None:
    engine = create_engine(filled, poolclass=NullPool)
    with engine.connect() as connection:
        _, rows = look(connection)
    engine.dispose()

    full = {table for table, columns in rows.items() if columns}
    assert {
        "companies",
        "industries",
        "financial_statements",
        "stock_prices",
        "filings",
        "change_sets",
    } <= full


@pytest.mark.long
def test_every_step_of_the_stairway_is_level(filled: URL, release: Callable[..., dict[str, Any]]) -> None:
    engine = create_engine(filled, poolclass=NullPool)
    revisions = [one["revision"] for one in release("history")["revisions"]]
    with engine.connect() as connection:
        schema_above, rows_above = look(connection)
        for revision, parent in reversed(list(zip(revisions, ["base", *revisions], strict=False))):
            refused = release("downgrade", parent)
            # A step down that loses nothing needs no word about it, and has been made.
            is_done = refused["exit_code"] == 0
            down = refused if is_done else release("downgrade", parent, "--confirm-data-loss")
            schema_below, rows_below = look(connection)
            assert "lost" in down, down
            said = {_name(one): one["count"] for one in down["lost"]}

            assert down["exit_code"] == 0, down
            assert lost(rows_above, rows_below) == said, revision
            assert refused["exit_code"] == (8 if said else 0), refused

            up = release("upgrade", revision)
            schema_again, rows_again = look(connection)

            assert up["exit_code"] == 0, up
            assert dict(schema_again) == dict(schema_above), revision
            # What a column holds by its default is back with it.
            assert lost(rows_above, rows_again).items() <= said.items(), revision

            consent = ["--confirm-data-loss"] if said else []
            assert release("downgrade", parent, *consent)["exit_code"] == 0
            # Where the second way down leads elsewhere than the first, the next step is not level.
            schema_above, rows_above = schema_below, rows_below
        schema, _ = look(connection)
    engine.dispose()
    assert dict(schema) == {}


def _name(loss: dict[str, Any]) -> str:
    return f"{loss['table']}.{loss['column']}" if loss["column"] else str(loss["table"])
