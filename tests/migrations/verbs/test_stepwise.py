"""What does not go in one step is generated as the revisions of its recipe, which pass the lint and run."""

import re
import sys
from typing import Any

import pytest
from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    text,
)

from migrations.release_step.schema import declared
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project
from webapp.constraint_names import NAMING

pytestmark = pytest.mark.release

WHY = ("--why", "The tests need a revision that does exactly this.")
ROWS = "INSERT INTO makers SELECT n, 'm' || n, 'Kyoto', 'a', n FROM generate_series(1, 9) AS n"


def key() -> Column[Any]:
    return Column("id", BigInteger, primary_key=True, autoincrement=False)


@pytest.fixture
def local(project: Project, release: Release, ask: Database, declare: Any) -> Project:
    """Makers and countries, at head, with rows."""
    project.environ["APP_ENV"] = "local"
    declare(
        Column("name", Text),
        Column("city", Text),
        *kind(),
        Column("size", BigInteger),
    )
    assert release("generate", "create makers", *WHY).exit_code == 0
    assert release("upgrade").exit_code == 0
    ask.execute(ROWS)
    return project


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the models say of makers from now on, beside a table of countries."""

    def anew(*parts: Any, countries: str = "countries", view: str = "") -> None:
        metadata = MetaData(naming_convention=NAMING)
        table = Table(countries, metadata, key())
        Table("makers", metadata, key(), *parts)
        if view:
            statement = DDL(f"CREATE VIEW {view} AS SELECT * FROM {countries}")  # type: ignore[no-untyped-call]  # SQLAlchemy's own
            event.listen(table, "after_create", statement)
        monkeypatch.setattr(declared, "METADATA", metadata)

    return anew


def kind(values: str = "'a', 'b'") -> tuple[Any, ...]:
    return Column("kind", Text), CheckConstraint(f"kind IN ({values})", name="kind")


def described() -> tuple[Any, ...]:
    """What makers have beside their size."""
    return Column("name", Text), Column("city", Text), *kind()


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: str) -> list[str]:
    """Somebody sits there and gives this answer; returns what they are asked."""
    asked: list[str] = []

    def ask(_self: object, question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr("migrations.release_step.telling.reporting.Reporter.ask", ask)
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    return asked


def phases(project: Project, paths: list[str]) -> list[str]:
    sources = [(project.root / path).read_text() for path in paths]
    return [re.findall(r"^Phase: (\w+)$", source, re.MULTILINE)[0] for source in sources]


def release_it(release: Release, ask: Database) -> None:
    """Clean, up, down and up again."""
    linted = release("lint", "--json")
    assert linted.json.get("details", []) == []
    first = ask.revision()
    for command in (("upgrade",), ("downgrade", str(first), "--confirm-data-loss"), ("upgrade",)):
        done = release(*command)
        assert (done.exit_code, done.err) == (0, "")


def test_not_null_checks_keys_and_indexes_become_recipes(
    local: Project, release: Release, ask: Database, declare: Any
) -> None:
    declare(
        Column("name", Text, nullable=False),
        Column("city", Text),
        *kind("'a', 'b', 'c'"),
        Column("size", BigInteger),
        Column("country_id", BigInteger, ForeignKey("countries.id", ondelete="RESTRICT")),
        CheckConstraint("size > 0", name="size"),
        UniqueConstraint("name"),
        Index("ix_makers_city", "city", postgresql_where=Column("size") > 3),
        Index("ix_makers_size", "size", postgresql_where=text("size IS NOT NULL")),
    )

    generated = release("generate", "hold makers to more", *WHY, "--json")

    assert generated.exit_code == 0, generated.err
    found = sorted(phases(local, generated.json["paths"]))
    # The column with its key, and this validated; NOT NULL, UNIQUE and the CHECK; the longer list; two indexes.
    assert found == ["contract"] * 3 + ["expand"] * (1 + 1 + 2 + 1 + 1 + 2 + 2)
    release_it(release, ask)
    assert release("check").exit_code == 0
    assert generated.json["next"] == []


def test_a_renamed_column_is_filled_and_its_old_name_stays_for_a_release(
    local: Project, release: Release, ask: Database, declare: Any
) -> None:
    declare(Column("name", Text), Column("town", Text), *kind(), Column("size", BigInteger))

    generated = release("generate", "call the city town", *WHY, "--rename", "makers.city:town", "--json")

    assert generated.exit_code == 0, generated.err
    assert phases(local, generated.json["paths"]) == ["expand", "backfill"]
    assert generated.json["next"] == [
        "In the next release, when code that reads town only runs everywhere: remove city from makers",
        "Until then the models go on declaring makers.city",
    ]
    release_it(release, ask)
    assert ask.scalar("SELECT count(*) FROM makers WHERE city = 'Kyoto' AND town = 'Kyoto'") == 9


def test_a_column_that_gets_another_name_and_type_is_filled_by_a_cast(
    local: Project, release: Release, declare: Any
) -> None:
    declare(Column("name", Text), Column("town", String(20)), *kind(), Column("size", BigInteger))

    assert release("generate", "call the city town", *WHY, "--rename", "makers.city:town").exit_code == 0

    written = "".join(path.read_text() for path in local.versions.glob("*fill_town*"))
    assert "town = city::VARCHAR(20)" in written


def test_a_column_of_another_type_is_another_column_for_a_release(
    local: Project, release: Release, ask: Database, declare: Any
) -> None:
    declare(*described(), Column("size", Numeric(20, 4)))

    generated = release("generate", "measure more exactly", *WHY, "--json")

    assert generated.exit_code == 0, generated.err
    assert phases(local, generated.json["paths"]) == ["expand", "backfill"]
    assert generated.json["next"] == [
        "In the next release, when code that reads size_new only runs everywhere: remove size from makers",
        "Until then the models declare makers.size as BIGINT, and makers.size_new as NUMERIC(20, 4)",
    ]
    release_it(release, ask)
    assert ask.scalar("SELECT count(*) FROM makers WHERE size_new = size") == 9
    declare(*described(), Column("size", BigInteger), Column("size_new", Numeric(20, 4)))
    assert release("check").exit_code == 0


def referring(to: str) -> tuple[Any, ...]:
    """Makers whose country is a row of this table."""
    key_of_country = Column("country_id", BigInteger, ForeignKey(f"{to}.id", ondelete="RESTRICT"))
    return *described(), Column("size", BigInteger), key_of_country


def test_a_renamed_table_gets_a_view_of_its_new_name_and_keeps_its_rows_and_keys(
    local: Project, release: Release, ask: Database, declare: Any
) -> None:
    declare(*referring("countries"))
    assert release("generate", "add countries of makers", *WHY).exit_code == 0
    assert release("upgrade").exit_code == 0
    ask.execute("INSERT INTO countries VALUES (81)")
    declare(*referring("lands"), countries="lands")

    generated = release("generate", "call countries lands", *WHY, "--rename", "countries:lands", "--json")

    assert generated.exit_code == 0, generated.err
    assert phases(local, generated.json["paths"]) == ["expand"]
    assert generated.json["next"] == [
        "In the next release, when code that knows lands only runs everywhere: rename countries",
        "Until then the models go on declaring countries, and the view lands as DDL",
    ]
    release_it(release, ask)
    assert ask.scalar("SELECT id FROM lands") == 81
    declare(*referring("countries"), view="lands")
    assert release("check").exit_code == 0


def test_a_table_is_asked_about_only_where_another_one_has_its_columns(
    local: Project, release: Release, declare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = at_a_terminal(monkeypatch, "y")
    declare(
        Column("name", Text), Column("city", Text), *kind(), Column("size", BigInteger), countries="lands"
    )

    assert release("generate", "call countries lands", *WHY).exit_code == 0

    assert asked == ["Is table countries called lands from now on? [y/N] "]


@pytest.mark.parametrize(("answer", "is_one"), [("y\n", True), ("\n", False)])
def test_whoever_sits_at_a_terminal_is_asked(
    local: Project,
    release: Release,
    declare: Any,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    *,
    is_one: bool,
) -> None:
    declare(Column("name", Text), Column("town", Text), *kind(), Column("size", BigInteger))
    at_a_terminal(monkeypatch, answer)

    assert release("generate", "call the city town", *WHY).exit_code == 0

    written = "".join(path.read_text() for path in local.versions.glob("*call_the_city_town*"))
    assert ('drop_column("makers", "city")' in written) is not is_one
    assert len(list(local.versions.glob("*fill_town*"))) == is_one


def test_a_name_that_fits_no_column_is_refused(local: Project, release: Release, declare: Any) -> None:
    declare(Column("name", Text), Column("town", Text), *kind(), Column("size", BigInteger))
    before = len(list(local.versions.glob("*.py")))

    refused = release("generate", "call it so", "--rename", "makers.place:town")

    assert (refused.exit_code, refused.code) == (2, "MIG-USE-03")
    assert len(list(local.versions.glob("*.py"))) == before


def test_a_required_column_comes_empty_and_is_not_run_before_its_author_says_what_fills_it(
    local: Project, release: Release, ask: Database, declare: Any
) -> None:
    declare(
        Column("name", Text),
        Column("city", Text),
        *kind(),
        Column("size", BigInteger),
        Column("colour", Text, nullable=False),
    )

    generated = release("generate", "add colour", *WHY, "--json")

    assert phases(local, generated.json["paths"]) == ["expand", "backfill"]
    assert generated.json["next"][0].startswith(
        "In the next release, when code that always writes it runs everywhere"
    )
    assert {one["rule"] for one in release("lint", "--json").json["details"]} == {"unfinished"}
    fill = local.root / generated.json["paths"][1]
    fill.write_text(fill.read_text().replace("TODO", "'red'"))
    release_it(release, ask)
    assert ask.scalar("SELECT count(*) FROM makers WHERE colour = 'red'") == 9


def test_a_check_that_allows_less_is_a_contract(
    local: Project, release: Release, ask: Database, declare: Any
) -> None:
    declare(Column("name", Text), Column("city", Text), *kind("'a', 'c'"), Column("size", BigInteger))

    generated = release("generate", "allow other kinds", *WHY, "--json")

    assert phases(local, generated.json["paths"]) == ["contract", "expand"]
    release_it(release, ask)
    assert release("check").exit_code == 0
