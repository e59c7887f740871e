"""Tell Alembic where the database and the models are; hold the release lock while anything is written.

The release step hands over its prepared, locked session. Called by Alembic's own command line or a test, this file
prepares and locks a session by itself: nobody reaches the schema around the lock.
"""

import os
import sys

import alembic_postgresql_enum  # noqa: F401 - registers its comparison: enum types, and dropping them again
from alembic import context
from sqlalchemy import Connection, Engine

from migrations.release_step.database import connecting, locking, preflight, recorded
from migrations.release_step.revisions import environment, offline
from migrations.release_step.schema import partitions
from migrations.release_step.telling.failures import Failure
from migrations.release_step.telling.patience import Patience

config = context.config

# The release step says what it compares with, mostly nothing; Alembic's own command line is for comparing.
if "metadata" in config.attributes:
    metadata = config.attributes["metadata"]
else:
    from migrations.release_step.schema import declared

    metadata = declared.METADATA

READS = ("current", "history", "heads", "check", "revision", "branches", "show")


def is_read() -> bool:
    """Reads never lock: a look at the state must not wait behind a release."""
    command = getattr(config.cmd_opts, "cmd", None)
    name = command[0].__name__ if command else config.attributes.get("command", "")
    return name in READS


def migrate(connection: Connection) -> None:
    # With a transaction open, Alembic would leave the commit to its owner: exit 0, nothing created.
    if connection.in_transaction():
        raise Failure("MIG-BUG-01", kind="OpenTransaction", where="env.py")
    partition_names = partitions.names(connection)
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        include_name=lambda name, kind, _: kind != "table" or name not in partition_names,
        **environment.COMPARISON,
        **config.attributes.get("options", {}),
    )
    with context.begin_transaction():
        context.run_migrations()


def run_offline() -> None:
    context.configure(
        dialect_name="postgresql",
        target_metadata=metadata,
        transaction_per_migration=True,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        output_buffer=config.attributes.get("output", sys.stdout),
        is_fresh=config.attributes.get("is_fresh", True),
    )
    offline.run(context)


def run_online() -> None:
    given = config.attributes.get("connection")
    if isinstance(given, Connection):
        migrate(given)
        return
    target = connecting.target(os.environ)
    source = given if isinstance(given, Engine) else connecting.engine(target)
    with source.connect() as connection:
        connecting.prepare(connection, Patience())
        if is_read():
            migrate(connection)
            return
        preflight.require(connection, target)
        locking.hold(connection, Patience().release_seconds, lambda _: None)
        migrate(connection)
        reached = recorded.shown(connection)
    with source.connect() as fresh:
        if (found := recorded.shown(fresh)) != reached:
            raise Failure("MIG-REV-03", found=found, wanted=reached)


if context.is_offline_mode():
    run_offline()
else:
    run_online()
