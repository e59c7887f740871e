"""Down: with consent to this database, and to losses that were counted first."""

import pytest
from sqlalchemy.engine import URL

from tests.migrations.conftest import Begun, Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release


def write(project: Project) -> None:
    """A table, and a column of it."""
    project.table("first")
    project.revision('op.add_column("first", sa.Column("b", sa.Text))', 'op.drop_column("first", "b")')


@pytest.fixture
def project_url(begun: Begun) -> URL:
    return begun(write)


@pytest.fixture
def up(project: Project, ask: Database) -> Project:
    """Two revisions: a table, and a column of it; with rows."""
    write(project)
    ask.execute("INSERT INTO first (id, b) VALUES (1, 'x'), (2, 'y'), (3, NULL)")
    project.environ["APP_ENV"] = "local"
    return project


def test_a_downgrade_that_loses_values_counts_them_and_refuses(
    up: Project, release: Release, ask: Database
) -> None:
    refused = release("downgrade", "-1", "--json")

    assert (refused.exit_code, refused.json["code"]) == (8, "MIG-SAFE-07")
    assert "first.b 2 values" in refused.err
    assert refused.json["details"] == [{"table": "first", "column": "b", "count": 2}]
    assert (ask.revision(), ask.scalar("SELECT count(b) FROM first")) == ("0002aaaa", 2)


def test_with_consent_it_goes_down_and_says_what_was_lost(
    up: Project, release: Release, ask: Database
) -> None:
    done = release("downgrade", "base", "--confirm-data-loss", "--json")

    assert (done.exit_code, ask.revision()) == (0, None)
    assert done.json["lost"] == [{"table": "first", "column": "", "count": 3}]
    assert [one["revision"] for one in done.json["undone"]] == ["0002aaaa", "0001aaaa"]


def test_a_downgrade_that_loses_nothing_needs_no_consent(
    up: Project, release: Release, ask: Database
) -> None:
    ask.execute("UPDATE first SET b = NULL")

    assert release("downgrade", "0001aaaa").exit_code == 0
    assert ask.revision() == "0001aaaa"


@pytest.mark.parametrize("consent", [(), ("--confirm-database", "another")])
def test_in_production_the_database_must_be_named(
    up: Project, release: Release, ask: Database, consent: tuple[str, ...]
) -> None:
    del up.environ["APP_ENV"]

    refused = release("downgrade", "-1", "--confirm-data-loss", *consent)

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-08")
    assert ask.revision() == "0002aaaa"


def test_in_production_with_its_name_it_goes_down(up: Project, release: Release, ask: Database) -> None:
    del up.environ["APP_ENV"]
    name = str(up.url.database)

    done = release("downgrade", "-1", "--confirm-data-loss", "--confirm-database", name)

    assert (done.exit_code, ask.revision()) == (0, "0001aaaa")


def test_a_downgrade_does_not_go_up(up: Project, release: Release, ask: Database) -> None:
    release("downgrade", "0001aaaa", "--confirm-data-loss")

    refused, done = release("downgrade", "0002aaaa"), release("downgrade", "0001aaaa")

    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-03")
    assert done.exit_code == 0


def test_a_failing_downgrade_stays_where_it_succeeded_last(
    up: Project, release: Release, ask: Database
) -> None:
    up.revision('op.execute("CREATE TABLE other (id int)")', 'op.execute("DROP TABLE other; SELECT 1/0")')
    assert release("upgrade").exit_code == 0

    failed = release("downgrade", "base", "--confirm-data-loss")

    assert (failed.exit_code, failed.code) == (6, "MIG-REV-01")
    assert ask.revision() == "0003aaaa"
    assert ask.has_table("other")


def test_a_stamp_needs_the_databases_name_and_an_existing_revision(
    up: Project, release: Release, ask: Database
) -> None:
    name = str(up.url.database)

    refused = release("stamp", "0001aaaa")
    unknown = release("stamp", "deadbeef", "--confirm-database", name)
    done = release("stamp", "0001aaaa", "--confirm-database", name)

    assert (refused.code, unknown.code, done.exit_code) == ("MIG-SAFE-08", "MIG-USE-02", 0)
    assert (refused.exit_code, unknown.exit_code) == (8, 2)
    assert ask.revision() == "0001aaaa"


def test_a_stamp_repairs_a_record_that_no_code_knows(up: Project, release: Release, ask: Database) -> None:
    ask.execute("UPDATE alembic_version SET version_num = 'deadbeef'")

    done = release("stamp", "head", "--confirm-database", str(up.url.database), "--json")

    assert (done.exit_code, done.json["previous"], ask.revision()) == (0, "deadbeef", "0002aaaa")
