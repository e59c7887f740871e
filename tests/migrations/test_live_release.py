"""A release under traffic: people read and write through two real web servers, one with the next release's code."""

import json
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from migrations.release_step.revisions import environment
from migrations.release_step.revisions.history import History
from tests.migrations.projects import ROOT, Project
from tests.migrations.visitors import Balancer, Server, Steward, Traffic, email_of, serving, settle
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company

pytestmark = [pytest.mark.release, pytest.mark.alone]

REQUESTS_A_SECOND = 20
STEWARDS = 4
COMPANIES = 2000
# Twice the time for which the release waits in front of the application, and the work itself.
LONGEST_SECONDS = 5.0
CODE = ("webapp", "migrations", "templates")

# What the next release's code knows more: its lists, forms and history all read and write the new column.
NICKNAME = """

from sqlalchemy import Text
Company.nickname = mapped_column("nickname", Text, info=db.about("通称", "Nickname"))
"""


@pytest.fixture
def populated(migrated_database: Callable[[], URL]) -> Iterator[Engine]:
    """A released database with companies, and an account for every steward."""
    url = migrated_database()
    engine = db.make_engine(url, application_name="test")
    settle(engine, companies=COMPANIES, stewards=STEWARDS)
    yield engine
    engine.dispose()


@pytest.fixture
def coming(tmp_path: Path, populated: Engine) -> Project:
    """The next release: this code with a column more, and the small steps of an expansion that bring it."""
    root = tmp_path / "next"
    for folder in CODE:
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("wsgi.py", "pyproject.toml"):
        shutil.copy(ROOT / file, root)
    with (root / "webapp" / "models" / "company.py").open("a") as model:
        model.write(NICKNAME)
    project = Project(root, populated.url, History(environment.config()).head, 900000)
    # Where revisions are written, they run before they are linted.
    project.environ["APP_ENV"] = "local"
    # Rows that the old code adds from now on get the default; those that are there are filled batch by batch.
    project.revision(
        'op.add_column("companies", sa.Column("nickname", sa.Text))\n'
        'op.alter_column("companies", "nickname", server_default=\'new\')',
        'op.drop_column("companies", "nickname")',
    )
    project.revision(
        "backfills.run(op, backfills.Backfill('companies', set_='nickname = name_ja',"
        " where='nickname IS NULL', batch=200, history=backfills.Silently('The column is new.')))",
        'op.execute("SELECT 1")',
        phase="backfill",
    )
    project.revision(
        'indexes.create(op, "ix_companies_nickname_id", "companies", ["nickname", "id"])',
        'indexes.drop(op, "ix_companies_nickname_id", "companies")',
    )
    project.revision(
        'op.execute("ALTER TABLE companies ADD CONSTRAINT ck_nickname CHECK (length(nickname) < 200) NOT VALID")',
        'op.drop_constraint("ck_nickname", "companies")',
    )
    project.revision(
        'op.execute("ALTER TABLE companies VALIDATE CONSTRAINT ck_nickname")', 'op.execute("SELECT 1")'
    )
    return project


@dataclass
class Site:
    """Two servers on one database behind a balancer: this release's code and the next one's."""

    old: Server
    new: Server
    balancer: Balancer

    def said(self) -> str:
        return f"{self.old.said()}\n{self.new.said()}"


@contextmanager
def site(coming: Project, logs: Path) -> Iterator[Site]:
    with (
        serving(ROOT, coming.url, logs / "old.log") as old,
        serving(coming.root, coming.url, logs / "new.log") as new,
    ):
        balancer = Balancer([old, new])
        with balancer.looking():
            balancer.wait_for(old)
            yield Site(old, new, balancer)


def test_no_request_fails_while_old_and_new_code_serve_through_a_release(
    coming: Project, populated: Engine, tmp_path: Path
) -> None:
    with site(coming, tmp_path) as web:
        before = json.loads(web.new.ready().text)
        stewards = [Steward(web.balancer, number, number + 1) for number in range(STEWARDS)]
        for steward in stewards:
            steward.sign_in(email_of(steward.number))
        with Traffic(stewards, REQUESTS_A_SECOND).flowing() as traffic:
            time.sleep(1)
            done = coming.run("upgrade", "--json")
            assert done.exit_code == 0, done.err
            web.balancer.wait_for(web.new)
            time.sleep(3)
            web.balancer.take_out(web.old)
            web.old.process.send_signal(signal.SIGTERM)
            ended = web.old.process.wait(40)
            time.sleep(1)
        said = web.said()

    assert done.exit_code == 0, done.err
    assert len(done.json["applied"]) == 5
    assert (before["found"], before["wanted"]) == (done.json["previous"], coming.head)
    assert traffic.failures == [], said
    # A machine that is busy with other things keeps a lower pace, which says nothing about the release.
    assert traffic.requests > 5 * REQUESTS_A_SECOND
    assert traffic.longest < LONGEST_SECONDS
    assert min(web.old.served, web.new.served) > REQUESTS_A_SECOND
    assert ended == 0
    _everything_is_kept(populated, stewards)


def _everything_is_kept(engine: Engine, stewards: list[Steward]) -> None:
    """Every write that was answered is there, once, and the release has brought what it should."""
    with Session(engine) as session:
        named = {steward.company_id: steward.name for steward in stewards}
        stored = session.execute(select(Company.id, Company.name_en).where(Company.id.in_(named)))
        assert {row.id: row.name_en for row in stored} == named
        applied = select(func.count()).select_from(ChangeSet).where(ChangeSet.status == "applied")
        assert session.scalar(applied) == sum(steward.writes for steward in stewards)
        # What was added was deleted again, but for whoever was stopped in between.
        assert COMPANIES <= (session.scalar(select(func.count(Company.id))) or 0) <= COMPANIES + STEWARDS
        old = text("SELECT count(*) FROM companies WHERE nickname IS NULL AND id <= :last")
        assert session.scalar(old, {"last": COMPANIES}) == 0
        index = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_companies_nickname_id'::regclass"
        assert session.scalar(text(index)) is True
