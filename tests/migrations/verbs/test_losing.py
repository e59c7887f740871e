"""What a downgrade loses is learned by doing it and taking it back, whatever its SQL looks like."""

import pytest
from sqlalchemy.engine import URL

from tests.migrations.conftest import Begun, Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release

MAKE = """
op.execute("CREATE TABLE first (id int PRIMARY KEY, a text, n numeric(20,4), w varchar(40), c int)")
op.execute("CREATE TABLE second (id int PRIMARY KEY, b text, g text GENERATED ALWAYS AS (b || 'x') STORED)")
op.execute("CREATE TABLE empty (id int)")
"""
ROWS = (
    "INSERT INTO first VALUES (1, 'x', 1.5, 'a long word', 1), (2, 'y', 2.1234, 'short', NULL), (3, NULL, 3, NULL, 3)",
    "INSERT INTO second VALUES (1, 'x'), (2, 'y')",
)
LOSES = {
    "two tables in one DROP": ("DROP TABLE empty, first, second", {"first 3 rows", "second 2 rows"}),
    "two tables in one TRUNCATE": ("TRUNCATE first, second", {"first 3 rows", "second 2 rows"}),
    "a column without the word": ("ALTER TABLE first DROP a", {"first.a 2 values"}),
    "two columns at once": (
        "ALTER TABLE first DROP a, DROP COLUMN c",
        {"first.a 2 values", "first.c 2 values"},
    ),
    "a narrower number": ("ALTER TABLE first ALTER n TYPE numeric(20,2)", {"first.n 3 values"}),
    "a shorter text": ("ALTER TABLE first ALTER w TYPE varchar(5) USING left(w, 5)", {"first.w 2 values"}),
    "values set to nothing": ("UPDATE first SET a = NULL WHERE id = 1", {"first.a 1 values"}),
    "a drop in a block": ("DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'second'; END $$", {"second 2 rows"}),
    "rows deleted in a WITH": ("WITH gone AS (DELETE FROM first RETURNING id) SELECT 1", {"first 3 rows"}),
    "some rows": ("DELETE FROM first WHERE id > 1", {"first 2 rows"}),
    "renamed, then dropped": ("ALTER TABLE first RENAME TO other; DROP TABLE other", {"first 3 rows"}),
    "made anew, and empty": ("DROP TABLE second; CREATE TABLE second (id int, b text)", {"second 2 rows"}),
}
LOSES_NOTHING = {
    "a wider type": "ALTER TABLE first ALTER n TYPE numeric(24,6), ALTER w TYPE text, ALTER c TYPE bigint",
    "a new name": "ALTER TABLE first RENAME TO other; ALTER TABLE other RENAME a TO z",
    "an empty table": "DROP TABLE empty",
    "made anew with its rows": "CREATE TABLE c AS TABLE second; DROP TABLE second; ALTER TABLE c RENAME TO second",
    "a column that is computed": "ALTER TABLE second DROP g",
    "more rows": "INSERT INTO second VALUES (9, 'z')",
}


def make(project: Project) -> None:
    """Two tables, and one that stays empty."""
    project.environ["APP_ENV"] = "local"
    project.revision(MAKE, "op.execute('DROP TABLE IF EXISTS first, second, empty, other')")


@pytest.fixture
def project_url(begun: Begun) -> URL:
    return begun(make)


@pytest.fixture
def level(project: Project, ask: Database) -> Project:
    """Two tables with rows, and an empty one."""
    make(project)
    for statement in ROWS:
        ask.execute(statement)
    return project


def down(project: Project, release: Release, sql: str) -> None:
    """A revision at which the database is, and whose downgrade runs this."""
    project.revision("op.execute('SELECT 1')", f'op.execute("{sql}")')
    assert release("upgrade").exit_code == 0


@pytest.mark.parametrize("name", LOSES)
def test_what_is_lost_is_counted_and_nothing_has_happened(
    level: Project, release: Release, ask: Database, name: str
) -> None:
    sql, lost = LOSES[name]
    down(level, release, sql)

    refused = release("downgrade", "-1", "--json")

    assert (refused.exit_code, refused.json["code"]) == (8, "MIG-SAFE-07"), refused.err
    details = refused.json["details"]
    told = {f"{one['table']}{'.' if one['column'] else ''}{one['column']} {one['count']}" for one in details}
    assert told == {loss.rsplit(" ", 1)[0] for loss in lost}
    assert ask.scalar("SELECT count(*) || ' ' || sum(n) || ' ' || count(a) FROM first") == "3 6.6234 2"
    assert ask.revision() == "0002aaaa"


@pytest.mark.parametrize("name", LOSES_NOTHING)
def test_what_loses_nothing_asks_for_no_consent(
    level: Project, release: Release, ask: Database, name: str
) -> None:
    down(level, release, LOSES_NOTHING[name])
    done = release("downgrade", "-1", "--json")
    assert done.exit_code == 0, done.err
    assert (done.json["lost"], ask.revision()) == ([], "0001aaaa")


ENDS = {
    "a word": "op.execute('COMMIT')",
    "a word in two halves": "op.execute('COM' 'MIT')",
    "words": "op.execute('ROLLBACK; BEGIN; DROP TABLE second; COMMIT')",
    "a call": "op.get_bind().commit()",
    "a call by its name": "getattr(op.get_bind(), 'com' + 'mit')()",
    "the driver's": "op.get_bind().connection.driver_connection.commit()",
}


@pytest.mark.parametrize("name", ENDS)
def test_a_way_back_that_commits_has_not_gone_by_being_tried(
    level: Project, release: Release, ask: Database, name: str
) -> None:
    level.revision(
        "op.execute('SELECT 1')",
        f"op.execute('ALTER TABLE first DROP COLUMN a, DROP COLUMN n')\n{ENDS[name]}",
    )
    assert release("upgrade").exit_code == 0

    refused = release("downgrade", "-1")

    # Whose SQL needs a database, of that nobody knows what it loses.
    needs_one = "get_bind" in ENDS[name]
    assert refused.code == ("MIG-REV-08" if needs_one else "MIG-SAFE-07"), refused.err
    assert ask.scalar("SELECT count(a) || ' ' || count(n) FROM first") == "2 3"
    assert ask.has_table("second")


def test_the_lint_sees_transaction_control_in_the_way_back(level: Project, release: Release) -> None:
    level.revision("op.execute('SELECT 1')", "op.execute('DROP TABLE second; COMMIT')")
    assert "own-transaction" in {one["rule"] for one in release("lint", "--json").json["details"]}


def test_what_cannot_be_tried_is_read_from_its_sql_and_said_so(
    level: Project, release: Release, ask: Database
) -> None:
    level.revision(
        "op.execute('SELECT 1')",
        "with op.get_context().autocommit_block():\n    op.execute('DROP TABLE empty, second')",
    )
    down(level, release, "ALTER TABLE first DROP a")

    refused = release("downgrade", "0001aaaa")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-07")
    assert "first.a 2 values, second 2 rows" in refused.err
    assert refused.out == "from 0002aaaa on nothing could be tried: what is lost was read from the SQL\n"
    assert ask.has_table("second")


def test_a_downgrade_that_fails_says_so_itself(level: Project, release: Release, ask: Database) -> None:
    down(level, release, "SELECT 1/0")
    failed = release("downgrade", "-1")
    assert (failed.exit_code, failed.code) == (6, "MIG-REV-01")
    assert ask.revision() == "0002aaaa"


def test_a_way_back_that_takes_the_session_away_is_stopped_by_being_tried(
    project: Project, level: Project, release: Release, ask: Database
) -> None:
    project.revision("pass", "op.get_bind().detach()\nop.get_bind().exec_driver_sql('SELECT 1')")
    assert release("upgrade").exit_code == 0
    failed = release("downgrade", "-1")
    assert (failed.exit_code, failed.code) == (6, "MIG-REV-09"), failed.err
    assert "takes the session away from the release step" in failed.err
    assert ask.revision() == "0002aaaa"


def test_a_trial_does_not_wait_behind_people(level: Project, release: Release, ask: Database) -> None:
    down(level, release, "DROP TABLE second")
    with ask.engine.connect() as reader:
        reader.exec_driver_sql("SELECT * FROM second")
        refused = release("downgrade", "-1", "--lock-timeout", "100")
    assert (refused.exit_code, refused.code) == (5, "MIG-LOCK-03")


def test_a_script_names_what_it_cannot_count(level: Project, release: Release) -> None:
    down(level, release, "ALTER TABLE first DROP a; TRUNCATE second")
    written = release("downgrade", "0002aaaa:0001aaaa", "--sql").out
    assert "-- It removes rows of second and values of first.a; how many, only the database knows." in written
