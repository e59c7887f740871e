"""A signal decides the exit code, whatever is raised while it unwinds; whoever else exits is a mistake."""

import signal

import psycopg
import pytest
from sqlalchemy.engine import URL

from tests.migrations.conftest import Begun, Database, Release
from tests.migrations.projects import Project, ended, table_first, terminate, until

pytestmark = pytest.mark.release

SIGNALS = pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
SLEEPS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
EXITS = "import sys\nsys.exit(0)\n"


@pytest.fixture
def project_url(begun: Begun) -> URL:
    return begun(table_first)


@pytest.fixture
def filled(project: Project, ask: Database) -> Project:
    """A table of ten rows at the first revision."""
    table_first(project)
    ask.execute("INSERT INTO first (id) SELECT n FROM generate_series(1, 10) AS n")
    return project


def require_interrupted(project: Project, ask: Database, number: int, exit_code: int) -> None:
    """The run that goes on now ends by this signal, and says so."""
    result = terminate(project.processes[-1], number)
    assert (result.exit_code, result.code) == (exit_code, "MIG-INT-01"), result.err
    assert "Database remains at 0001aaaa." in result.err
    assert (ask.release_sessions(), ask.advisory_locks()) == (0, 0)


@SIGNALS
def test_a_signal_in_a_backfill_is_the_end_that_is_told(
    filled: Project, ask: Database, number: int, exit_code: int
) -> None:
    fill = "backfills.Backfill('first', set_=\"a = pg_sleep(60)::text\", where='a IS NULL')"
    filled.revision(f"backfills.run(op, {fill})")
    filled.fork("upgrade")
    until(lambda: ask.scalar(SLEEPS))
    require_interrupted(filled, ask, number, exit_code)


@SIGNALS
def test_a_signal_while_an_index_is_built_is_the_end_that_is_told(
    filled: Project, ask: Database, number: int, exit_code: int
) -> None:
    filled.revision('indexes.create(op, "ix_first_a", "first", ["a"])')
    address = filled.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as writer:
        # The build waits for whoever writes.
        writer.execute("UPDATE first SET a = 'x' WHERE id = 1")
        filled.fork("upgrade")
        until(lambda: ask.scalar("SELECT to_regclass('ix_first_a') IS NOT NULL"))
        require_interrupted(filled, ask, number, exit_code)


def test_a_signal_in_a_block_of_a_revisions_own_is_the_end_that_is_told(
    filled: Project, ask: Database
) -> None:
    filled.revision("with op.get_context().autocommit_block():\n    op.execute('SELECT pg_sleep(60)')")
    filled.fork("upgrade", "--json")
    until(lambda: ask.scalar(SLEEPS))
    require_interrupted(filled, ask, signal.SIGTERM, 143)


def test_a_revision_that_swallows_the_signal_does_not_make_it_unsaid(filled: Project, ask: Database) -> None:
    filled.revision("try:\n    op.execute('SELECT pg_sleep(60)')\nexcept BaseException:\n    pass")
    filled.fork("upgrade")
    until(lambda: ask.scalar(SLEEPS))
    result = terminate(filled.processes[-1])
    assert (result.exit_code, result.code) == (143, "MIG-INT-01")


@pytest.mark.parametrize("command", ["upgrade", "downgrade 0001aaaa"])
def test_a_revision_that_exits_is_a_mistake_and_nothing_of_it_stays(
    filled: Project, release: Release, ask: Database, command: str
) -> None:
    filled.environ["APP_ENV"] = "local"
    going_up = command == "upgrade"
    make, leave = "op.execute('CREATE TABLE half (id int)')", "import sys\nsys.exit(0)"
    filled.revision(f"{make}\n{leave}" if going_up else make, leave)
    if not going_up:
        assert release("upgrade").exit_code == 0

    failed = release(*command.split(), "--json")

    assert (failed.exit_code, failed.code) == (1, "MIG-BUG-01")
    assert failed.json["exit_code"] == 1
    assert ask.has_table("half") is not going_up


@pytest.mark.parametrize("command", ["upgrade", "lint", "plan", "check", "history", "doctor"])
def test_a_revision_file_that_exits_when_it_is_read_is_a_mistake(
    filled: Project, release: Release, command: str
) -> None:
    filled.revision("op.execute('SELECT 1')", extra=EXITS)
    failed = release(command)
    assert failed.exit_code not in (0, 2), command
    assert failed.err.startswith("MIG-"), failed.err


def test_the_newest_revision_is_told_without_running_any_file(filled: Project, release: Release) -> None:
    filled.revision("op.execute('SELECT 1')", extra=EXITS)
    assert release("heads").out == "0002aaaa\n"


def test_an_import_that_exits_is_a_mistake(filled: Project) -> None:
    models = filled.root / "webapp" / "models" / "__init__.py"
    models.write_text(EXITS)
    failed = filled.run("check")
    assert (failed.exit_code, failed.code) == (1, "MIG-BUG-01")


def test_an_import_of_ours_that_is_not_there_is_a_mistake_and_no_library(filled: Project) -> None:
    models = filled.root / "webapp" / "models" / "__init__.py"
    models.write_text("from webapp import no_such_room\n")
    failed = filled.run("check")
    assert (failed.exit_code, failed.code) == (1, "MIG-BUG-01")
    assert "(ImportError at __init__.py:1)" in failed.err


def test_what_revisions_print_is_no_answer(filled: Project, release: Release) -> None:
    filled.revision("print('half way')\nop.create_table('second', sa.Column('id', sa.Integer))")
    done = release("upgrade", "--json")
    assert (done.exit_code, done.json["revision"]) == (0, "0002aaaa")
    assert done.err == "half way\n"


def test_an_interruption_that_a_revision_invents_is_no_signal(filled: Project, ask: Database) -> None:
    # 130 says "retry": a platform would, for ever.
    filled.revision("op.execute('CREATE TABLE half (id int)')\nraise KeyboardInterrupt")
    failed = ended(filled.fork("upgrade"))
    assert (failed.exit_code, failed.code) == (1, "MIG-BUG-01"), failed.err
    assert (ask.revision(), ask.has_table("half")) == ("0001aaaa", False)


@pytest.mark.parametrize("then", ["pass", "op.execute('SELECT 1 / 0')"])
def test_a_revision_that_closes_what_it_prints_to_does_not_change_the_end(filled: Project, then: str) -> None:
    filled.revision(f"import sys\nsys.stdout.close()\n{then}")
    done = filled.run("upgrade", "--json")
    assert done.exit_code == done.json["exit_code"] == (0 if then == "pass" else 6)
    assert done.err.startswith("MIG-REV-01") is (then != "pass")


def test_what_revisions_print_does_not_enter_a_script(filled: Project, release: Release) -> None:
    filled.revision("print('half way')\nop.create_table('second', sa.Column('id', sa.Integer))")
    written = release("upgrade", "--sql")
    assert written.exit_code == 0
    assert "half way" not in written.out
    assert "CREATE TABLE second" in written.out


@pytest.mark.parametrize("option", ["--help", "upgrade --help"])
def test_help_is_no_mistake(project: Project, option: str) -> None:
    assert ended(project.fork(*option.split())).exit_code == 0


def test_the_doctor_looks_on_after_a_file_that_exits(filled: Project, release: Release) -> None:
    filled.revision("import sys\nsys.exit(0)", "op.execute('SELECT 1')")
    found = release("doctor", "--json")
    assert found.exit_code not in (0, 2)
    assert [one["what"] for one in found.json["details"]][-1] == "prepared transactions"
