"""One line of revisions only: two heads are put one behind the other, and merges are refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release


@pytest.fixture
def forked(project: Project) -> Project:
    """First, and two heads on it: left, and right of two revisions."""
    first = project.table("first")
    project.table("left")
    for name in ("right", "further"):
        project.head = first if name == "right" else project.head
        project.table(name)
    return project


def test_of_two_heads_the_later_branch_follows_the_other(
    forked: Project, release: Release, ask: Database
) -> None:
    refused = release("upgrade")
    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-01")
    assert "'rebase REVISION'" in refused.err

    done = release("rebase", "0004aaaa", "--json")

    assert (done.exit_code, done.json["revision"], done.json["follows"]) == (0, "0003aaaa", "0002aaaa")
    assert release("upgrade").exit_code == 0
    assert ask.revision() == "0004aaaa"
    assert all(ask.has_table(name) for name in ("first", "left", "right", "further"))


def test_what_was_compiled_of_it_is_not_believed_though_size_and_second_are_the_same(
    forked: Project, release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_text

    def write_within_the_second(path: Path, *arguments: str, **options: str) -> int:
        before = path.stat()
        length = write(path, *arguments, **options)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        return length

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert release("upgrade").code == "MIG-STATE-01"
    monkeypatch.setattr(Path, "write_text", write_within_the_second)
    assert release("rebase", "0004aaaa").exit_code == 0
    assert release("upgrade").exit_code == 0


@pytest.mark.parametrize("name", ["0001aaaa", "0003aaaa"])
def test_what_is_no_head_is_not_rebased(forked: Project, release: Release, name: str) -> None:
    refused = release("rebase", name)
    assert (refused.exit_code, refused.code) == (2, "MIG-USE-03")


def test_a_branch_that_the_database_has_run_keeps_its_place(
    forked: Project, release: Release, ask: Database
) -> None:
    right = sorted(forked.versions.glob("*000003*")) + sorted(forked.versions.glob("*000004*"))
    kept = [path.read_text() for path in right]
    for path in right:
        path.unlink()
    assert release("upgrade").exit_code == 0
    for path, source in zip(right, kept, strict=True):
        path.write_text(source)

    refused = release("rebase", "0002aaaa")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-15")
    assert release("rebase", "0004aaaa").exit_code == 0
    assert release("upgrade").exit_code == 0
    assert ask.revision() == "0004aaaa"


def test_a_branch_that_a_release_holds_keeps_its_place(forked: Project, release_with: Release) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(forked.root), *who, *arguments], check=True, capture_output=True)

    git("init")
    git("add", "migrations/versions")
    git("commit", "-m", "one")
    git("tag", "v1")
    refused = release_with(None, "rebase", "0004aaaa")
    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-15")
    assert "the release v1" in refused.err


@pytest.mark.parametrize("command", ["upgrade", "check", "plan", "upgrade --dry-run"])
def test_a_merge_is_refused_before_the_database_is_touched(
    forked: Project, release: Release, ask: Database, command: str
) -> None:
    forked.revision("op.execute('SELECT 1')", parent=("0002aaaa", "0004aaaa"))
    refused = release(*command.split())
    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-09")
    assert ask.revision() is None


def test_the_lint_names_a_merge(forked: Project, release: Release) -> None:
    forked.revision("op.execute('SELECT 1')", parent=("0002aaaa", "0004aaaa"))
    refused = release("lint")
    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-09")


def test_a_database_that_a_merge_left_with_two_revisions_is_recovered_as_it_says(
    forked: Project, release: Release, ask: Database
) -> None:
    assert release("rebase", "0004aaaa").exit_code == 0
    assert release("upgrade").exit_code == 0
    ask.execute("INSERT INTO alembic_version VALUES ('0002aaaa')")

    stuck = release("upgrade")
    assert (stuck.exit_code, stuck.code) == (7, "MIG-STATE-07")
    assert "'stamp 0004aaaa --confirm-database NAME'" in stuck.err

    name = str(forked.url.database)
    assert release("stamp", "0004aaaa", "--confirm-database", name).exit_code == 0
    assert release("upgrade").exit_code == 0
    assert ask.scalar("SELECT count(*) FROM alembic_version") == 1
