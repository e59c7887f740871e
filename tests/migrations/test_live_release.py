"""A release under traffic: the code of the last release and of the next one both work, before, during and after it."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from migrations.release_step import environment
from migrations.release_step.history import History
from tests import conftest
from tests.migrations.conftest import Release
from tests.migrations.projects import ROOT, Project
from webapp import db
from webapp.models.company import Company

pytestmark = pytest.mark.release

REQUESTS_A_SECOND = 20
COMPANIES = 3000

# What the next release's code does: it writes the new column, and reads it where it is there.
NEW_WRITE = text("UPDATE companies SET nickname = :word, name_en = CAST(:word AS text) WHERE id = :id")
NEW_READ = text("SELECT id, nickname FROM companies WHERE nickname = :word ORDER BY id LIMIT 20")


class Traffic:
    """Requests at a steady pace from one thread; what fails is counted, never raised."""

    def __init__(self, request: Callable[[int], None], each: float) -> None:
        self.requests = 0
        self.failures: list[str] = []
        self.longest = 0.0
        self._request = request
        self._each = each
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Traffic":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(self._each):
            started = time.monotonic()
            try:
                self._request(self.requests)
            except SQLAlchemyError as error:
                self.failures.append(str(error))
            self.requests += 1
            self.longest = max(self.longest, time.monotonic() - started)


@pytest.fixture
def next_release(project: Project, new_database: Callable[[], URL]) -> Project:
    """The real history, and after it a change in the small steps of an expansion."""
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        shutil.copy(path, project.versions)
    project.url = new_database()
    conftest.migrate(project.url)
    project.head, project.count = History(environment.config()).head, 900000
    project.revision(
        'op.add_column("companies", sa.Column("nickname", sa.Text))',
        'op.drop_column("companies", "nickname")',
    )
    project.revision(
        "backfills.run(op, backfills.Backfill('companies', set_='nickname = coalesce(name_en, name_ja)',"
        " where='nickname IS NULL', batch=500))",
        'op.execute("SELECT 1")',
        phase="backfill",
    )
    project.revision(
        'indexes.create(op, "ix_companies_nickname_id", "companies", ["nickname", "id"])',
        'indexes.drop(op, "ix_companies_nickname_id", "companies")',
    )
    project.revision(
        "op.execute(\"ALTER TABLE companies ADD CONSTRAINT ck_nickname CHECK (nickname <> '') NOT VALID\")",
        'op.drop_constraint("ck_nickname", "companies")',
    )
    project.revision(
        'op.execute("ALTER TABLE companies VALIDATE CONSTRAINT ck_nickname")', 'op.execute("SELECT 1")'
    )
    return project


@pytest.fixture
def application(next_release: Project) -> Iterator[Engine]:
    """Connections with the patience that the application really has."""
    engine = db.make_engine(next_release.url, application_name="test")
    try:
        with Session(engine) as session, session.begin():
            session.add_all(company(number) for number in range(1, COMPANIES + 1))
        yield engine
    finally:
        engine.dispose()


def company(number: int) -> Company:
    name = f"試験{number}"
    return Company(edinet_code=f"E{number:05d}", name_ja=f"{name}株式会社", name_ja_folded=name)


def test_no_request_of_old_or_new_code_fails_during_a_release(
    next_release: Project, application: Engine, release: Release
) -> None:
    expanded = threading.Event()

    def old(number: int) -> None:
        with Session(application) as session, session.begin():
            # This process's models are the old code: they do not know the column.
            page = session.scalars(select(Company).order_by(Company.id).offset(number % 50).limit(20)).all()
            page[number % 20].name_en = f"Company {number}"

    def new(number: int) -> None:
        with application.begin() as connection:
            if not expanded.is_set():
                connection.execute(
                    text("SELECT 1")
                )  # it is deployed once the release step has expanded the schema
                return
            connection.execute(NEW_WRITE, {"word": f"word {number % 7}", "id": number % COMPANIES + 1})
            connection.execute(NEW_READ, {"word": f"word {number % 7}"})

    with Traffic(old, 1 / REQUESTS_A_SECOND) as last, Traffic(new, 1 / REQUESTS_A_SECOND) as coming:
        first = release("upgrade", "900001aaaa", "--lock-timeout", "1000")
        expanded.set()
        rest = release("upgrade", "--lock-timeout", "1000", "--json")
        time.sleep(0.5)

    assert (first.exit_code, rest.exit_code) == (0, 0), first.err + rest.err
    assert len(rest.json["applied"]) == 4
    assert (last.failures, coming.failures) == ([], [])
    assert min(last.requests, coming.requests) > 10
    assert max(last.longest, coming.longest) < 3
    with application.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM companies WHERE nickname IS NULL")) == 0


def test_the_code_of_this_release_works_on_the_schema_of_the_next(
    next_release: Project, application: Engine, release: Release
) -> None:
    assert release("upgrade").exit_code == 0

    with Session(application) as session, session.begin():
        session.add(company(99999))
        session.flush()
        stored = session.scalars(select(Company).where(Company.edinet_code == "E99999")).one()
        stored.name_en = "New Company"
        session.flush()
        session.delete(stored)
