"""What Alembic is told, wherever it is told: online, offline and when it compares."""

import io
from argparse import Namespace
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import alembic_postgresql_enum  # noqa: F401 - registers its comparison: enum types, and dropping them again
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep

from migrations.release_step.history import History

PROJECT = Path(__file__).resolve().parent.parent.parent / "pyproject.toml"

PLUGINS = ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"]

COMPARISON: dict[str, Any] = {
    "compare_type": True,
    "compare_server_default": True,
    "autogenerate_plugins": PLUGINS,
}


Steps = Callable[[tuple[str, ...], MigrationContext], Iterable[RevisionStep]]


def config(**attributes: Any) -> Config:
    """Alembic's configuration from pyproject.toml; the address never enters it."""
    options = Namespace(quiet=True)
    return Config(toml_file=PROJECT, stdout=io.StringIO(), cmd_opts=options, attributes=attributes)


def run(history: History, settings: Config, steps: Steps, **options: Any) -> None:
    """Run env.py with these steps."""
    with EnvironmentContext(settings, history.script, fn=steps, **options):
        history.script.run_env()
