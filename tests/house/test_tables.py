"""Every table is curated whole, or is named here as one that is not."""

from collections.abc import Iterable

from flask import Flask
from sqlalchemy import Connection, text

from tests import factories
from webapp import db
from webapp.models import history
from webapp.models.columns import Curated
from webapp.screens.record import registry

MAPPED = {mapper.class_.__tablename__: mapper.class_ for mapper in db.Base.registry.mappers}
# Computed from curated tables and computed again at any time: outside the door, without a history.
DERIVED = {
    "expected_statements",
    "financial_indicators",
    "findings",
    "price_days",
    "rule_counts",
    "steward_values",
}
# What this application knows of itself and of its people.
OUR_OWN = {
    "change_sets",
    "change_set_items",
    "file_parts",
    "feed_rows",
    "import_files",
    "job_progress",
    "login_attempts",
    "row_versions",
    "saved_views",
    "uploads",
    "users",
}

TRIGGERS = text("""
    SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgenabled = 'O' AND c.relnamespace = 'public'::regnamespace
""")


def curated(models: Iterable[type[db.Base]]) -> set[str]:
    return {model.__tablename__ for model in models if issubclass(model, Curated)}


def without_history(tables: Iterable[str], triggers: Iterable[tuple[str, str]]) -> set[str]:
    """Tables that lack one of the triggers that keep versions."""
    needed = {statement.split()[2] for statement in history.triggers("t", "")}
    names: dict[str, set[str]] = {}
    for table, trigger in triggers:
        names.setdefault(table, set()).add(trigger)
    return {table for table in tables if not needed <= names.get(table, set())}


def test_every_table_is_curated_or_derived_or_our_own() -> None:
    assert set(MAPPED) - curated(MAPPED.values()) == DERIVED | OUR_OWN


def test_every_curated_table_has_a_factory() -> None:
    assert curated(factories.MAKERS) == curated(MAPPED.values())


def test_every_curated_table_has_a_screen(app: Flask) -> None:
    assert app.extensions[registry.EXTENSION]
    shown = {screen.model.__tablename__ for screen in registry.declared()}
    assert curated(MAPPED.values()) - shown == set()


def test_every_curated_table_keeps_its_history_in_the_migrated_database(connection: Connection) -> None:
    triggers = [(row.relname, row.tgname) for row in connection.execute(TRIGGERS)]
    assert without_history(curated(MAPPED.values()), triggers) == set()


def test_no_derived_table_keeps_a_history(connection: Connection) -> None:
    tables = {row.relname for row in connection.execute(TRIGGERS)}
    assert tables & DERIVED == set()


def test_a_table_that_lacks_one_trigger_is_found(connection: Connection) -> None:
    connection.execute(text("DROP TRIGGER keep_deleted ON companies"))
    triggers = [(row.relname, row.tgname) for row in connection.execute(TRIGGERS)]
    assert without_history(curated(MAPPED.values()), triggers) == {"companies"}


def test_a_table_whose_trigger_is_switched_off_is_found(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE stock_prices DISABLE TRIGGER stamp_row"))
    triggers = [(row.relname, row.tgname) for row in connection.execute(TRIGGERS)]
    assert without_history(curated(MAPPED.values()), triggers) == {"stock_prices"}
