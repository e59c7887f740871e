"""A backfill of a curated table says what its history is to hold: a change set of the release's, or nothing at all."""

import json
import subprocess

import psycopg
import pytest
from sqlalchemy.engine import URL

from migrations import provenance
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project
from webapp.cli import embedded
from webapp.models import history

pytestmark = pytest.mark.release

TABLES = """
op.execute("CREATE TABLE change_sets (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text, table_name text,"
    " status text, author_name text, reason text, source text, counts jsonb, findings jsonb, digest text,"
    " decided_at timestamptz, decided_how text, applied_at timestamptz)")
op.execute("CREATE TABLE row_versions (table_name text, row_key text, version int, operation text, row_data jsonb,"
    " valid_from timestamptz, valid_to timestamptz, begun_by_change_set_id bigint, ended_by_change_set_id bigint,"
    " ended_by_role text, ended_by_transaction_id bigint)")
op.execute("CREATE TABLE makers (id bigint PRIMARY KEY, name text, size text, version int,"
    " shout text GENERATED ALWAYS AS (upper(name)) STORED,"
    " changed_at timestamptz, change_set_id bigint)")
"""
STATE = "SELECT DISTINCT size || ' ' || version || ' ' || coalesce(change_set_id::text, '-') FROM makers"


def statement(sql: str) -> str:
    return f'op.execute({json.dumps(sql.replace(":", chr(92) + ":"))})\n'


@pytest.fixture
def curated(project: Project, release: Release, ask: Database) -> Project:
    """A curated table of a thousand rows, written by change set 77."""
    made = TABLES + "".join(statement(one) for one in history.FUNCTIONS)
    project.revision(made + "".join(statement(one) for one in history.triggers("makers", "o.id::text")))
    assert release("upgrade").exit_code == 0
    ask.execute(
        "DO $$ BEGIN PERFORM set_config('app.change_set_id', '77', true);"
        " INSERT INTO makers (id, name) SELECT n, 'x' FROM generate_series(1, 1000) n; END $$"
    )
    return project


def backfill(project: Project, says: str = "", set_: str = "size = 'small'") -> str:
    words = f'set_="{set_}", where="size IS NULL", batch=300{says}'
    return project.revision(f"backfills.run(op, backfills.Backfill('makers', {words}))", phase="backfill")


RELEASE = ", history=backfills.ByRelease('Sizes are new; all were small.')"
SILENT = ", history=backfills.Silently('The column is new; nobody has changed a maker.')"


def test_without_a_word_nothing_is_filled_and_the_lint_asks_for_one(
    curated: Project, release: Release, ask: Database
) -> None:
    backfill(curated)
    failed = release("upgrade")
    assert (failed.exit_code, failed.code) == (6, "MIG-REV-06")
    assert ask.scalar("SELECT count(size) FROM makers") == 0
    assert "backfill-history" in {one["rule"] for one in release("lint", "--json").json["details"]}


def test_by_release_the_rows_name_a_change_set_that_gives_revision_and_reason(
    curated: Project, release: Release, ask: Database
) -> None:
    revision = backfill(curated, RELEASE)
    done = release("upgrade")
    assert done.exit_code == 0, done.err
    assert ask.scalar(STATE) == "small 2 1"
    told = ask.scalar(
        "SELECT concat_ws('|', kind, table_name, status, reason, source, counts, decided_how) FROM change_sets"
    )
    reason = "Sizes are new; all were small."
    assert told == f'release|makers|applied|{reason}|{revision}|{{"updated": 1000}}|policy'
    ended = (
        "SELECT count(*) FROM row_versions WHERE ended_by_change_set_id = 1 AND begun_by_change_set_id = 77"
    )
    assert ask.scalar(ended) == 1000


def test_a_script_quotes_a_reason_as_it_is_whatever_places_it_names() -> None:
    script = provenance.script("makers", "size = 'x'", provenance.ByRelease("It's :revision's :table"), "r1")
    assert "'It''s :revision''s :table', 'r1'," in script
    assert "VALUES ('release', 'makers', 'applied'" in script


def test_a_backfill_that_failed_half_way_goes_on_under_the_same_change_set(
    curated: Project, release: Release, ask: Database
) -> None:
    backfill(
        curated,
        RELEASE,
        "size = CASE WHEN id = 700 AND to_regclass('awake') IS NULL THEN (1/(id-700))::text ELSE 'x' END",
    )
    assert release("upgrade").exit_code == 6
    assert ask.scalar("SELECT count(size) FROM makers") == 600
    ask.execute("CREATE TABLE awake (id int)")
    assert release("upgrade", "--allow-drift").exit_code == 0
    assert ask.scalar(STATE) == "x 2 1"
    assert ask.scalar("SELECT counts ->> 'updated' FROM change_sets") == "1000"


def test_in_silence_neither_version_nor_stamp_moves_and_the_ledger_knows(
    curated: Project, release: Release, ask: Database
) -> None:
    before = ask.scalar("SELECT max(changed_at) FROM makers")
    backfill(curated, SILENT)
    assert release("upgrade").exit_code == 0
    assert ask.scalar(STATE) == "small 1 77"
    assert ask.scalar("SELECT max(changed_at) FROM makers") == before
    assert ask.scalar("SELECT count(*) FROM row_versions") == 0
    ledger = json.loads(ask.scalar("SELECT obj_description('alembic_version'::regclass, 'pg_class')"))
    assert ledger["applied"][-1]["silent"] == ["makers.size"]


def test_what_a_version_holds_already_is_not_filled_in_silence(
    curated: Project, release: Release, ask: Database
) -> None:
    ask.execute("UPDATE makers SET name = 'y' WHERE id = 5")
    backfill(curated, SILENT)
    failed = release("upgrade")
    assert (failed.exit_code, failed.code) == (6, "MIG-REV-07")
    assert ask.scalar("SELECT count(size) FROM makers") == 0


def test_silence_is_broken_by_a_change_of_another_column(
    curated: Project, release: Release, ask: Database
) -> None:
    with pytest.raises(Exception, match="touches more than size"):
        ask.execute(
            "DO $$ BEGIN PERFORM set_config('app.silent_columns', 'size', true);"
            " UPDATE makers SET size = 'x', name = 'y' WHERE id = 1; END $$"
        )
    assert release("current").exit_code == 0


def test_silence_of_somebody_who_does_not_own_the_table_is_not_heard(
    curated: Project, ask: Database, stranger: URL
) -> None:
    ask.execute(f"GRANT ALL ON makers TO {stranger.username}")
    ask.execute(f"GRANT ALL ON SCHEMA public TO {stranger.username}")
    address = stranger.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as session:
        session.execute("SET app.silent_columns = 'size'")
        session.execute("UPDATE makers SET size = 'x' WHERE id = 1")
    assert ask.scalar("SELECT version FROM makers WHERE id = 1") == 2
    assert ask.scalar("SELECT count(*) FROM row_versions") == 1


@pytest.mark.parametrize(("says", "state"), [(RELEASE, "small 2 1"), (SILENT, "small 1 77")])
def test_a_script_for_psql_says_the_same(
    curated: Project, release: Release, ask: Database, says: str, state: str
) -> None:
    backfill(curated, says)
    script = release("upgrade", "0001aaaa:0002aaaa", "--sql").out
    path = curated.root / "release.sql"
    path.write_text(script)
    psql, there = embedded.server_tools() / "psql", curated.url.set(drivername="postgresql")
    command = [str(psql), "--no-psqlrc", f"--file={path}", there.render_as_string(hide_password=False)]
    subprocess.run(command, check=True, capture_output=True)
    assert ask.scalar(STATE) == state
    assert ask.revision() == "0002aaaa"


def test_a_word_about_a_history_that_is_not_there_is_refused(project: Project, release: Release) -> None:
    project.table("makers")
    project.revision(
        "backfills.run(op, backfills.Backfill('makers', set_=\"a = 'x'\", where='a IS NULL'" + SILENT + "))"
    )
    failed = release("upgrade")
    assert (failed.exit_code, failed.code) == (6, "MIG-REV-06")
    assert "has no history" in failed.err


@pytest.mark.parametrize(
    ("set_", "names"),
    [
        ("a = 1", ["a"]),
        ("a = coalesce(b, 'x, c = 2'), d = (SELECT max(e) FROM f WHERE g = 1)", ["a", "d"]),
        ("a = ARRAY[1, 2], b = 'it''s, c = 1'", ["a", "b"]),
    ],
)
def test_the_columns_that_are_set_are_read_from_the_words(set_: str, names: list[str]) -> None:
    assert provenance.columns(set_) == names
