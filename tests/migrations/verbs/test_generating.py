"""New revisions: written from the models, complete, reversible, and never at the cost of what is not theirs."""

import re
from typing import Any

import pytest
from sqlalchemy import (
    DDL,
    BigInteger,
    Column,
    Date,
    Enum,
    Index,
    MetaData,
    String,
    Table,
    Text,
    event,
)

from migrations.release_step.schema import declared, fingerprint
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project
from webapp.constraint_names import NAMING

pytestmark = pytest.mark.release

FUNCTION = """
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- 100 % of the rows, at \\d+ o'clock
    RAISE NOTICE 'stamped % at %', TG_TABLE_NAME, now()::time;
    RETURN NEW;
END $$
"""
TRIGGER = """
CREATE TRIGGER stamp BEFORE UPDATE ON makers
FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION stamp()
"""


@pytest.fixture
def models(monkeypatch: pytest.MonkeyPatch) -> MetaData:
    """What the models declare, for this test."""
    metadata = MetaData(naming_convention=NAMING)
    monkeypatch.setattr(declared, "METADATA", metadata)
    return metadata


@pytest.fixture
def local(project: Project) -> Project:
    project.environ["APP_ENV"] = "local"
    return project


def makers(metadata: MetaData, *more: Any) -> None:
    columns = [
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        Column("name", String(20), nullable=False),
    ]
    parts: list[Any] = [*columns, *more]
    Table("makers", metadata, *parts, extend_existing=True)


def add_trigger(metadata: MetaData, function: str = FUNCTION, trigger: str = TRIGGER) -> None:
    event.listen(metadata, "before_create", _ddl(function))
    event.listen(metadata.tables["makers"], "after_create", _ddl(trigger))


def _ddl(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped


def source(project: Project) -> str:
    return max(project.versions.glob("*.py"), key=lambda path: path.stat().st_mtime_ns).read_text()


def goes_down_and_up(release: Release, ask: Database, models: MetaData) -> None:
    """The newest revision, down and up again, leaves exactly what the models declare."""
    assert release("downgrade", "-1", "--confirm-data-loss").exit_code == 0
    assert release("upgrade").exit_code == 0
    with ask.engine.connect() as connection:
        assert fingerprint.drift(connection, models) == []


def test_a_new_table_becomes_a_revision_that_builds_exactly_it(
    local: Project, release: Release, ask: Database, models: MetaData
) -> None:
    makers(models, Index("ix_makers_name", "name"))

    made = release("generate", "create makers", "--why", "Stewards want to keep makers, too.", "--json")
    upgraded = release("upgrade")

    assert (made.exit_code, upgraded.exit_code) == (0, 0), made.err + upgraded.err
    assert re.fullmatch(r"migrations/versions/\d{8}_\d{6}_[0-9a-f]{12}_create_makers\.py", made.json["path"])
    assert '"""create makers.\n\nWhy: Stewards want to keep makers, too.\nPhase: expand\n"""' in source(local)
    assert 'op.drop_table("makers")' in source(local)  # Black has been over it
    assert release("check").exit_code == 0
    goes_down_and_up(release, ask, models)


def test_nothing_to_do_makes_no_file(local: Project, release: Release, models: MetaData) -> None:
    makers(models)
    assert release("generate", "create makers").exit_code == 0
    assert release("upgrade").exit_code == 0

    refused = release("generate", "nothing")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-10")
    assert len(list(local.versions.glob("*.py"))) == 1


def test_a_database_behind_the_files_is_upgraded_first(
    local: Project, release: Release, models: MetaData
) -> None:
    local.table("first")

    refused = release("generate", "something")

    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-03")


def test_functions_and_triggers_are_written_too(
    local: Project, release: Release, ask: Database, models: MetaData
) -> None:
    makers(models)
    add_trigger(models)

    assert release("generate", "create makers").exit_code == 0
    assert release("upgrade").exit_code == 0, source(local)

    with ask.engine.connect() as connection:
        assert fingerprint.drift(connection, models) == []
    goes_down_and_up(release, ask, models)


def test_a_changed_function_and_a_trigger_that_is_gone_are_written_with_their_way_back(
    local: Project, release: Release, ask: Database, models: MetaData, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers(models)
    add_trigger(models)
    assert release("generate", "create makers").exit_code == 0
    assert release("upgrade").exit_code == 0
    changed = MetaData(naming_convention=NAMING)
    makers(changed)
    event.listen(changed, "before_create", _ddl(FUNCTION.replace("stamped", "touched")))
    monkeypatch.setattr(declared, "METADATA", changed)

    assert release("generate", "change stamp").exit_code == 0
    assert release("upgrade").exit_code == 0, source(local)

    with ask.engine.connect() as connection:
        assert fingerprint.drift(connection, changed) == []
    assert release("downgrade", "-1").exit_code == 0
    with ask.engine.connect() as connection:
        assert fingerprint.drift(connection, models) == []


def test_an_enum_type_is_dropped_on_the_way_down(
    local: Project, release: Release, ask: Database, models: MetaData
) -> None:
    makers(models, Column("mood", Enum("calm", "busy", name="mood")))
    assert release("generate", "create makers").exit_code == 0
    assert release("upgrade").exit_code == 0, source(local)

    assert release("downgrade", "base").exit_code == 0
    assert ask.scalar("SELECT count(*) FROM pg_type WHERE typname = 'mood'") == 0
    assert release("upgrade").exit_code == 0


def test_what_was_made_by_hand_and_partitions_are_left_alone(
    local: Project, release: Release, ask: Database, models: MetaData
) -> None:
    makers(models)
    Table(
        "prices",
        models,
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        Column("day", Date, primary_key=True),
        postgresql_partition_by="RANGE (day)",
    )
    assert release("generate", "create makers").exit_code == 0
    assert release("upgrade").exit_code == 0
    ask.execute(
        "CREATE TABLE prices_2025 PARTITION OF prices FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')"
    )
    ask.execute("CREATE INDEX by_hand ON makers (name)")
    ask.execute("CREATE TABLE notes_by_hand (id int)")
    makers(models, Column("city", Text))

    assert release("generate", "add city").exit_code == 0

    written = source(local)
    assert 'sa.Column("city", sa.Text(), nullable=True)' in written
    assert not re.search("prices|by_hand", written)


def test_what_a_revision_once_made_and_the_models_no_longer_declare_is_dropped(
    local: Project, release: Release, models: MetaData, monkeypatch: pytest.MonkeyPatch
) -> None:
    makers(models, Column("city", Text))
    assert release("generate", "create makers").exit_code == 0
    assert release("upgrade").exit_code == 0
    without = MetaData(naming_convention=NAMING)
    makers(without)
    monkeypatch.setattr(declared, "METADATA", without)

    assert release("generate", "remove city", "--phase", "contract").exit_code == 0

    assert 'op.drop_column("makers", "city")' in source(local)
    assert "Phase: contract" in source(local)


def test_differences_that_nobody_can_write_automatically_are_named_instead_of_ignored(
    local: Project, release: Release, ask: Database, models: MetaData
) -> None:
    makers(models)
    assert release("generate", "create makers").exit_code == 0
    assert release("upgrade").exit_code == 0
    ask.execute("ALTER TABLE makers SET (fillfactor = 70)")

    refused = release("generate", "something")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-13")
    assert "table makers" in refused.err


def test_a_frame_to_fill_in_by_hand_does_not_pass_until_it_is_filled(
    local: Project, release: Release, models: MetaData
) -> None:
    made = release("generate", "fill names", "--by-hand", "--phase", "backfill")

    linted = release("lint", "--json")

    assert (made.exit_code, linted.exit_code) == (0, 7)
    assert {finding["rule"] for finding in linted.json["details"]} >= {"why", "offline"}


def test_a_reason_that_is_too_short_is_told_how_long_it_has_to_be(
    local: Project, release: Release, models: MetaData
) -> None:
    release("generate", "fill names", "--by-hand", "--why", "By hand.")
    assert "says no 'Why: ...' of at least 20 characters" in release("lint").out


@pytest.mark.parametrize("message", ["", "   ", "!!!"])
def test_a_message_without_words_is_refused(local: Project, release: Release, message: str) -> None:
    refused = release("generate", message)

    assert (refused.exit_code, refused.code) == (2, "MIG-USE-03")
