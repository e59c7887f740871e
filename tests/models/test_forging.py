"""A role that may write industries, and nothing else, cannot make up their history."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql
from sqlalchemy.engine import URL

from tests.models.conftest import Connect
from tests.models.test_history import CODE, CREATE, DELETE, change

FUNCTIONS = ("stamp_row", "keep_versions", "refuse_truncate", "note_price_days")
Kept = list[tuple[int, str, str, str]]


@pytest.fixture
def role(server_url: str, observer: psycopg.Connection) -> Iterator[str]:
    """Somebody who signs in, may write industries, and has a schema to play in."""
    name = f"writer_{uuid4().hex[:8]}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'".encode())
    with _on(server_url, observer.info.dbname) as admin:
        admin.execute(f"CREATE SCHEMA {name} AUTHORIZATION {name}".encode())
        admin.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE, TRIGGER ON industries TO {name}".encode())
    yield name
    with _on(server_url, observer.info.dbname) as admin:
        admin.execute(f"DROP OWNED BY {name} CASCADE; DROP ROLE {name}".encode())


def _on(server_url: str, database: str) -> psycopg.Connection:
    return psycopg.connect(server_url, dbname=database, autocommit=True)


@pytest.fixture
def writer(connect: Connect, observer: psycopg.Connection, role: str) -> psycopg.Connection:
    """That role's own session, after the industry was made by somebody else."""
    observer.execute(CREATE.encode())
    return connect(role, autocommit=True)


@pytest.fixture
def kept(observer: psycopg.Connection) -> Callable[[], Kept]:
    """What the history holds."""
    query = b"SELECT version, operation, row_data->>'name_en', ended_by_role FROM row_versions ORDER BY id"
    return lambda: list(observer.execute(query).fetchall())


def test_its_writes_are_kept_under_its_own_name_without_a_right_on_the_history(
    writer: psycopg.Connection, role: str, kept: Callable[[], Kept]
) -> None:
    writer.execute(change("Mine"))
    writer.execute(DELETE.encode())
    assert kept() == [(1, "UPDATE", "Other", role), (2, "DELETE", "Mine", role)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO row_versions SELECT * FROM row_versions",
        "UPDATE row_versions SET ended_by_role = 'somebody else'",
        "DELETE FROM row_versions",
        "TRUNCATE row_versions",
        "TRUNCATE industries",
        "ALTER TABLE industries DISABLE TRIGGER keep_updated",
        "DROP TRIGGER keep_updated ON industries",
        "SET session_replication_role = replica",
        "SET SESSION AUTHORIZATION {owner}",
        "CREATE OR REPLACE FUNCTION public.stamp_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    ],
)
def test_the_history_and_what_keeps_it_are_out_of_its_reach(
    writer: psycopg.Connection, observer: psycopg.Connection, statement: str
) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        writer.execute(statement.format(owner=observer.info.user).encode())


def test_tables_of_its_own_do_not_take_the_history_away(
    writer: psycopg.Connection, role: str, kept: Callable[[], Kept]
) -> None:
    columns = (
        "table_name text, row_key text, version int, operation text, row_data jsonb, valid_from timestamptz"
    )
    for schema in ("pg_temp", role):
        writer.execute(f"CREATE TABLE {schema}.row_versions ({columns})".encode())
        writer.execute(f"CREATE TABLE {schema}.old_rows (code text)".encode())
    writer.execute(f"SET search_path = pg_temp, {role}, public".encode())
    writer.execute(change("Mine"))
    assert kept() == [(1, "UPDATE", "Other", role)]


def test_names_of_its_own_do_not_stand_for_those_of_postgresql(
    writer: psycopg.Connection, observer: psycopg.Connection, role: str, kept: Callable[[], Kept]
) -> None:
    for lie in (
        "FUNCTION {}.transaction_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT timestamptz ''infinity'''",
        "FUNCTION {}.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT timestamptz ''infinity'''",
        "FUNCTION {}.current_setting(text, boolean) RETURNS text LANGUAGE sql AS 'SELECT ''666'''",
        "FUNCTION {}.to_jsonb(anyelement) RETURNS jsonb LANGUAGE sql AS 'SELECT jsonb ''{{}}'''",
        "FUNCTION {}.add(int, int) RETURNS int LANGUAGE sql AS 'SELECT 666'",
        "OPERATOR {0}.+ (FUNCTION = {0}.add, LEFTARG = int, RIGHTARG = int)",
    ):
        writer.execute(f"CREATE {lie.format(role)}".encode())
    writer.execute(f"SET search_path = {role}, pg_catalog, public".encode())
    assert writer.execute(b"SELECT 1 + 1").fetchone() == (666,)
    writer.execute(change("Mine"))
    assert kept() == [(1, "UPDATE", "Other", role)]
    row = observer.execute(b"SELECT version, changed_at, change_set_id FROM industries").fetchone()
    assert row is not None
    assert (row[0], row[2]) == (2, None)
    assert abs(datetime.now(UTC) - row[1]) < timedelta(minutes=5)


def test_stamps_that_it_writes_itself_are_written_over(
    writer: psycopg.Connection, observer: psycopg.Connection
) -> None:
    stamps = b"SELECT version, change_set_id, changed_at < now() FROM industries"
    false = "version = 99, change_set_id = 99, changed_at = 'infinity'"
    writer.execute(f"UPDATE industries SET {false}".encode())
    assert observer.execute(stamps).fetchall() == [(2, None, True)]
    writer.execute(DELETE.encode())
    for setting, version in (("off", 1), ("on", 3)):
        writer.execute("SELECT set_config('app.keeps_version', %s, false)", [setting])
        columns, values = CREATE.split(" VALUES ")
        forged = (
            f"{columns[:-1]}, version, change_set_id, changed_at) VALUES {values[:-1]}, 99, 99, 'infinity')"
        )
        writer.execute(forged.encode())
        assert observer.execute(stamps).fetchall() == [(version, None, True)]
        writer.execute(DELETE.encode())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_functions_hang_on_no_table_of_its_own(writer: psycopg.Connection, function: str) -> None:
    writer.execute(b"CREATE TEMP TABLE mine (code text)")
    with pytest.raises(errors.InsufficientPrivilege):
        writer.execute(
            "CREATE TRIGGER forged AFTER INSERT ON mine FOR EACH STATEMENT"
            f" EXECUTE FUNCTION public.{function}('pg_sleep(0)::text')".encode()
        )


def test_every_trigger_function_is_guarded_alike(observer: psycopg.Connection) -> None:
    # Those of the queue's library run as whoever writes, on its own tables: they lend nobody a right.
    guards = b"""
        SELECT DISTINCT proname, prosecdef, proconfig, has_function_privilege('public', p.oid, 'EXECUTE')
        FROM pg_proc p JOIN pg_trigger t ON tgfoid = p.oid WHERE NOT tgisinternal
          AND (prosecdef OR NOT starts_with(proname, 'procrastinate_')) ORDER BY proname
    """
    path = ["search_path=pg_catalog, pg_temp"]
    expected = [(name, True, path, False) for name in sorted(FUNCTIONS)]
    assert observer.execute(guards).fetchall() == expected


def test_a_schema_of_another_name_keeps_its_own_history(
    history_url: URL, observer: psycopg.Connection
) -> None:
    assert observer.execute(b"SELECT count(*) FROM row_versions").fetchone() == (0,)
    name = sql.Identifier(f"Else {uuid4().hex[:8]}")
    with observer.transaction(force_rollback=True):
        observer.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(name))
        observer.execute(sql.SQL("SET LOCAL search_path = {}").format(name))
        observer.execute(CREATE.encode())
        observer.execute(change("Elsewhere"))
        found = observer.execute(b"SELECT row_key FROM row_versions").fetchall()
    assert found == [(CODE,)]
