"""The database: one metadata, one session per request, one way to commit."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Engine, MetaData, Table, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import DeclarativeBase, Mapper, Session, scoped_session, sessionmaker

from webapp.constraint_names import NAMING
from webapp.label import Label
from webapp.naming import Naming


def about(ja: str, en: str, **more: Any) -> dict[str, Any]:
    """A column's info: its label and, where it has one, its `rule`, `unit` or `hint`."""
    return {"label": Label(ja, en), **more}


class Base(DeclarativeBase):
    """Every table's base; its metadata is complete once webapp.models is imported."""

    metadata = MetaData(naming_convention=NAMING)

    label: ClassVar[Label]
    # What people call a row, as text and as SQL.
    naming: ClassVar[Naming]
    # A module of webapp.rules with `check(row)` and, where fields follow from others, `derive(row)`.
    rules: ClassVar[ModuleType | None] = None

    def __str__(self) -> str:
        return self.naming.of_record(self)


class RequestSession(scoped_session[Session]):
    """A scoped session that Flask-Admin also accepts as its database object."""

    @property
    def session(self) -> "RequestSession":
        return self


session = RequestSession(sessionmaker())


def make_engine(url: URL, *, application_name: str = "stockcode", **options: Any) -> Engine:
    """An engine with bounded waits: a locked or vanished database becomes an error in seconds, never a hang."""
    # statement_timeout and lock_timeout: see security 1c, "table locked" (10 x 500 without, 503 in <= 6 s with).
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=10,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={
            "application_name": application_name,
            "connect_timeout": 5,
            "options": "-c statement_timeout=30000 -c lock_timeout=3000 -c timezone=UTC"
            " -c idle_in_transaction_session_timeout=60000",
        },
        **options,
    )


def bind(engine: Engine) -> None:
    """Let the request session speak to this engine."""
    session.remove()
    session.configure(bind=engine)


def forget(_error: BaseException | None = None) -> None:
    """Give the request's session back, whatever became of the request."""
    session.remove()


@contextmanager
def transaction() -> Iterator[None]:
    """Commit on success, roll back on any exception. Only entrances (screens, api, cli, jobs) open one."""
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def set_locally(settings: Mapping[str, str]) -> None:
    """Set settings of PostgreSQL, and those of ours that its triggers read, until the end of this transaction."""
    session.execute(
        text("SELECT set_config(key, value, true) FROM jsonb_each_text(CAST(:settings AS jsonb))"),
        {"settings": json.dumps(dict(settings))},
    )


@event.listens_for(Mapper, "instrument_class")
def add_rule_constraints(mapper: Mapper[Any], _cls: type) -> None:
    """Turn every column rule into a CHECK constraint that carries the column's name."""
    table = mapper.local_table
    assert isinstance(table, Table)
    for column in table.columns:
        rule = column.info.get("rule")
        if rule is not None and (condition := rule.as_sql(column.name)):
            table.append_constraint(CheckConstraint(condition, name=column.name))
