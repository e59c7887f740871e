"""Whoever calls Alembic directly, past the release step's command line, meets the same lock and the same refusals."""

import pkgutil
import sys
from collections.abc import Callable
from functools import partial

import pytest
from alembic import command
from alembic.config import Config
from click.testing import CliRunner
from sqlalchemy import Engine

from migrations.release_step.database import locking
from migrations.release_step.revisions import environment
from migrations.release_step.schema import declared
from migrations.release_step.telling import patience
from migrations.release_step.telling.failures import Failure
from tests.migrations.conftest import Database
from tests.migrations.projects import Project
from webapp import models
from webapp.cli.commands.releasing.db import command as db_command
from webapp.db import Base

pytestmark = pytest.mark.release


@pytest.fixture
def configured(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Config]:
    """Alembic's own configuration of the project."""
    monkeypatch.setattr(environment, "PROJECT", project.root / "pyproject.toml")
    monkeypatch.setenv("DATABASE_URL", project.url.render_as_string(hide_password=False))
    project.table("first")
    return environment.config


def test_alembics_own_upgrade_works_and_gives_the_lock_back(
    configured: Callable[..., Config], ask: Database
) -> None:
    command.upgrade(configured(), "head")

    assert (ask.revision(), ask.advisory_locks()) == ("0001aaaa", 0)


def test_an_engine_that_a_test_hands_over_is_used(
    configured: Callable[..., Config], ask: Database, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nowhere")

    command.upgrade(configured(connection=database), "head")

    assert ask.revision() == "0001aaaa"


def test_alembics_own_upgrade_waits_for_the_lock_like_any_other(
    configured: Callable[..., Config], database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.connect() as other:
        locking.hold(other, 0, lambda _: None)
        impatient = partial(patience.Patience, release_seconds=0.3)
        monkeypatch.setattr(patience, "Patience", impatient)
        with pytest.raises(Failure) as refused:
            command.upgrade(configured(), "head")

    assert refused.value.code == "MIG-LOCK-01"


def test_a_connection_with_an_open_transaction_is_refused_instead_of_silently_rolled_back(
    configured: Callable[..., Config], ask: Database, database: Engine
) -> None:
    with database.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        with pytest.raises(Failure):
            command.upgrade(configured(connection=connection), "head")

    assert ask.revision() is None


def test_the_address_never_enters_the_configuration(configured: Callable[..., Config]) -> None:
    settings = configured()

    command.upgrade(settings, "head")

    assert settings.get_main_option("sqlalchemy.url") is None
    assert "postgresql" not in str(dict(settings.file_config.items("alembic")))


def test_every_model_is_registered() -> None:
    files = {module.name for module in pkgutil.iter_modules(models.__path__)}
    loaded = {name.rpartition(".")[2] for name in sys.modules if name.startswith("webapp.models.")}

    assert files <= loaded
    assert declared.METADATA is Base.metadata


def test_stockcode_db_is_the_same_command(
    project: Project, ask: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "PROJECT", project.root / "pyproject.toml")
    monkeypatch.setenv("DATABASE_URL", project.url.render_as_string(hide_password=False))
    monkeypatch.setattr("migrations.release_step.telling.signals.install", lambda: None)
    project.table("first")

    done = CliRunner().invoke(db_command, ["upgrade", "0001aaaa"])
    refused = CliRunner().invoke(db_command, ["upgrade", "nonsense"])

    assert (done.exit_code, ask.revision()) == (0, "0001aaaa")
    assert refused.exit_code == 2
