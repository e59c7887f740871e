"""What a revision requires of the rows is counted before it begins."""

import psycopg
import pytest

from migrations.release_step.revisions import requiring
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release

REQUIRES = """requires = ["no row of first where a LIKE 'x%' AND id > 1"]\n"""


@pytest.fixture
def asking(project: Project, release: Release, ask: Database) -> Project:
    """A revision that asks something of the table that the one before it made."""
    project.table("first")
    assert release("upgrade").exit_code == 0
    ask.execute("INSERT INTO first VALUES (1, 'xa'), (2, 'xb'), (3, 'xc'), (4, 'y')")
    project.revision(
        'op.add_column("first", sa.Column("b", sa.Text))', 'op.drop_column("first", "b")', extra=REQUIRES
    )
    return project


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_rows_that_break_it_are_counted_and_nothing_is_done(
    asking: Project, release: Release, ask: Database, option: tuple[str, ...]
) -> None:
    refused = release("upgrade", *option)
    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-13")
    assert "'no row of first where a LIKE 'x%' AND id > 1', and there are 2." in refused.err
    assert ask.revision() == "0001aaaa"
    assert ask.scalar("SELECT count(*) FROM pg_attribute WHERE attname = 'b'") == 0
    ask.execute("DELETE FROM first WHERE id IN (2, 3)")
    assert release("upgrade", *option).exit_code == 0


def test_a_revision_may_require_what_the_one_before_it_brings(
    asking: Project, release: Release, ask: Database
) -> None:
    ask.execute("DELETE FROM first WHERE id IN (2, 3)")
    asking.revision(
        "op.execute(\"UPDATE first SET b = 'z'\")",
        extra='requires = ["no row of first where b IS NOT NULL"]\n',
    )
    asking.revision("op.execute('SELECT 1')", extra='requires = ["no row of first where b IS NULL"]\n')
    assert release("upgrade").exit_code == 0
    assert ask.revision() == "0004aaaa"


def test_a_downgrade_asks_for_nothing(asking: Project, release: Release, ask: Database) -> None:
    ask.execute("DELETE FROM first WHERE id IN (2, 3)")
    assert release("upgrade").exit_code == 0
    ask.execute("INSERT INTO first VALUES (2, 'xb')")
    asking.environ["APP_ENV"] = "local"
    assert release("downgrade", "-1").exit_code == 0


def test_a_script_for_psql_asks_too(asking: Project, release: Release, ask: Database) -> None:
    script = release("upgrade", "0001aaaa:head", "--sql").out
    block = script[script.index("DO $requires$") : script.index("$requires$ /*")] + "$requires$"
    assert script.index("DO $requires$") < script.index("ADD COLUMN b")
    with psycopg.connect(
        asking.url.set(drivername="postgresql").render_as_string(hide_password=False)
    ) as session:
        with pytest.raises(psycopg.errors.RaiseException, match="'x%' AND id > 1, and there are 2"):
            session.execute(block)
        session.rollback()
        session.execute("DELETE FROM first")
        session.execute(block)


def test_what_it_asks_cannot_write(asking: Project, release: Release, ask: Database) -> None:
    ask.execute("CREATE SEQUENCE counted")
    asking.revision(
        'op.execute("SELECT 1")', extra="requires = [\"no row of first where nextval('counted') > 5\"]\n"
    )
    ask.execute("UPDATE first SET a = 'y'")
    refused = release("upgrade", "--allow-drift")  # the sequence was made by hand
    assert (refused.exit_code, refused.code) == (6, "MIG-REV-01")
    assert ask.revision() == "0002aaaa"


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "every row of first",
        "no row of first; DROP TABLE first",
        "no row of first where a = 'x'; SELECT 1",
        7,
    ],
)
def test_what_is_no_sentence_of_that_form_is_refused(sentence: object) -> None:
    assert requiring.read(sentence) is None


def test_the_lint_says_so_of_the_revision(project: Project, release: Release) -> None:
    project.table("first")
    project.revision(
        "op.execute('SELECT 1')", "op.execute('SELECT 1')", extra='requires = ["rows are fine"]\n'
    )
    assert {one["rule"] for one in release("lint", "--json").json["details"]} == {"requires"}
