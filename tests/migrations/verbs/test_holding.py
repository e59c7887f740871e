"""A revision does not end its transaction: what it did would be applied and unrecorded, or recorded and undone."""

import pytest

from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release

MAKE = "op.execute('CREATE TABLE half (id int)')\n"
ENDS = {
    "rollback": ("op.execute('ROLLBACK')", "was rolled back"),
    "commit": ("op.execute('COMMIT')", "was committed"),
    "commit and begin in one string": ("op.execute('COMMIT; BEGIN')", "was committed"),
    "begin again": ("op.execute('ROLLBACK; BEGIN; CREATE TABLE other (id int)')", "was rolled back"),
    "commit of the bind": ("op.get_bind().commit()", "was committed"),
    "rollback of the bind": ("op.get_bind().rollback()", "was rolled back"),
    "commit of the driver": ("op.get_bind().connection.driver_connection.commit()", "was committed"),
    "end": ("op.execute('END')", "was committed"),
    "abort": ("op.execute('ABORT')", "was rolled back"),
}


@pytest.mark.parametrize("name", ENDS)
def test_a_revision_that_ends_its_transaction_fails_and_is_not_recorded(
    project: Project, release: Release, ask: Database, name: str
) -> None:
    ends, fate = ENDS[name]
    project.table("first")
    project.revision(MAKE + ends)

    failed = release("upgrade")

    assert (failed.exit_code, failed.code) == (6, "MIG-REV-05"), failed.err
    assert fate in failed.err
    assert "Database remains at 0001aaaa." in failed.err
    assert ask.revision() == "0001aaaa"
    assert ask.has_table("half") is (fate == "was committed")


@pytest.mark.parametrize("ends", ["op.execute('COMMIT')", "op.get_bind().commit()"])
@pytest.mark.parametrize("fails", ["op.execute('SELECT 1 / 0')", "raise ValueError('after it')"])
def test_what_was_committed_is_not_called_rolled_back_by_a_failure_after_it(
    project: Project, release: Release, ask: Database, ends: str, fails: str
) -> None:
    project.table("first")
    project.revision(f"{MAKE}{ends}\n{fails}")

    failed = release("upgrade")

    assert (failed.exit_code, failed.code) == (6, "MIG-REV-05"), failed.err
    assert "was committed, and is not recorded" in failed.err
    assert (ask.revision(), ask.has_table("half")) == ("0001aaaa", True)


TOUCHES = {
    "the lock given up": "op.execute('SELECT pg_advisory_unlock_all()')",
    "the session detached": "op.get_bind().detach()",
    "another row": "op.execute(\"INSERT INTO alembic_version VALUES ('zzzz')\")",
    "another revision": "op.execute(\"UPDATE alembic_version SET version_num = 'zzzz'\")",
    "another ledger": "op.execute(\"COMMENT ON TABLE alembic_version IS 'mine'\")",
    "a history of its own": "op.execute('CREATE TEMP TABLE alembic_version AS TABLE alembic_version')",
    "a table hidden by a temporary one, which is altered": "op.execute('CREATE TEMP TABLE first (id int)')\n"
    "op.execute('ALTER TABLE first ADD COLUMN lost int')",
    "a history in another schema": "op.execute('CREATE SCHEMA other; CREATE TABLE other.alembic_version AS TABLE"
    " alembic_version; SET search_path = other, public')",
}


@pytest.mark.parametrize("name", TOUCHES)
def test_a_revision_that_touches_the_lock_or_the_history_fails_and_leaves_nothing(
    project: Project, release: Release, ask: Database, name: str
) -> None:
    project.table("first")
    project.revision(MAKE + TOUCHES[name])

    failed = release("upgrade")

    assert (failed.exit_code, failed.code) == (6, "MIG-REV-09"), failed.err
    assert (ask.revision(), ask.has_table("half")) == ("0001aaaa", False)


def test_a_lock_that_is_given_up_outside_of_a_transaction_is_missed_too(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    project.revision("with op.get_context().autocommit_block():\n    op.execute('DISCARD ALL')")
    failed = release("upgrade")
    assert (failed.exit_code, failed.code) == (6, "MIG-REV-09"), failed.err
    assert ask.revision() == "0001aaaa"


def test_what_was_committed_before_a_block_is_not_called_rolled_back(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    block = "with op.get_context().autocommit_block():\n    op.execute('SELECT 1')\n"
    project.revision(f"{MAKE}{block}op.execute('ROLLBACK')")
    failed = release("upgrade")
    assert (failed.exit_code, failed.code) == (6, "MIG-REV-05"), failed.err
    assert "was committed, and is not recorded, up to where it left its transaction" in failed.err
    assert ask.has_table("half")


def test_a_transaction_left_open_outside_of_one_fails(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    project.revision(
        "with op.get_context().autocommit_block():\n    op.execute('BEGIN; CREATE TABLE half (id int)')"
    )

    failed = release("upgrade")

    assert (failed.exit_code, failed.code) == (6, "MIG-REV-05"), failed.err
    assert (ask.revision(), ask.has_table("half")) == ("0001aaaa", False)


def test_a_savepoint_and_a_block_outside_of_a_transaction_are_no_ends(
    project: Project, release: Release, ask: Database
) -> None:
    project.revision(
        MAKE + "with op.get_bind().begin_nested():\n    op.execute('SELECT 1')\n"
        "with op.get_context().autocommit_block():\n    op.execute('CREATE TABLE other (id int)')\n"
        "op.execute('CREATE TABLE last (id int)')"
    )
    assert release("upgrade").exit_code == 0
    assert ask.has_table("last")


@pytest.mark.parametrize(
    "setting", ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"]
)
def test_what_a_revision_sets_for_its_session_is_not_the_next_ones(
    project: Project, release: Release, ask: Database, setting: str
) -> None:
    project.revision(f"{MAKE}op.execute('CREATE TABLE notes (said text)')\nop.execute('SET {setting} = 0')")
    project.revision(f"op.execute(\"INSERT INTO notes SELECT current_setting('{setting}')\")")
    assert release("upgrade").exit_code == 0
    assert ask.scalar("SELECT said FROM notes") != "0"


@pytest.mark.parametrize(
    "words", ["COMMIT; BEGIN", "ROLLBACK", "END", "/* of ours */ COMMIT", "START TRANSACTION"]
)
def test_the_lint_sees_transaction_control(project: Project, release: Release, words: str) -> None:
    project.revision(f"{MAKE}op.execute('{words}')", "op.execute('DROP TABLE half')")
    found = release("lint", "--json")
    assert found.exit_code == 7
    assert "own-transaction" in {one["rule"] for one in found.json["details"]}
