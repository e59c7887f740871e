"""Code that is one release older works on the schema of the newer one: it reads, and writes through the door."""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.engine import URL

from migrations.release_step.revisions import environment
from migrations.release_step.revisions.history import History
from tests.databases import Databases
from tests.factories import CHANGES, MAKERS, intent
from tests.migrations.projects import ROOT, Project, ended
from tests.migrations.visitors import Balancer, Steward, email_of, serving, settle
from webapp import db
from webapp.services import releasing
from webapp.services.changes import applying, proposing, row_codec
from webapp.services.changes.proposals import Wish
from webapp.words import keys

pytestmark = pytest.mark.release

# What an expansion may do under running code: more columns, tables, indexes, and rules that old rows need not keep.
EXPANSION = """
for table in {tables}:
    op.add_column(table, sa.Column("of_the_next_release", sa.Text))
    op.alter_column(table, "of_the_next_release", server_default="filled in")
    op.execute(
        f"ALTER TABLE {{table}} ADD CONSTRAINT ck_{{table}}_next CHECK (length(of_the_next_release) < 99) NOT VALID"
    )
op.create_table(
    "of_the_next_release",
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("company_id", sa.BigInteger, sa.ForeignKey("companies.id", ondelete="CASCADE"), nullable=False),
)
op.create_index("ix_companies_of_the_next_release", "companies", ["of_the_next_release"])
"""
UNDO = """
op.drop_table("of_the_next_release")
for table in {tables}:
    op.drop_column(table, "of_the_next_release")
"""


def newest_tag() -> str | None:
    """The release before this one: the newest tag below the code at hand; None before the second release."""
    command = ["git", "tag", "--merged", "HEAD", "--no-contains", "HEAD", "--sort=-version:refname"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return None  # a copy of the sources on a machine without git
    names = done.stdout.split() if done.returncode == 0 else []
    return names[0] if names else None


def code_of(tag: str, folder: Path) -> Path:
    """The sources as they were tagged."""
    done = subprocess.run(["git", "archive", tag], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture(scope="module")
def next_release(tmp_path_factory: pytest.TempPathFactory, migrated_database: Callable[[], URL]) -> str:
    """The name of a database at the head, and one expansion further: what the next release will bring."""
    project = Project.make(tmp_path_factory.mktemp("next"), migrated_database())
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        shutil.copy(path, project.versions)
    project.head, project.count = History(environment.config()).head, 900000
    tables = {"tables": [model.__tablename__ for model in MAKERS]}
    project.revision(EXPANSION.format(**tables), UNDO.format(**tables))
    done = ended(project.fork("upgrade"))
    assert done.exit_code == 0, done.err
    return str(project.url.database)


@pytest.fixture(scope="module")
def next_engine(next_release: str, databases: Databases) -> Iterator[Engine]:
    """A copy of it for all kinds of record: each test looks at the rows that it has made itself."""
    ahead = db.make_engine(databases.create(next_release))
    yield ahead
    ahead.dispose()


@pytest.fixture
def next_schema(next_engine: Engine, engine: Engine) -> Iterator[Engine]:
    """The application's session on that copy; afterwards it is where it was."""
    db.bind(next_engine)
    yield next_engine
    db.bind(engine)


def test_people_work_with_the_code_of_the_last_release(
    tmp_path: Path,
    request: pytest.FixtureRequest,
    databases: Databases,
    migrated_database: Callable[[], URL],
) -> None:
    tag = newest_tag()
    if tag is not None:
        code, url = code_of(tag, tmp_path / "tag"), migrated_database()
    else:
        # Before the second release the code at hand is the last one, and the next schema is one expansion away.
        code, url = ROOT, databases.create(request.getfixturevalue("next_release"))
    engine = db.make_engine(url)
    settle(engine, companies=30, stewards=1)
    with serving(code, url, tmp_path / "log") as server, Balancer([server]).looking() as balancer:
        balancer.wait_for(server)
        steward = Steward(balancer, 0, 1)
        steward.sign_in(email_of(0))
        for step, _ in zip(steward.steps(), range(14), strict=False):
            step()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT name_en FROM companies WHERE id = 1")) == steward.name
        assert connection.scalar(text("SELECT count(*) FROM companies")) == 30
        applied = "SELECT count(*) FROM change_sets WHERE status = 'applied'"
        assert connection.scalar(text(applied)) == steward.writes == 6
    engine.dispose()


def test_the_code_at_hand_knows_that_a_newer_release_has_been_there(next_schema: Engine) -> None:
    standing = releasing.look()
    assert (standing.place, standing.is_fit) == ("ahead", True)


@pytest.mark.parametrize("model", MAKERS, ids=lambda model: model.__name__)
def test_every_kind_of_record_is_made_changed_and_deleted(next_schema: Engine, model: type[db.Base]) -> None:
    with db.transaction():
        row = MAKERS[model]()
        key, version = keys.of_row(row), row.version
    with db.transaction():
        wanted = Wish(model, "update", CHANGES[model], key, version)
        applying.carry_out(proposing.propose([wanted], intent()))
    with db.transaction():
        wanted = Wish(model, "delete", {}, key, version + 1)
        applying.carry_out(proposing.propose([wanted], intent("delete")))
    with next_schema.connect() as connection:
        kept = text(
            "SELECT operation, row_data->>'of_the_next_release' FROM row_versions"
            " WHERE table_name = :table AND row_key = :key ORDER BY version"
        )
        of_the_row = {"table": model.__tablename__, "key": row_codec.row_key(key)}
        history = [tuple(row) for row in connection.execute(kept, of_the_row)]
        left = connection.scalar(select(func.count()).where(row_codec.has_key(model, [key])))
    assert history == [("UPDATE", "filled in"), ("DELETE", "filled in")]
    assert left == 0
