"""Revisions run as they were linted, and are not edited after they have been run."""

import json
from pathlib import Path

import pytest

from migrations.release_step.revisions import hashes
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import ROOT, Project

pytestmark = pytest.mark.release

VERSIONS = ROOT / "migrations" / "versions"
SOURCE = '''"""Make it.

Phase: expand
"""
lint_excuses = {"a": "b"}
revision = "a"
def upgrade() -> None:
    """Do."""
    op.execute("SELECT 1")
'''


def test_every_revision_of_this_release_stands_in_the_list_as_it_is() -> None:
    of_files = {path.stem.split("_")[2]: hashes.of_file(path) for path in VERSIONS.glob("2*.py")}
    assert hashes.listed(VERSIONS) == of_files


@pytest.mark.parametrize(
    ("edited", "is_same"),
    [
        (SOURCE.replace("SELECT 1", "SELECT 2"), False),
        (SOURCE.replace('= "a"', '= "b"'), False),
        (SOURCE.replace("Phase: expand", "Phase: contract"), False),
        (SOURCE.replace('{"a": "b"}', "{}"), True),
        (SOURCE.replace("    op", "    # Why not.\n    op").replace("Make it.", "Make it well."), True),
        (SOURCE.replace('("SELECT 1")', "(\n        'SELECT 1',\n    )"), True),
        (SOURCE.replace('"""Do."""', ""), True),
    ],
)
def test_words_and_layout_may_change_and_what_it_does_may_not(
    tmp_path: Path, edited: str, is_same: bool
) -> None:
    before, after = tmp_path / "before.py", tmp_path / "after.py"
    before.write_text(SOURCE)
    after.write_text(edited)
    assert (hashes.of_file(before) == hashes.of_file(after)) is is_same


@pytest.fixture
def linted(project: Project, release: Release) -> Project:
    """A revision in the list, in production."""
    project.table("first")
    accepted = release("lint", "--accept")
    assert accepted.exit_code == 0, accepted.err
    assert "0001aaaa is in the list now" in accepted.out
    assert set(json.loads((project.root / "migrations" / "linted.json").read_text())) == {"0001aaaa"}
    return project


def edit(project: Project, number: str = "000001") -> None:
    (path,) = project.versions.glob(f"*_{number}_*")
    path.write_text(path.read_text().replace("sa.Text)", "sa.Text), sa.Column('more', sa.Text)"))


def test_a_linted_revision_is_run(linted: Project, release: Release, ask: Database) -> None:
    assert release("upgrade").exit_code == 0
    assert release("check").exit_code in (0, 7)  # the project's models declare nothing
    assert ask.revision() == "0001aaaa"


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_an_edited_revision_is_not_run(
    linted: Project, release: Release, ask: Database, option: tuple[str, ...]
) -> None:
    edit(linted)
    refused = release("upgrade", *option)
    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-20")
    assert "0001aaaa was edited" in refused.err
    assert not ask.has_table("first")
    assert {one["rule"] for one in release("lint", "--json").json["details"]} == {"edited"}


def test_what_was_never_linted_runs_only_where_it_is_written(
    linted: Project, release: Release, ask: Database
) -> None:
    linted.table("second")
    refused = release("upgrade")
    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-20")
    assert "0002aaaa has not been linted" in refused.err
    assert {one["rule"] for one in release("lint", "--json").json["details"]} == {"unlisted"}
    linted.environ["APP_ENV"] = "local"
    assert release("upgrade").exit_code == 0
    assert ask.has_table("second")


def test_what_the_lint_speaks_against_is_not_taken_into_the_list(linted: Project, release: Release) -> None:
    linted.revision("op.execute('UPDATE first SET a = 1')", "op.execute('SELECT 1')")
    refused = release("lint", "--accept")
    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-06")
    assert "0002aaaa" not in (linted.root / "migrations" / "linted.json").read_text()


@pytest.mark.parametrize("command", ["upgrade", "upgrade --dry-run", "check", "doctor"])
def test_an_edit_after_it_was_run_is_seen(linted: Project, release: Release, command: str) -> None:
    assert release("upgrade").exit_code == 0
    edit(linted)
    refused = release(*command.split())
    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-11")


def test_an_edit_before_any_release_is_taken_into_the_list_and_one_after_is_not(
    linted: Project, release: Release
) -> None:
    edit(linted)
    assert release("lint", "--accept").exit_code == 0
    assert release("upgrade").exit_code == 0
    (path,) = linted.versions.glob("*_000001_*")
    path.write_text(path.read_text().replace("'more'", "'most'"))
    refused = release("lint", "--accept")
    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-15")


@pytest.mark.parametrize("left", ["", ', "hash": "0123456789abcdef"'], ids=["none", "made otherwise"])
def test_what_an_older_release_ran_without_our_hash_is_unknown_and_not_edited(
    linted: Project, release: Release, ask: Database, left: str
) -> None:
    assert release("upgrade").exit_code == 0
    comment = "obj_description('alembic_version'::regclass, 'pg_class')"
    without = f"regexp_replace({comment}, ', \"hash\": \"[0-9a-f:]+\"', '{left}')"
    ask.execute(f"DO $$ BEGIN EXECUTE format('COMMENT ON TABLE alembic_version IS %L', {without}); END $$")
    (linted.root / "migrations" / "linted.json").unlink()
    edit(linted)
    assert release("upgrade").exit_code == 0


def test_a_revision_that_went_down_may_be_edited(linted: Project, release: Release) -> None:
    linted.environ["APP_ENV"] = "local"
    assert release("upgrade").exit_code == 0
    assert release("downgrade", "base").exit_code == 0
    edit(linted)
    assert release("lint", "--accept").exit_code == 0
    assert release("upgrade").exit_code == 0
