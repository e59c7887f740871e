"""What Alembic is told, wherever it is told: online, offline and when it compares."""

import io
from argparse import Namespace
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from sqlalchemy import MetaData

from migrations.release_step.revisions.history import History
from webapp.constraint_names import NAMING

PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"

PLUGINS = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]

COMPARISON: dict[str, Any] = {
    "compare_type": True,
    "compare_server_default": True,
    "autogenerate_plugins": PLUGINS,
}


Steps = Callable[[tuple[str, ...], MigrationContext], Iterable[RevisionStep]]


def config(**attributes: Any) -> Config:
    """Alembic's configuration from pyproject.toml; the address never enters it.

    `metadata`: what is compared with, where anything is; without it, how constraints without a name are called.
    """
    attributes.setdefault("metadata", MetaData(naming_convention=NAMING))
    options = Namespace(quiet=True)
    return Config(toml_file=PROJECT, stdout=io.StringIO(), cmd_opts=options, attributes=attributes)


def history() -> History:
    """The revisions this code was shipped with."""
    return History(config())


def run(known: History, settings: Config, steps: Steps, **options: Any) -> None:
    """Run env.py with these steps."""
    with EnvironmentContext(settings, known.script, fn=steps, **options):
        known.script.run_env()
