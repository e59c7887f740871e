"""The lint teaches: a refusal prints the safe way to make that very change, and each of these ways is one."""

import re

import pytest

from migrations.release_step.revisions import filling, teaching
from migrations.release_step.revisions.filling import Recipe, Step
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release

MAKERS = """op.execute('''CREATE TABLE makers (id bigint PRIMARY KEY, name text, city text, place text, kind text,
    size integer, country bigint, oldest date, weight integer, code text NOT NULL DEFAULT '', serial text,
    CONSTRAINT ck_makers_kind CHECK (kind IN ('a', 'b')), CONSTRAINT ck_makers_size CHECK (size > 0))''')
op.execute("CREATE TABLE countries (id bigint PRIMARY KEY)")
op.execute("CREATE TABLE plants (id bigint PRIMARY KEY)")
op.execute("CREATE TABLE offices (id bigint PRIMARY KEY)")"""
NO_MAKERS = "for name in ('makers', 'countries', 'plants', 'offices'):\n    op.drop_table(name)"
ROWS = """
    INSERT INTO countries VALUES (81);
    INSERT INTO makers
    SELECT n, 'm' || n, 'Kobe', 'Kyoto', 'a', n, 81, '1900-01-01', n, n::text, n::text
    FROM generate_series(1, 50) AS n
"""
# What an author writes first, and what the lint answers: the kind of recipe.
CARELESS = {
    "not_null": "ALTER TABLE makers ALTER COLUMN name SET NOT NULL",
    "required_column": "ALTER TABLE makers ADD COLUMN colour text NOT NULL",
    "check": "ALTER TABLE makers ADD CONSTRAINT ck_makers_city CHECK (city <> 'x' AND city !~ '\\s\"')",
    "changed_check": "ALTER TABLE makers DROP CONSTRAINT ck_makers_size;"
    " ALTER TABLE makers ADD CONSTRAINT ck_makers_size CHECK (size > 0 AND size < 99)",
    "unique": "ALTER TABLE makers ADD CONSTRAINT uq_makers_code UNIQUE (code)",
    "unique_index": "CREATE UNIQUE INDEX ix_makers_serial ON makers (serial)",
    "index": "CREATE INDEX ix_makers_city_lower ON makers (city, lower(kind))",
    "foreign_key": "ALTER TABLE makers ADD CONSTRAINT fk_makers_country"
    " FOREIGN KEY (country) REFERENCES countries (id) ON DELETE RESTRICT",
    "renamed_column": "ALTER TABLE makers RENAME COLUMN place TO town",
    "renamed_table": "ALTER TABLE plants RENAME TO works",
    "retyped_column": "ALTER TABLE makers ALTER COLUMN weight TYPE bigint",
    "dropped_column": "ALTER TABLE makers DROP COLUMN oldest",
    "dropped_table": "DROP TABLE offices",
}


@pytest.fixture
def makers(project: Project) -> Project:
    project.revision(MAKERS, NO_MAKERS)
    return project


def execute(project: Project, sql: str) -> str:
    lines = [f"op.execute({one.strip().replace(':', chr(92) + ':')!r})" for one in sql.split(";")]
    return project.revision("\n".join(lines), "op.execute('SELECT 1')")


def test_every_kind_of_recipe_is_asked_for_here() -> None:
    assert {path.stem for path in filling.FOLDER.glob("*.txt")} == set(CARELESS)
    assert set().union(*teaching.ANSWERS.values()) == set(CARELESS)


def test_a_refusal_prints_the_way_for_that_very_change(makers: Project, release: Release) -> None:
    revisions = {execute(makers, sql): kind for kind, sql in CARELESS.items()}

    told, findings = release("lint").out, release("lint", "--json").json["details"]

    for revision, kind in revisions.items():
        recipes = [one["recipe"] for one in findings if one["revision"] == revision and "recipe" in one]
        assert recipes, (kind, findings)
        assert "$" not in recipes[0]
        assert f"The safe way for {revision}:\n\n{recipes[0]}" in told
    by_kind = {revisions[one["revision"]]: one.get("recipe", "") for one in findings}
    assert 'op.alter_column("makers", "name", nullable=False)' in by_kind["not_null"]
    assert "no row of makers where name IS NULL" in by_kind["not_null"]
    assert "ADD COLUMN colour text" in by_kind["required_column"]
    assert 'sa.text("lower(kind)")' in by_kind["index"]
    assert 'set_="weight_new = weight::bigint"' in by_kind["retyped_column"]


def test_every_recipe_passes_the_lint_and_runs_there_and_back(
    makers: Project, release: Release, ask: Database
) -> None:
    makers.environ["APP_ENV"] = "local"
    assert release("upgrade").exit_code == 0
    ask.execute(ROWS)
    revisions = {execute(makers, sql): kind for kind, sql in CARELESS.items()}
    recipes = {
        one["revision"]: one["recipe"] for one in release("lint", "--json").json["details"] if "recipe" in one
    }
    for name in revisions:
        next(makers.versions.glob(f"*{name}*")).unlink()
    makers.head = "0001aaaa"
    for name in revisions:
        # The last word on a new column's value is its author's.
        follow(makers, recipes[name].replace("TODO", "'red'"))

    linted, upgraded = release("lint", "--json"), release("upgrade")

    assert linted.json.get("details", []) == []
    assert (upgraded.exit_code, upgraded.err) == (0, "")
    assert ask.scalar("SELECT count(*) FROM works") == 0
    assert (
        ask.scalar("SELECT count(*) FROM makers WHERE town = 'Kyoto' AND colour = 'red' AND weight_new = id")
        == 50
    )
    assert release("downgrade", "0001aaaa", "--confirm-data-loss").exit_code == 0
    assert release("upgrade").exit_code == 0


def follow(project: Project, recipe: str) -> None:
    """Write the revisions that a recipe shows, as its reader would."""
    for phase, body in re.findall(
        r"^-- (expand|backfill|contract): .+\n((?:(?!-- ).*\n?)*)", recipe, re.MULTILINE
    ):
        beside, up, down = re.split(r"def (?:up|down)grade\(\) -> None:\n", body)
        project.revision(up, down, phase=phase, extra=beside)


def test_a_list_that_only_grows_is_an_expansion() -> None:
    grown = teaching.changed_check(
        "makers", "ck_makers_kind", "kind IN ('a', 'b')", "kind IN ('a', 'b', 'c')"
    )
    assert [step.phase for step in grown.steps] == ["expand", "expand"]


def test_steps_are_read_out_of_a_recipe() -> None:
    recipe = filling.fill(
        "index", {"table": "t", "name": "i", "columns": "a", "quoted": '"a"', "options": ""}
    )
    up, down = 'indexes.create(op, "i", "t", ["a"])', 'indexes.drop(op, "i", "t")'
    assert recipe == Recipe("index", recipe.why, (Step("expand", "index a of t", "", up, down),))
