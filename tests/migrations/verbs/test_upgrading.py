"""Up, down, again, and every state in which that is refused."""

import pytest
from sqlalchemy import Engine

from migrations.release_step.database import ledger
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release


def test_an_empty_database_reaches_the_head_and_a_second_run_finds_nothing_to_do(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    head = project.table("second")

    once, twice = release("upgrade", "--json"), release("upgrade", "--json")

    assert (once.exit_code, twice.exit_code) == (0, 0)
    assert [one["revision"] for one in once.json["applied"]] == ["0001aaaa", head]
    assert twice.json["applied"] == []
    assert ask.revision() == head
    assert ask.has_table("second")


def test_the_command_works_from_any_directory_with_the_address_alone(project: Project, ask: Database) -> None:
    head = project.table("first")

    result = project.run("upgrade")

    assert (result.exit_code, result.err) == (0, "")
    assert ask.revision() == head


def test_a_failing_revision_leaves_the_database_at_the_one_before(
    project: Project, release: Release, ask: Database
) -> None:
    first = project.table("first")
    project.revision('op.create_table("half", sa.Column("id", sa.Integer))\nop.execute("SELECT 1/0")')
    project.table("third")

    failed = release("upgrade")

    assert (failed.exit_code, failed.code) == (6, "MIG-REV-01")
    assert f"Database remains at {first}." in failed.err
    assert ask.revision() == first
    assert not ask.has_table("half")


def test_after_the_cause_is_removed_a_rerun_reaches_the_head(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    project.revision('op.execute("INSERT INTO needed VALUES (1)")')
    head = project.table("third")
    assert release("upgrade").exit_code == 6

    ask.execute("CREATE TABLE needed (id int)")

    # A table that somebody makes by hand is a change that has to be agreed to.
    assert release("upgrade").code == "MIG-STATE-12"
    assert release("upgrade", "--allow-drift").exit_code == 0
    assert ask.revision() == head


def test_a_mistake_in_a_revisions_python_is_its_failure_not_the_tools(
    project: Project, release: Release, ask: Database
) -> None:
    project.revision("op.no_such_operation()")

    failed = release("upgrade")

    assert (failed.exit_code, failed.code) == (6, "MIG-REV-01")
    assert ask.revision() is None


def test_a_revision_that_rolls_back_silently_is_noticed_on_a_fresh_connection(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    # Alembic is told that its row was written.
    keep = "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$"
    trigger = "CREATE TRIGGER keep BEFORE UPDATE ON alembic_version FOR EACH ROW EXECUTE FUNCTION keep()"
    project.revision(f'op.execute("{keep}; {trigger}")')

    failed = release("upgrade")

    assert failed.exit_code == 6
    assert failed.code == "MIG-REV-03"
    assert ask.revision() == "0001aaaa"
    assert ask.scalar("SELECT count(*) FROM pg_proc WHERE proname = 'keep'") == 0


def test_two_heads_are_refused_before_the_database_is_touched(
    project: Project, release: Release, ask: Database
) -> None:
    first = project.table("first")
    project.table("left")
    project.revision('op.execute("SELECT 1")', parent=first)

    failed = release("upgrade")

    assert (failed.exit_code, failed.code) == (7, "MIG-STATE-01")
    assert ask.revision() is None


def test_a_revision_nobody_knows_is_a_state_failure(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    release("upgrade")
    ask.execute("UPDATE alembic_version SET version_num = 'deadbeef'")

    plain, allowed = release("upgrade"), release("upgrade", "--allow-ahead")

    assert (plain.exit_code, plain.code) == (7, "MIG-STATE-02")
    assert (allowed.exit_code, allowed.code) == (7, "MIG-STATE-02")
    assert ask.revision() == "deadbeef"


def test_rolled_back_code_may_stay_ahead_of_what_a_newer_release_left(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    newer = project.table("second")
    release("upgrade")
    next(project.versions.glob("*_0002aaaa_*")).unlink()

    refused, allowed = release("upgrade"), release("upgrade", "--allow-ahead", "--json")

    assert refused.exit_code == 7
    assert (allowed.exit_code, allowed.json["ahead"], allowed.json["revision"]) == (0, 1, newer)


def test_rolled_back_code_may_not_stay_ahead_of_a_contract(project: Project, release: Release) -> None:
    project.table("first")
    project.revision('op.drop_column("first", "a")', phase="contract")
    release("upgrade")
    next(project.versions.glob("*_0002aaaa_*")).unlink()

    refused = release("upgrade", "--allow-ahead")

    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-11")


def test_an_upgrade_does_not_go_down(project: Project, release: Release, ask: Database) -> None:
    first, head = project.table("first"), project.table("second")
    release("upgrade")

    refused = release("upgrade", first)

    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-08")
    assert ask.revision() == head


def test_two_recorded_revisions_are_a_state_failure(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    release("upgrade")
    ask.execute("INSERT INTO alembic_version VALUES ('deadbeef')")

    refused = release("upgrade")

    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-07")


def test_a_rehearsal_names_what_is_pending_and_changes_nothing(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")

    rehearsed = release("upgrade", "--dry-run", "--json")

    assert rehearsed.exit_code == 0
    assert [one["revision"] for one in rehearsed.json["would_apply"]] == ["0001aaaa"]
    assert ask.revision() is None


@pytest.mark.parametrize(
    ("arguments", "exit_code", "code"),
    [
        ((), 2, "MIG-USE-01"),
        (("explode",), 2, "MIG-USE-01"),
        (("downgrade",), 2, "MIG-USE-01"),
        (("upgrade", "nonsense"), 2, "MIG-USE-02"),
        (("upgrade", "+7"), 2, "MIG-USE-02"),
        (("upgrade", "--debug"), 8, "MIG-SAFE-09"),
        (("upgrade", "--lock-timeout", "0"), 2, "MIG-USE-01"),
        (("upgrade", "--wait", "nan"), 2, "MIG-USE-01"),
        (("upgrade", "--wait", "-1"), 2, "MIG-USE-01"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_one_line(
    project: Project, release: Release, arguments: tuple[str, ...], exit_code: int, code: str
) -> None:
    project.table("first")

    refused = release(*arguments)

    assert (refused.exit_code, refused.code) == (exit_code, code)


def test_a_release_goes_on_when_nobody_reads_its_words_any_more(project: Project, ask: Database) -> None:
    for number in range(5):
        project.table(f"table{number}")
    process = project.start("upgrade")
    assert process.stdout is not None
    process.stdout.close()

    process.wait(60)

    assert (process.returncode, ask.revision()) == (0, project.head)


def test_how_long_each_revision_took_is_kept_in_the_ledger(
    project: Project, release: Release, database: Engine
) -> None:
    project.table("first")
    project.table("second")
    release("upgrade")
    project.environ["APP_ENV"] = "local"
    release("downgrade", "-1")

    with database.connect() as connection:
        found = ledger.read(connection)

    assert [(one["revision"], one["direction"]) for one in found["applied"]] == [
        ("0001aaaa", "up"),
        ("0002aaaa", "up"),
        ("0002aaaa", "down"),
    ]
    assert all(0 <= one["seconds"] < 60 and one["attempts"] == 1 for one in found["applied"])
    assert found["shipped"] == [{"revision": name, "phase": "expand"} for name in ("0001aaaa", "0002aaaa")]


def test_a_comment_that_somebody_wrote_over_the_ledger_is_no_obstacle(
    project: Project, release: Release, ask: Database
) -> None:
    project.table("first")
    release("upgrade")
    ask.execute("COMMENT ON TABLE alembic_version IS 'do not touch'")
    head = project.table("second")

    assert (release("upgrade").exit_code, ask.revision()) == (0, head)
