"""What somebody changed by hand since the last release is seen before the next one begins."""

from collections.abc import Callable

import pytest
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import URL

from migrations import run_migrations
from migrations.release_step.database import ledger
from migrations.release_step.revisions import environment
from migrations.release_step.schema import catalog
from migrations.release_step.verbs import comparing
from tests.migrations import servers
from tests.migrations.conftest import Begun, Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release

INDEX = ('indexes.create(op, "ix_first_a", "first", ["a"])', 'indexes.drop(op, "ix_first_a", "first")')
FILL = ("backfills.run(op, backfills.Backfill('first', set_=\"a = ''\", where='a IS NULL'))", "pass")


def write(project: Project) -> None:
    """All that revisions do."""
    project.table("first")
    project.revision(*INDEX)
    project.revision(*FILL)
    project.revision('op.add_column("first", sa.Column("b", sa.Text))', 'op.drop_column("first", "b")')


@pytest.fixture
def project_url(begun: Begun) -> URL:
    return begun(write)


@pytest.fixture
def released(project: Project) -> Project:
    """A release of all that revisions do has been here."""
    write(project)
    return project


def left(ask: Database) -> dict[str, object]:
    with ask.engine.connect() as connection:
        found: dict[str, object] = ledger.read(connection).get("left", {})
    return found


def rewrite(ask: Database, **values: object) -> None:
    """What was left, otherwise; nothing at all without values."""
    with ask.engine.begin() as connection:
        known = ledger.read(connection)
        kept = known.pop("left")
        if values:
            known["left"] = {**kept, **values}
        ledger.write(connection, known)


def test_a_release_notes_what_it_leaves_small_and_with_the_servers_version(
    released: Project, ask: Database
) -> None:
    noted = left(ask)
    version = int(ask.scalar("SHOW server_version_num")) // 10000
    assert (noted["revision"], noted["server"], noted["questions"]) == (
        "0004aaaa",
        version,
        catalog.QUESTIONS,
    )
    assert len(str(noted["objects"])) < 1500


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("CREATE INDEX by_hand ON first (b)", "index by_hand"),
        ("ALTER TABLE first DISABLE TRIGGER ALL, ALTER a SET NOT NULL", "column first.a"),
        ("CREATE PUBLICATION by_hand FOR TABLE first", "publication by_hand"),
        (
            "CREATE RULE by_hand AS ON DELETE TO alembic_version DO INSTEAD NOTHING",
            "rule alembic_version.by_hand",
        ),
    ],
)
def test_a_change_by_hand_is_named_before_anything_is_run(
    released: Project, release: Release, ask: Database, change: str, named: str
) -> None:
    ask.execute(change)

    at_head, checked = release("upgrade"), release("check")
    released.table("second")
    pending, rehearsed = release("upgrade", "--json"), release("upgrade", "--dry-run")

    for refused in (at_head, rehearsed):
        assert (refused.exit_code, refused.code) == (7, "MIG-STATE-12")
        assert f"first: {named}." in refused.err
    assert checked.exit_code == 7
    assert (pending.exit_code, pending.json["code"]) == (7, "MIG-STATE-12")
    assert f"{pending.json['details'][0]['kind']} {pending.json['details'][0]['name']}" == named
    assert (ask.revision(), ask.has_table("second"), ask.advisory_locks()) == ("0004aaaa", False, 0)


def test_who_goes_on_all_the_same_has_said_so_and_it_counts_as_left(
    released: Project, release: Release, ask: Database
) -> None:
    ask.execute("CREATE INDEX by_hand ON first (b)")
    released.table("second")

    assert release("upgrade", "--dry-run", "--allow-drift").exit_code == 0
    agreed = release("upgrade", "--allow-drift")

    assert agreed.exit_code == 0
    assert "changed by hand: index by_hand is not declared" in agreed.out
    assert release("upgrade").exit_code == 0
    ask.execute("DROP INDEX by_hand")
    assert release("upgrade").code == "MIG-STATE-12"


def test_what_is_only_told_stands_in_nobodys_way(released: Project, release: Release, ask: Database) -> None:
    ask.execute("ALTER TABLE first ALTER a SET STATISTICS 500")
    released.table("second")

    result = release("upgrade")

    assert result.exit_code == 0
    assert "note: statistics target first.a is not declared" in result.out


@pytest.mark.parametrize(
    "otherwise", [{}, {"server": 14}, {"questions": "older"}, {"revision": "x"}, {"objects": "?"}]
)
def test_where_nothing_to_compare_with_is_noted_the_revisions_own_sql_is_built(
    released: Project, release: Release, ask: Database, otherwise: dict[str, object]
) -> None:
    rewrite(ask, **otherwise)
    ask.execute("CREATE INDEX by_hand ON first (b)")
    assert release("upgrade").code == "MIG-STATE-12"
    ask.execute("DROP INDEX by_hand")

    schemas = "SELECT count(*) FROM pg_namespace"
    before = ask.scalar(schemas)
    assert release("upgrade").exit_code == 0

    assert left(ask)["revision"] == "0004aaaa"
    assert ask.scalar(schemas) == before


def test_what_an_ended_try_of_the_next_revision_left_is_no_change_by_hand(
    released: Project, release: Release, ask: Database
) -> None:
    released.revision(
        'indexes.create(op, "ix_b", "first", ["b"], unique=True)', 'indexes.drop(op, "ix_b", "first")'
    )
    ask.execute("INSERT INTO first (id, b) VALUES (1, 'x'), (2, 'x')")
    assert release("upgrade").code == "MIG-REV-02"
    assert ask.scalar("SELECT NOT indisvalid FROM pg_index WHERE indexrelid = 'ix_b'::regclass")
    ask.execute("DELETE FROM first")
    ask.execute("CREATE INDEX by_hand ON first (b)")
    refused = release("upgrade", "--json")
    assert [one["name"] for one in refused.json["details"]] == ["by_hand"]
    ask.execute("DROP INDEX by_hand")

    assert release("upgrade").exit_code == 0
    assert ask.scalar("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_b'::regclass")


def test_after_a_failed_revision_the_next_try_finds_what_was_finished(
    released: Project, release: Release, ask: Database
) -> None:
    released.table("second")
    released.revision('op.execute("INSERT INTO first (id) VALUES (1)")\nop.execute("SELECT 1 / 0")')
    assert release("upgrade").exit_code == 6
    assert (ask.revision(), left(ask)["revision"]) == ("0005aaaa", "0004aaaa")

    ask.execute("CREATE TABLE by_hand (id int)")
    assert release("upgrade").code == "MIG-STATE-12"
    ask.execute("DROP TABLE by_hand")
    assert release("upgrade").exit_code == 6


def test_going_back_notes_what_it_leaves_and_forgives_nothing(
    released: Project, release: Release, ask: Database
) -> None:
    released.environ["APP_ENV"] = "local"
    assert release("downgrade", "-1", "--confirm-data-loss").exit_code == 0
    assert left(ask)["revision"] == "0003aaaa"
    ask.execute("CREATE INDEX by_hand ON first (id, a)")
    assert release("downgrade", "-1").exit_code == 0
    assert left(ask) == {}
    assert release("upgrade").code == "MIG-STATE-12"


def test_whoever_holds_a_table_keeps_a_release_with_something_to_do_waiting_only(
    released: Project, release: Release, ask: Database
) -> None:
    with ask.engine.connect() as holder:
        holder.execute(text("ALTER TABLE first ALTER a SET DEFAULT 'x'"))
        nothing_to_do = release("upgrade", "--lock-timeout", "100")
        released.table("second")
        pending = release("upgrade", "--lock-timeout", "100")

    assert nothing_to_do.exit_code == 0
    assert "not compared with what the last release left: MIG-LOCK-03" in nothing_to_do.out
    assert (pending.exit_code, pending.code) == (5, "MIG-LOCK-03")
    assert not ask.has_table("second")


def test_revisions_that_want_a_database_are_said_to_be_no_measure(
    released: Project, release: Release, ask: Database
) -> None:
    released.revision('op.get_bind().execute(sa.text("SELECT 1")).scalar_one()', 'op.execute("SELECT 1")')
    assert release("upgrade").exit_code == 0
    rewrite(ask)

    result = release("upgrade")

    assert (result.exit_code, ask.revision()) == (0, "0005aaaa")
    assert "not compared with what the last release left: MIG-CONF-04" in result.out


def test_a_role_that_may_build_no_schema_goes_on_and_says_so(
    released: Project, release_with: Release, stranger: URL, ask: Database
) -> None:
    rewrite(ask)
    ask.execute(f'GRANT SELECT ON alembic_version TO "{stranger.username}"')

    result = release_with(stranger.render_as_string(hide_password=False), "upgrade")

    assert result.exit_code == 0
    assert "not compared with what the last release left: MIG-SAFE-" in result.out


def test_older_code_that_stays_behind_sees_it_too(released: Project, release: Release, ask: Database) -> None:
    (path,) = released.versions.glob("*_0004aaaa_*")
    path.unlink()
    assert release("upgrade", "--allow-ahead").exit_code == 0
    ask.execute("CREATE INDEX by_hand ON first (b)")
    assert release("upgrade", "--allow-ahead").code == "MIG-STATE-12"
    assert release("upgrade", "--allow-ahead", "--allow-drift").exit_code == 0


@pytest.mark.parametrize("server", ["18", "15"])
def test_this_history_builds_what_it_left_on_every_server(
    migrated_database: Callable[[], URL], monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    if server == "18":
        compare(migrated_database())
        return
    with servers.fifteen() as (url, _):
        monkeypatch.setenv("DATABASE_URL", url.render_as_string(hide_password=False))
        assert run_migrations.main(["upgrade", "--json"]) == 0
        compare(url.set(drivername="postgresql+psycopg"))


def compare(url: URL) -> None:
    """What a release left is what the revisions' own SQL makes, and a change by hand is seen both ways."""
    history, target = environment.history(), comparing.Target(url)
    with create_engine(url, poolclass=NullPool).connect() as connection:
        for is_noted in (True, False):
            if not is_noted:
                comparing.left.forget(connection)
            compared = comparing.compare(connection, history, target, str(history.head))
            assert (compared.differences, compared.obstacle) == ([], None)
            connection.exec_driver_sql("ALTER TABLE companies DISABLE TRIGGER USER")
            connection.commit()
            changed = comparing.compare(connection, history, target, str(history.head)).drift
            assert {one.kind for one in changed} == {"trigger"}
            connection.exec_driver_sql("ALTER TABLE companies ENABLE TRIGGER USER")
            connection.commit()
