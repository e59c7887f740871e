"""Nothing drifts unseen: the models, the migrations and a database changed by hand."""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import URL, make_url

import webapp.models  # noqa: F401 - registers every table
from migrations.release_step.schema import fingerprint, scope, states
from migrations.release_step.schema.fingerprint import Difference, Fingerprint
from tests.migrations import servers
from tests.migrations.projects import ROOT
from tests.migrations.schema import drift_lists
from tests.migrations.schema.mutations import (
    DRIFT,
    DRIFT_SINCE_18,
    NOT_COMPARED,
    NOT_COMPARED_SINCE_18,
    NOTES,
    UNTRIED,
    Named,
)
from tests.migrations.schema.mutations.schemas import SCHEMA, SURROUNDINGS
from webapp.db import Base

pytestmark = pytest.mark.release


Changed = tuple[Connection, Fingerprint]
# Every CHECK, and every index with a condition, from what PostgreSQL prints of it.
MADE_AGAIN = text("""
    DO $$ DECLARE made record; BEGIN
        FOR made IN SELECT conrelid::regclass AS of, conname AS name, pg_get_constraintdef(oid) AS printed
                    FROM pg_constraint WHERE contype = 'c' AND connamespace = to_regnamespace('public')
        LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', made.of, made.name);
            EXECUTE format('ALTER TABLE %s ADD CONSTRAINT %I %s', made.of, made.name, made.printed);
        END LOOP;
        FOR made IN SELECT indexrelid::regclass AS name, pg_get_indexdef(indexrelid) AS printed
                    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
                    WHERE indpred IS NOT NULL AND relnamespace = to_regnamespace('public')
        LOOP EXECUTE format('DROP INDEX %s', made.name); EXECUTE made.printed; END LOOP;
    END $$
""")
# Lists, which PostgreSQL spells in two ways, wherever an expression may stand.
LISTED = """
CREATE TABLE listed (a varchar, n int CHECK (n IN (1, 2)), CONSTRAINT ck_listed CHECK (a IN ('x', 'y') AND a <> 'z'),
    CHECK (ARRAY[a, lower(a)]::text[] <> ARRAY['x', 'y']::name[]::text[]));
CREATE POLICY few ON listed USING (a IN ('x', 'y'));
CREATE INDEX ix_listed ON listed (a) WHERE a NOT IN ('x', 'y');
CREATE VIEW chosen AS SELECT CASE WHEN a IN ('x', 'y') THEN 1 END AS k FROM listed WHERE n IN (1, 2);
CREATE TRIGGER touch_listed BEFORE UPDATE ON listed FOR EACH ROW WHEN (NEW.a IN ('x', 'y')) EXECUTE FUNCTION touch();
"""
WRITTEN = """
SELECT format('ALTER TABLE listed DROP CONSTRAINT %1$I; ALTER TABLE listed ADD CONSTRAINT %1$I %2$s',
              conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE conrelid = 'listed'::regclass AND contype = 'c'
UNION ALL SELECT 'DROP INDEX ix_listed; ' || pg_get_indexdef('ix_listed'::regclass)
UNION ALL SELECT format('DROP POLICY few ON listed; CREATE POLICY few ON listed USING (%s)',
                        pg_get_expr(polqual, polrelid))
          FROM pg_policy WHERE polname = 'few'
UNION ALL SELECT 'CREATE OR REPLACE VIEW chosen AS ' || pg_get_viewdef('chosen'::regclass)
UNION ALL SELECT 'DROP TRIGGER touch_listed ON listed; ' || pg_get_triggerdef(oid)
          FROM pg_trigger WHERE tgname = 'touch_listed'
"""


@pytest.fixture(scope="module", params=["18", "15"])
def changed_by_hand(request: pytest.FixtureRequest, server_url: str) -> Iterator[Changed]:
    """One object of each kind, never committed, and their fingerprint; of the newest and of the oldest server."""
    with contextlib.ExitStack() as stack:
        if request.param == "15":
            url, _ = stack.enter_context(servers.fifteen())
        else:
            url = stack.enter_context(_database(server_url))
        engine = create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql(_spelled(connection, SURROUNDINGS + SCHEMA))
            yield connection, fingerprint.take_whole(connection, "public")
            connection.rollback()


@contextlib.contextmanager
def _database(server_url: str) -> Iterator[URL]:
    """A database of the role that may do everything."""
    name = f"test_drift_{uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        yield make_url(server_url).set(database=name)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _spelled(connection: Connection, statement: str) -> str:
    return statement.replace("CURRENT_NAME", str(connection.scalar(text("SELECT current_database()"))))


def after(changed: Changed, mutations: Iterable[str]) -> list[Difference]:
    """What differs after all of this was done; it is taken back."""
    connection, before = changed
    with connection.begin_nested() as savepoint:
        for mutation in mutations:
            connection.exec_driver_sql(_spelled(connection, mutation))
        found = fingerprint.differences(before, fingerprint.take_whole(connection, "public"))
        savepoint.rollback()
    return found


def known_to(changed: Changed, since_18: tuple[Any, ...]) -> tuple[Any, ...]:
    """What only newer servers understand, to these only."""
    connection, _ = changed
    return since_18 if (connection.dialect.server_version_info or (0,)) >= (18,) else ()


def batches(mutations: Iterable[Named]) -> Iterable[list[Named]]:
    """Several changes show in one comparison, where none is of the object of another or takes others along."""
    together: list[dict[str, Named]] = [{}]
    for mutation, named in mutations:
        root = named[1].split(".")[0]
        if re.search(
            r"CASCADE|INSERT|DROP (TABLE|FUNCTION|TYPE|DOMAIN|MATERIALIZED)|RENAME|TRIGGER (ALL|USER)",
            mutation,
        ):
            yield [(mutation, named)]
            continue
        batch = next((one for one in together[1:] if root not in one), None)
        if batch is None:
            together.append(batch := {})
        batch[root] = (mutation, named)
    yield from (list(batch.values()) for batch in together[1:])


def test_at_least_a_hundred_and_fifty_changes_by_hand_are_tried() -> None:
    every = (*DRIFT, *DRIFT_SINCE_18, *NOTES, *NOT_COMPARED, *NOT_COMPARED_SINCE_18)
    assert len({mutation for mutation, _ in every}) >= 150


def test_each_change_by_hand_is_named_by_object_and_kind(changed_by_hand: Changed) -> None:
    unseen = []
    for batch in batches((*DRIFT, *known_to(changed_by_hand, DRIFT_SINCE_18))):
        seen = {(one.kind, one.name) for one in after(changed_by_hand, [mutation for mutation, _ in batch])}
        unseen += [
            (mutation, named) for mutation, named in batch if named not in seen or scope.is_note(named[0])
        ]
    assert unseen == []


def test_what_changes_no_answer_is_told_and_is_no_drift(changed_by_hand: Changed) -> None:
    found = after(changed_by_hand, [mutation for mutation, _ in NOTES])
    assert {(one.kind, one.name) for one in found} == {named for _, named in NOTES}
    assert all(one.is_note for one in found)


def test_what_is_listed_as_not_compared_is_not(changed_by_hand: Changed) -> None:
    every = (*NOT_COMPARED, *known_to(changed_by_hand, NOT_COMPARED_SINCE_18))
    assert after(changed_by_hand, [mutation for mutation, _ in every]) == []


def test_the_lists_of_what_is_told_and_what_is_not_compared_are_those_that_were_tried() -> None:
    tried = {label for _, label in (*NOT_COMPARED, *NOT_COMPARED_SINCE_18)}
    assert tried | set(UNTRIED) == set(scope.NOT_COMPARED)
    assert not tried & set(UNTRIED)
    kinds = {kind for _, (kind, _) in NOTES}
    assert {kind for kind in kinds if not kind.startswith(scope.COMMENTS)} == set(scope.NOTES)


def test_every_kind_that_the_catalog_is_asked_for_has_been_changed(changed_by_hand: Changed) -> None:
    _, before = changed_by_hand
    tried = {kind for _, (kind, _) in (*DRIFT, *NOTES)}
    assert {kind for kind, _ in before if not scope.is_note(kind)} <= tried


def test_a_readers_list_is_what_was_tried() -> None:
    readme = (ROOT / "migrations" / "README.md").read_text()
    assert drift_lists.text() in readme


def test_a_sequence_of_a_table_that_somebody_holds_is_left_out(new_database: Callable[[], URL]) -> None:
    engine = create_engine(new_database(), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE held (id serial); INSERT INTO held VALUES (5)")
    with engine.connect() as holder, engine.connect() as reader:
        behind = {("state", "sequence held_id_seq"): "behind its data"}
        assert states.take(reader, "public") == behind
        holder.exec_driver_sql("LOCK TABLE held")
        assert states.take(reader, "public") == {}
        assert reader.scalar(text("SHOW lock_timeout")) == "0"


def test_what_has_healed_is_no_difference() -> None:
    ailing = {("state", "sequence numbers"): "behind its data"}
    assert fingerprint.differences(ailing, {}) == []
    (one,) = fingerprint.differences({}, ailing)
    assert str(one) == "sequence numbers is behind its data"


def test_the_order_of_columns_and_the_name_of_the_schema_make_no_difference(changed_by_hand: Changed) -> None:
    connection, _ = changed_by_hand
    with connection.begin_nested() as savepoint:
        before = fingerprint.take(connection, "public")
        connection.exec_driver_sql("DROP EVENT TRIGGER watch")
        connection.exec_driver_sql('CREATE SCHEMA "Other"; SET LOCAL search_path = "Other"')
        connection.exec_driver_sql(SCHEMA)
        connection.exec_driver_sql(
            "ALTER TABLE makers DROP COLUMN capital; ALTER TABLE makers ADD capital numeric(20,4)"
        )
        elsewhere = fingerprint.take(connection, "Other")
        savepoint.rollback()
    surrounding = {("table", "published"), ("function", "watched()"), ("cost and rows", "watched()")}
    found = fingerprint.differences(before, elsewhere)

    assert [
        one for one in found if (one.kind, one.name) not in surrounding and "published" not in one.name
    ] == []


def test_what_the_server_wrote_and_read_again_as_a_restore_does_is_no_drift(changed_by_hand: Changed) -> None:
    connection, _ = changed_by_hand
    with connection.begin_nested() as savepoint:
        connection.exec_driver_sql(LISTED)
        before = fingerprint.take(connection, "public")
        for statement in connection.scalars(text(WRITTEN)).all():
            connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        after_it = fingerprint.take(connection, "public")
        savepoint.rollback()
    respelled = {kind for (kind, name), words in before.items() if after_it[kind, name] != words}
    assert {"check", "index", "view", "trigger", "policy"} <= respelled
    assert fingerprint.differences(before, after_it) == []


def test_migrations_build_exactly_what_the_models_declare(migrated: Connection) -> None:
    assert fingerprint.drift(migrated, Base.metadata) == []


def test_what_is_made_again_as_postgresql_prints_it_is_the_same(migrated: Connection) -> None:
    """A copy that is brought back is made so: its CHECKs, and the conditions of its indexes."""
    migrated.execute(MADE_AGAIN)

    assert fingerprint.drift(migrated, Base.metadata) == []


def test_a_comparison_leaves_nothing_behind(migrated: Connection) -> None:
    schemas = text("SELECT count(*) FROM pg_namespace")
    before = migrated.scalar(schemas)

    fingerprint.drift(migrated, Base.metadata)

    assert (migrated.scalar(schemas), migrated.scalar(text("SHOW search_path"))) == (
        before,
        '"$user", public',
    )


def test_names_that_are_long_together_stay_apart(changed_by_hand: Changed) -> None:
    connection, _ = changed_by_hand
    table, begin = "t" * 60, "c" * 50
    with connection.begin_nested() as savepoint:
        checks = ", ".join(f"CONSTRAINT {begin}_{number} CHECK (a > {number})" for number in (1, 2))
        connection.exec_driver_sql(f"CREATE TABLE {table} (a int, {checks})")
        found = fingerprint.take(connection, "public")
        savepoint.rollback()

    assert {("check", f"{table}.{begin}_{number}") for number in (1, 2)} <= found.keys()


def test_a_table_that_only_the_database_has_is_said_to_be_undeclared(migrated: Connection) -> None:
    migrated.exec_driver_sql("CREATE TABLE by_hand (id int)")

    found = [str(one) for one in fingerprint.drift(migrated, Base.metadata)]

    assert "table by_hand is not declared" in found
    assert "column by_hand.id is not declared" in found


@pytest.fixture
def migrated(database_url: URL) -> Iterator[Connection]:
    """The worker's migrated database; nothing stays of what a test does in it."""
    engine = create_engine(database_url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
