"""A revision that leaves its transaction is run again from its start when it was killed, and has to bear that."""

import pytest

from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release

OUTSIDE = "with op.get_context().autocommit_block():\n    "
STEP = f"{OUTSIDE}op.execute('VACUUM first')"
INDEX = "indexes.create(op, 'ix_first_a', 'first', ['a'])"
FILL = "backfills.run(op, backfills.Backfill('first', set_=\"a = 'x'\", where='a IS NULL'))"
UNREPEATABLE = {
    "a table before the index": f"op.execute('CREATE TABLE half (id int)')\n{INDEX}",
    "a column before the backfill": f"op.add_column('first', sa.Column('b', sa.Text))\n{FILL}",
    "a second step": f"{INDEX}\nop.execute('ALTER TABLE first ADD b int')\n{FILL}",
    "a table outside": f"{OUTSIDE}op.execute('CREATE TABLE half (id int)')",
    "a number counted outside": f"{OUTSIDE}op.execute('UPDATE first SET id = id + 1')",
    "an index of one's own": f"{OUTSIDE}op.execute('CREATE INDEX CONCURRENTLY i ON first (a)')",
    "one action of two": f"op.execute('ALTER TABLE first ADD COLUMN IF NOT EXISTS b int, ADD c int')\n{STEP}",
    "a block of PL/pgSQL": f"op.execute('DO $$ BEGIN CREATE TABLE half (id int); END $$')\n{STEP}",
}
REPEATABLE = {
    "a step alone": STEP,
    "an index": INDEX,
    "a backfill": FILL,
    "what comes after the step": f"{INDEX}\nop.execute('CREATE TABLE half (id int)')",
    "what looks before it does": "op.execute('CREATE TABLE IF NOT EXISTS half (id int)')\n"
    f"op.execute('ALTER TABLE first ADD COLUMN IF NOT EXISTS b numeric(1,0), DROP COLUMN IF EXISTS c')\n{STEP}",
    "no step at all": "op.execute('CREATE TABLE half (id int)')",
    "a new value of an enum": f"{OUTSIDE}op.execute(\"ALTER TYPE mood ADD VALUE IF NOT EXISTS 'so'\")",
}


def rules(release: Release) -> set[str]:
    return {one["rule"] for one in release("lint", "--json").json.get("details", ())}


@pytest.mark.parametrize("name", UNREPEATABLE)
def test_the_lint_sees_what_a_killed_run_could_not_do_again(
    project: Project, release: Release, name: str
) -> None:
    project.table("first")
    project.revision(UNREPEATABLE[name], "op.execute('DROP TABLE IF EXISTS half')")
    assert "unrepeatable" in rules(release)


@pytest.mark.parametrize("name", REPEATABLE)
def test_the_lint_lets_what_may_be_done_twice(project: Project, release: Release, name: str) -> None:
    project.table("first")
    project.revision(REPEATABLE[name], "op.execute('DROP TABLE IF EXISTS half')")
    assert "unrepeatable" not in rules(release)


def test_the_way_back_has_to_bear_it_too(project: Project, release: Release) -> None:
    project.table("first")
    project.revision("op.execute('CREATE TABLE half (id int)')", f"op.execute('DROP TABLE half')\n{STEP}")
    assert "unrepeatable" in rules(release)


def test_a_revision_whose_sql_needs_a_database_is_told_as_that_by_every_command(
    project: Project, release: Release, ask: Database
) -> None:
    project.environ["APP_ENV"] = "local"
    project.table("first")
    project.revision(
        "op.execute('CREATE TABLE half (id int)')",
        f"{STEP}\nop.get_bind().exec_driver_sql('DROP TABLE half')",
    )
    assert release("upgrade", "0001aaaa").exit_code == 0
    assert release("plan").exit_code == 0
    assert release("upgrade").exit_code == 0

    for command in (("downgrade", "0002aaaa:0001aaaa", "--sql"), ("downgrade", "-1")):
        refused = release(*command)
        assert (refused.exit_code, refused.code) == (6, "MIG-REV-08"), refused.err
        assert "0002aaaa" in refused.err
    assert ask.has_table("half")
    gone = release("downgrade", "-1", "--confirm-data-loss")
    assert (gone.exit_code, ask.has_table("half")) == (0, False), gone.err
    assert "nothing could be tried" in gone.out
