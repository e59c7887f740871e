"""Check, lint, plan and doctor: what they find, and what they leave alone."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, Text
from sqlalchemy.engine import URL

from migrations.release_step.schema import declared, scope
from tests.migrations.conftest import Begun, Database, Release
from tests.migrations.projects import Project, table_first
from webapp.constraint_names import NAMING

pytestmark = pytest.mark.release


@pytest.fixture
def project_url(begun: Begun) -> URL:
    return begun(table_first)


@pytest.fixture
def level(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """One table that models, revision and database agree on."""
    metadata = MetaData(naming_convention=NAMING)
    Table(
        "first", metadata, Column("id", BigInteger, primary_key=True, autoincrement=False), Column("a", Text)
    )
    monkeypatch.setattr(declared, "METADATA", metadata)
    table_first(project)
    return project


def test_a_level_database_passes(level: Project, release: Release) -> None:
    result = release("check", "--json")

    assert (result.exit_code, result.json["revision"]) == (0, "0001aaaa")


def test_a_database_behind_the_code_is_said_so(level: Project, release: Release) -> None:
    level.table("second")

    refused = release("check")

    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-03")


def test_drift_is_listed_object_by_object(level: Project, release: Release, ask: Database) -> None:
    ask.execute("ALTER TABLE first ADD b int; CREATE INDEX by_hand ON first (a)")

    refused = release("check", "--json")

    assert (refused.exit_code, refused.json["code"]) == (7, "MIG-STATE-04")
    found = [(one["kind"], one["name"]) for one in refused.json["details"]]
    assert found == [("column", "first.b"), ("index", "by_hand")]


def test_what_changes_no_answer_is_told_and_passes(level: Project, release: Release, ask: Database) -> None:
    ask.execute("ALTER TABLE first ALTER a SET STATISTICS 500")

    passed, told = release("check", "--json"), release("check").out

    assert passed.exit_code == 0
    assert [(one["kind"], one["name"]) for one in passed.json["notes"]] == [("statistics target", "first.a")]
    assert passed.json["not_compared"] == list(scope.NOT_COMPARED)
    assert "note: statistics target first.a is not declared" in told
    assert all(one in told for one in scope.NOT_COMPARED)


def test_the_record_of_revisions_is_compared_too(level: Project, release: Release, ask: Database) -> None:
    ask.execute("ALTER TABLE alembic_version ADD by_hand int")

    refused = release("check")

    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-04")
    assert "column alembic_version.by_hand" in refused.err


def test_a_forgotten_revision_is_seen(level: Project, release: Release) -> None:
    Table("forgotten", declared.METADATA, Column("id", BigInteger, primary_key=True, autoincrement=False))

    refused = release("check")

    assert (refused.exit_code, refused.code) == (7, "MIG-STATE-04")
    assert "forgotten" in refused.err


def test_an_invalid_index_has_a_message_of_its_own(level: Project, release: Release, ask: Database) -> None:
    ask.execute("INSERT INTO first (id, a) VALUES (1, 'x'), (2, 'x')")
    with pytest.raises(Exception, match="could not create unique index"):
        ask.execute("CREATE UNIQUE INDEX CONCURRENTLY ix_broken ON first (a)")

    refused = release("check", "--json")

    assert (refused.exit_code, refused.json["code"]) == (7, "MIG-STATE-05")
    assert refused.json["details"] == ["ix_broken"]


def test_two_heads_fail_check_and_lint(level: Project, release: Release) -> None:
    level.table("second")
    level.revision('op.execute("SELECT 1")', parent="0001aaaa")

    checked, linted = release("check"), release("lint")

    assert (checked.exit_code, checked.code) == (7, "MIG-STATE-01")
    assert (linted.exit_code, linted.code) == (7, "MIG-STATE-01")


def test_a_revision_file_that_is_no_python_is_a_configuration_failure(
    level: Project, release: Release
) -> None:
    (level.versions / "20260101_000009_broken_revision.py").write_text("revision = (")

    refused = release("check")

    assert (refused.exit_code, refused.code) == (3, "MIG-CONF-04")


@pytest.mark.parametrize(
    ("up", "rule"),
    [
        ("op.execute(\"UPDATE first SET a = 'x'\")", "unbounded-write"),
        ("op.execute('DELETE FROM first')", "unbounded-write"),
        ("op.execute('VACUUM FULL first')", "vacuum-full"),
        ("op.execute('VACUUM (ANALYZE, FULL) first')", "vacuum-full"),
        ("op.execute('CLUSTER first USING pk_first')", "cluster"),
        ("op.execute('LOCK TABLE first IN SHARE MODE')", "lock-table"),
        ('op.execute("ALTER TABLE first ATTACH PARTITION old FOR VALUES IN (1)")', "attach-scan"),
        (
            'op.create_index("i", "first", ["a"], postgresql_concurrently=True, if_not_exists=True)',
            "index-if-not-exists",
        ),
        ('op.create_index("i", "first", ["a"], postgresql_concurrently=True)', "concurrently-in-transaction"),
        ('op.create_index("i", "first", ["a"])', "require-concurrent-index-creation"),
        ('op.drop_index("by_hand", "first")', "require-concurrent-index-deletion"),
        ('op.get_bind().commit()\nop.execute("SELECT 1")', "own-transaction"),
        ('op.get_bind().execute(sa.text("SELECT 1")).scalar()', "offline"),
        ("pass", "empty"),
        ('op.add_column("first", sa.Column("b", sa.Text))', "no-way-back"),
        ('op.drop_column("first", "a")', "phase"),
        ('op.rename_table("first", "last")', "phase"),
        ('op.alter_column("first", "a", new_column_name="b")', "phase"),
        ('op.add_column("first", sa.Column("b", sa.Text, nullable=False))', "adding-required-field"),
        ('op.alter_column("first", "a", type_=sa.Integer)', "changing-column-type"),
        ('op.create_check_constraint("c", "first", "id > 0")', "constraint-missing-not-valid"),
    ],
)
def test_the_lint_sees(level: Project, release: Release, up: str, rule: str) -> None:
    level.revision(up)

    refused = release("lint", "--json")

    assert (refused.exit_code, refused.json["code"]) == (7, "MIG-STATE-06")
    assert rule in {one["rule"] for one in refused.json["details"] if one["revision"] == "0002aaaa"}


GOOD = (
    ('op.add_column("first", sa.Column("b", sa.Text))', 'op.drop_column("first", "b")', "expand"),
    ('indexes.create(op, "i", "first", ["a"])', 'indexes.drop(op, "i", "first")', "expand"),
    (
        "backfills.run(op, backfills.Backfill('first', set_=\"a = ''\", where='a IS NULL'))",
        'op.execute("SELECT 1")',
        "backfill",
    ),
    (
        'op.create_table("second", sa.Column("id", sa.BigInteger))\nop.execute("UPDATE second SET id = 1")',
        'op.drop_table("second")',
        "expand",
    ),
)


@pytest.mark.parametrize(("up", "down", "phase"), GOOD)
def test_the_lint_says_nothing_of_a_good_revision(
    level: Project, release: Release, up: str, down: str, phase: str
) -> None:
    level.revision(up, down, phase=phase)

    assert release("lint").exit_code == 0


def test_an_exception_needs_a_reason_in_the_revision(level: Project, release: Release) -> None:
    statement, back = "op.execute(\"UPDATE first SET a = 'x'\")", 'op.execute("SELECT 1")'
    level.revision(
        statement, back, extra='lint_excuses = {"unbounded-write": "The table holds twelve rows."}\n'
    )
    assert release("lint").exit_code == 0

    level.revision(statement, back, extra='lint_excuses = {"unbounded-write": "ok"}\n')
    refused = release("lint", "--json")

    assert {one["rule"] for one in refused.json["details"]} == {"excuse"}


def test_sql_in_env_py_before_configure_is_seen(level: Project, release: Release) -> None:
    environment = level.root / "migrations" / "env.py"
    careless = environment.read_text().replace(
        "    partition_names =", '    connection.exec_driver_sql("SELECT 1")\n    partition_names ='
    )
    environment.write_text(careless)

    refused = release("lint", "--json")

    assert [one["rule"] for one in refused.json["details"]] == ["sql-before-configure"]


def test_the_lint_needs_no_address(level: Project, release_with: Release) -> None:
    assert release_with(None, "lint").exit_code == 0


def test_the_plan_tells_sql_locks_and_sizes_of_what_is_pending(
    level: Project, release: Release, ask: Database
) -> None:
    level.revision('op.add_column("first", sa.Column("b", sa.Text))', 'op.drop_column("first", "b")')
    level.revision('indexes.create(op, "i", "first", ["b"])', 'indexes.drop(op, "i", "first")')
    level.revision('op.create_table("second", sa.Column("id", sa.BigInteger))', 'op.drop_table("second")')
    ask.execute("INSERT INTO first (id) SELECT generate_series(1, 100); ANALYZE first")

    plan = release("plan", "--json").json

    pending = {one["revision"]: one for one in plan["pending"]}
    assert list(pending) == ["0002aaaa", "0003aaaa", "0004aaaa"]
    assert locks(pending["0002aaaa"]) == [("first", "ACCESS EXCLUSIVE", 100)]
    assert locks(pending["0003aaaa"]) == [("first", "SHARE UPDATE EXCLUSIVE", 100)]
    assert locks(pending["0004aaaa"]) == []
    assert not next(one for one in pending["0003aaaa"]["statements"] if "CONCURRENTLY" in one["sql"])[
        "is_in_transaction"
    ]
    assert ask.revision() == "0001aaaa"


def locks(revision: dict[str, Any]) -> list[tuple[str, str, int]]:
    found = [lock for statement in revision["statements"] for lock in statement["locks"]]
    return [(one["name"], one["mode"], one["rows"]) for one in found if one["name"] != "alembic_version"]


def test_the_plan_reads_well_and_says_what_the_lint_says(level: Project, release: Release) -> None:
    level.revision('op.create_index("i", "first", ["a"])', 'op.drop_index("i", "first")')

    plan = release("plan")

    assert plan.exit_code == 0
    assert "CREATE INDEX i ON first (a)" in plan.out
    assert "SHARE on first (" in plan.out
    assert "! require-concurrent-index-creation" in plan.out


def test_the_doctor_finds_nothing_in_a_level_database(level: Project, release: Release) -> None:
    healthy = release("doctor", "--json")

    assert healthy.exit_code == 0
    assert all(one["is_well"] for one in healthy.json["findings"])


@pytest.fixture
def look(release: Release) -> Callable[[], dict[str, bool]]:
    return lambda: {one["what"]: one["is_well"] for one in release("doctor", "--json").json["details"]}


def test_the_doctor_looks_on_after_the_first_bad_thing(
    level: Project, look: Callable[[], dict[str, bool]], ask: Database
) -> None:
    ask.execute("ALTER TABLE first ADD b int")
    level.revision('op.execute("DELETE FROM first")')

    found = look()

    assert found == {
        "server": True,
        "revision": False,
        "edited revisions": True,
        "indexes": True,
        "schema": False,
        "changes by hand": False,
        "revision files": False,
        "long transactions": True,
        "prepared transactions": True,
    }
