"""An empty database and a small project for every test of the release step."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import black
import psycopg
import pytest
from alembic.script import write_hooks
from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.engine import URL, make_url

from migrations import run_migrations
from migrations.release_step.revisions import environment, shipped
from tests import factories
from tests.databases import Databases
from tests.migrations.projects import Project, Result, ended
from webapp import db
from webapp.services.intake import seeding


@pytest.fixture
def empty_url(new_database: Callable[[], URL]) -> URL:
    return new_database()


Begun = Callable[[Callable[[Project], None]], URL]


@pytest.fixture(scope="session")
def begun(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """Copies of a database to which some revisions have been released, once for all tests that begin with them."""

    @cache
    def released(write: Callable[[Project], None]) -> str:
        project = Project.make(tmp_path_factory.mktemp("begun"), databases.create())
        write(project)
        done = ended(project.fork("upgrade"))
        assert done.exit_code == 0, done.err
        return str(project.url.database)

    return lambda write: databases.create(released(write))


@pytest.fixture
def project_url(empty_url: URL) -> URL:
    """The database of a test's project: empty, or as a file's own fixture of this name has begun it."""
    return empty_url


@pytest.fixture
def database(project_url: URL) -> Iterator[Engine]:
    """Looks at the test's database from outside the release step."""
    engine = create_engine(project_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def project(tmp_path: Path, project_url: URL) -> Iterator[Project]:
    project = Project.make(tmp_path, project_url)
    yield project
    project.stop()


class Database:
    """Questions that tests ask a database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def scalar(self, statement: str, **values: Any) -> Any:
        with self.engine.connect() as connection:
            return connection.scalar(text(statement), values)

    def execute(self, statement: str) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(statement))

    def revision(self) -> str | None:
        with self.engine.connect() as connection:
            if not connection.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL")):
                return None
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found

    def has_table(self, name: str) -> bool:
        return bool(self.scalar("SELECT to_regclass(:name) IS NOT NULL", name=name))

    def release_sessions(self) -> int:
        return int(
            self.scalar(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'stockcode-release'"
            )
        )

    def advisory_locks(self) -> int:
        return int(
            self.scalar(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        )


@pytest.fixture
def ask(database: Engine) -> Database:
    return Database(database)


@pytest.fixture
def filled(migrated_database: Callable[[], URL]) -> Iterator[URL]:
    """A database at head with the seed and a row of everything that a steward makes."""
    url = migrated_database()
    engine = create_engine(url, poolclass=NullPool)
    bound = db.session.session_factory.kw.get("bind")
    db.bind(engine)
    with db.transaction():
        seeding.load()
        for make in factories.MAKERS.values():
            make()
    db.session.remove()
    db.session.configure(bind=bound)
    yield url
    engine.dispose()


@pytest.fixture
def stranger(server_url: str, project: Project) -> Iterator[URL]:
    """A role without rights, on the test's database."""
    name = f"stranger_{uuid4().hex[:12]}"
    inside = make_url(server_url).set(drivername="postgresql", database=project.url.database)
    with psycopg.connect(inside.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'")
        yield project.url.set(username=name, password=name)
        admin.execute(f"DROP OWNED BY {name}")
        admin.execute(f"DROP ROLE {name}")


Release = Callable[..., Result]


def formatted_here(path: str, _options: object) -> None:
    """What the hook of pyproject.toml does to a new revision, without a process for each."""
    black.main(["-q", path], standalone_mode=False)


@pytest.fixture
def release_with(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Release:
    """The release step inside this process, on the project's revisions, with an address or without one."""

    def run(address: str | None, *arguments: str) -> Result:
        with monkeypatch.context() as patch:
            patch.setattr(environment, "PROJECT", project.root / "pyproject.toml")
            patch.setattr(shipped, "VERSIONS", project.versions)
            patch.setitem(write_hooks._registry, "console_scripts", formatted_here)
            for name in ("DATABASE_URL", "APP_ENV"):
                patch.delenv(name, raising=False)
            if address is not None:
                patch.setenv("DATABASE_URL", address)
            for name, value in project.environ.items():
                patch.setenv(name, value)
            capsys.readouterr()
            exit_code = run_migrations.main(arguments)
            captured = capsys.readouterr()
        return Result(exit_code, captured.out, captured.err)

    return run


@pytest.fixture
def release(project: Project, release_with: Release) -> Release:
    """The same on the project's own database: as `project.run`, without the start-up of a process."""
    return lambda *arguments: release_with(project.url.render_as_string(hide_password=False), *arguments)
