"""The database: one metadata, one session per request, one way to commit."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Engine, MetaData, Table, create_engine, event, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapper, Session, scoped_session, sessionmaker

from webapp import silence, sqlstates
from webapp.constraint_names import NAMING
from webapp.label import Label
from webapp.naming import Naming

MAY_HAVE_SAVED = "may have saved"
# How statements are planned that PostgreSQL has read before: for their values, as lists may ask for any.
PLANS = "force_custom_plan"
SET_LOCALLY = text("SELECT set_config(key, value, true) FROM jsonb_each_text(CAST(:settings AS jsonb))")


class Unconfirmed(OperationalError):
    """The database went away while it was told to keep something: whether it did, nobody knows yet."""


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
    # Whether rows change with those of others, and are counted with them.
    follows_others: ClassVar[bool] = False

    @property
    def model(self) -> type["Base"]:
        """What kind of record this is; records that are read as values say the same."""
        return type(self)

    def __str__(self) -> str:
        return self.naming.of_record(self)


session: scoped_session[Session] = scoped_session(sessionmaker())


def make_engine(url: URL, *, application_name: str = "stockcode", **options: Any) -> Engine:
    """An engine with bounded waits: a locked, vanished or frozen database becomes an error in seconds, never a hang."""
    # jit: rules and formulas are long expressions over some rows, and take longer to compile than to reckon.
    # statement_timeout and lock_timeout: see security 1c, "table locked" (10 x 500 without, 503 in <= 6 s with).
    engine = create_engine(
        url,
        pool_size=5,
        max_overflow=10,
        pool_timeout=5,
        hide_parameters=True,
        connect_args={
            "application_name": application_name,
            "connect_timeout": silence.SECONDS_TO_CONNECT,
            "options": f"-c statement_timeout={silence.SECONDS_OF_A_STATEMENT}s -c lock_timeout=3000 -c timezone=UTC"
            f" -c idle_in_transaction_session_timeout=60000 -c jit=off -c plan_cache_mode={PLANS}",
        },
        **options,
    )
    silence.listen(engine)
    return engine


def bind(engine: Engine) -> None:
    """Let the request session speak to this engine."""
    session.remove()
    session.configure(bind=engine)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit on success, roll back on any exception. Only entrances (screens, api, cli, jobs) open one.

    Raises Unconfirmed where the connection was lost while committing.
    """
    try:
        yield
        session.flush()
        _commit()
    except BaseException:  # an interruption, too, leaves nothing half done
        roll_back()
        raise


def may_have_saved() -> bool:
    """Whether this request has kept something, or perhaps has, so that nobody may be told that nothing was saved."""
    return bool(session().info.get(MAY_HAVE_SAVED))


def _commit() -> None:
    """Raises Unconfirmed unless the database itself says that it did not."""
    try:
        session.commit()
    except DBAPIError as error:
        state = sqlstates.of(error)
        if state and not state.startswith(sqlstates.OF_A_LOST_CONNECTION):
            raise
        session().info[MAY_HAVE_SAVED] = True
        raise Unconfirmed(None, None, error.orig or error, connection_invalidated=True) from error
    session().info[MAY_HAVE_SAVED] = True


def roll_back() -> None:
    """Undo what was not kept; where the connection is gone the database has done so, and the first error counts."""
    try:
        session.rollback()
    except DBAPIError:
        session().invalidate()


def let_statements_take(seconds: float) -> None:
    """Allow each statement of this transaction so long, here as there."""
    set_locally({"statement_timeout": f"{seconds}s"})
    driver: Any = session.connection().connection.driver_connection
    driver.seconds_allowed = seconds


@contextmanager
def prepared_at_once() -> Iterator[None]:
    """Let PostgreSQL keep a statement from its first time on, and not from its sixth; behind a pooler it keeps none."""
    driver: Any = session.connection().connection.driver_connection
    usual = driver.prepare_threshold
    driver.prepare_threshold = None if usual is None else 0
    try:
        yield
    finally:
        driver.prepare_threshold = usual


def is_within_another_transaction() -> bool:
    """Whether what is set locally outlives what this session commits: that is a part of somebody else's transaction."""
    return session.connection().in_nested_transaction()


def lock(row: Base) -> None:
    """Read a row again and keep it from others until this transaction ends.

    What was set on it before is written first: a refresh alone would silently throw that away.
    """
    session.flush()
    session.refresh(row, with_for_update={"of": type(row)})


def set_locally(settings: Mapping[str, str]) -> None:
    """Set settings of PostgreSQL, and those of ours that its triggers read, until the end of this transaction."""
    session.execute(SET_LOCALLY, {"settings": json.dumps(dict(settings))})


@event.listens_for(Mapper, "instrument_class")
def add_rule_constraints(mapper: Mapper[Any], _cls: type) -> None:
    """Turn every column rule into a CHECK constraint that carries the column's name."""
    table = mapper.local_table
    assert isinstance(table, Table)
    for column in table.columns:
        rule = column.info.get("rule")
        if rule is not None and (condition := rule.as_sql(column.name)):
            table.append_constraint(CheckConstraint(condition, name=column.name))
