"""Nothing drifts unseen: the models, the migrations and a database changed by hand."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.engine import URL

import webapp.models  # noqa: F401 - registers every table
from migrations.release_step.schema import fingerprint
from migrations.release_step.schema.fingerprint import Fingerprint
from tests.migrations.schema.mutations import MUTATIONS, SCHEMA
from webapp.db import Base

pytestmark = pytest.mark.release


@pytest.fixture(scope="module")
def changed_by_hand(new_database: Callable[[], URL]) -> Iterator[tuple[Engine, Fingerprint]]:
    """A database with one object of each kind, and its fingerprint."""
    engine = create_engine(new_database(), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(SCHEMA)
    with engine.connect() as connection:
        before = fingerprint.take(connection, "public")
    yield engine, before
    engine.dispose()


def test_at_least_forty_eight_kinds_of_drift_are_tried() -> None:
    assert len({mutation for mutation, _ in MUTATIONS}) >= 48


@pytest.mark.parametrize(("mutation", "named"), MUTATIONS, ids=[mutation[:60] for mutation, _ in MUTATIONS])
def test_each_change_by_hand_is_named_by_object_and_kind(
    changed_by_hand: tuple[Engine, Fingerprint], mutation: str, named: tuple[str, str]
) -> None:
    engine, before = changed_by_hand
    with engine.connect() as connection:
        connection.exec_driver_sql(mutation)
        found = fingerprint.differences(before, fingerprint.take(connection, "public"))
        connection.rollback()

    assert named in [(one.kind, one.name) for one in found]


def test_the_order_of_columns_and_the_name_of_the_schema_make_no_difference(
    changed_by_hand: tuple[Engine, Fingerprint],
) -> None:
    engine, before = changed_by_hand
    with engine.connect() as connection:
        connection.exec_driver_sql('CREATE SCHEMA "Other"; SET LOCAL search_path = "Other"')
        connection.exec_driver_sql(SCHEMA)
        connection.exec_driver_sql(
            "ALTER TABLE makers DROP COLUMN capital; ALTER TABLE makers ADD capital numeric(20,4)"
        )
        elsewhere = fingerprint.take(connection, "Other")
        connection.rollback()

    assert fingerprint.differences(before, elsewhere) == []


def test_migrations_build_exactly_what_the_models_declare(migrated: Connection) -> None:
    assert fingerprint.drift(migrated, Base.metadata) == []


def test_a_comparison_leaves_nothing_behind(migrated: Connection) -> None:
    schemas = text("SELECT count(*) FROM pg_namespace")
    before = migrated.scalar(schemas)

    fingerprint.drift(migrated, Base.metadata)

    assert (migrated.scalar(schemas), migrated.scalar(text("SHOW search_path"))) == (
        before,
        '"$user", public',
    )


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
