"""A schema's fingerprint: every object with its definition; two fingerprints compare object by object."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, text

from migrations.release_step.database import recorded
from migrations.release_step.schema import catalog, scope, spelling, states

LONGEST_SHOWN = 120

# The definition of each object by its kind and name.
Fingerprint = dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that is not as declared. None: it does not exist on that side."""

    kind: str
    name: str
    declared: str | None
    found: str | None

    @property
    def is_note(self) -> bool:
        """Told, and no drift."""
        return scope.is_note(self.kind)

    def __str__(self) -> str:
        if self.kind == states.KIND:
            return f"{self.name} is {self.found}"
        if self.found is None:
            return f"{self.kind} {self.name} is missing"
        if self.declared is None:
            return f"{self.kind} {self.name} is not declared"
        found, declared = _where_they_part(self.found, self.declared)
        return f"{self.kind} {self.name} is {found} instead of {declared}"


def _where_they_part(one: str, other: str) -> tuple[str, str]:
    """Both in one line; of long ones, the part in which they differ."""
    wholes = (" ".join(one.split()), " ".join(other.split()))
    pairs = enumerate(zip(*wholes, strict=False))
    common = next((place for place, (left, right) in pairs if left != right), min(map(len, wholes)))
    start = max(0, common - 30) if max(map(len, wholes)) > LONGEST_SHOWN else 0
    first, second = (
        ("..." if start else "")
        + (
            whole[start:]
            if len(whole) - start <= LONGEST_SHOWN
            else f"{whole[start:start + LONGEST_SHOWN]}..."
        )
        for whole in wholes
    )
    return first or "nothing", second or "nothing"


def take(connection: Connection, schema: str) -> Fingerprint:
    """The fingerprint of a schema. Runs in a transaction that the caller ends: it sets the search path."""
    return _taken(connection, schema, catalog.OF_SCHEMA) | _ailing(connection, schema)


def take_whole(connection: Connection, schema: str) -> Fingerprint:
    """The same with the release step's own table in it, and with what a database has once."""
    return _taken(connection, schema, catalog.WHOLE) | _ailing(connection, schema)


def take_record(connection: Connection, schema: str) -> Fingerprint:
    """The release step's own table alone; nothing where there is none."""
    return _taken(connection, schema, catalog.OF_RECORD)


def _taken(connection: Connection, schema: str, query: str) -> dict[tuple[str, str], str]:
    with _search_path(connection, schema):
        rows = connection.execute(text(query), {"schema": schema})
        return {(kind, name): definition or "" for kind, name, definition in rows}


def _ailing(connection: Connection, schema: str) -> dict[tuple[str, str], str]:
    with _search_path(connection, schema):
        return states.take(connection, schema)


@contextmanager
def empty(connection: Connection) -> Iterator[str]:
    """A schema of its own, on the search path; what is done in it is rolled back again."""
    name = f"declared_{uuid.uuid4().hex[:12]}"
    with connection.begin_nested() as savepoint:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        with _search_path(connection, name):
            yield name
        savepoint.rollback()


@contextmanager
def scratch(connection: Connection, metadata: MetaData) -> Iterator[str]:
    """What the models declare, built in such a schema."""
    with empty(connection) as name:
        # Without checks: they would ask for the names in the schema that the session began with.
        metadata.create_all(connection, checkfirst=False)
        yield name


def declared(connection: Connection, metadata: MetaData) -> Fingerprint:
    """The fingerprint of what the models declare."""
    with scratch(connection, metadata) as name:
        return take(connection, name)


def differences(declared: Fingerprint, found: Fingerprint) -> list[Difference]:
    """Everything that is on one side only, or defined differently, in a stable order; what has healed is none."""
    return [
        Difference(kind, name, declared.get((kind, name)), found.get((kind, name)))
        for kind, name in sorted(declared.keys() | found.keys())
        if not _are_one(declared.get((kind, name)), found.get((kind, name)))
        and not (kind == states.KIND and (kind, name) not in found)
    ]


def _are_one(declared: str | None, found: str | None) -> bool:
    return declared == found or (
        declared is not None and found is not None and spelling.are_one(declared, found)
    )


def drift(connection: Connection, metadata: MetaData) -> list[Difference]:
    """How the session's schema differs from the models, notes included; changes nothing, leaves no transaction open."""
    try:
        schema = str(connection.scalar(text("SELECT current_schema()")))
        found, record = take(connection, schema), take_record(connection, schema)
        return [
            *differences(declared(connection, metadata), found),
            *(differences(_as_alembic_makes_it(connection), record) if record else ()),
        ]
    finally:
        connection.rollback()


def _as_alembic_makes_it(connection: Connection) -> Fingerprint:
    with empty(connection) as name:
        connection.execute(recorded.TABLE)
        return take_record(connection, name)


@contextmanager
def _search_path(connection: Connection, schema: str) -> Iterator[None]:
    """The schema alone, then whatever schemas extensions live in: models may use their types."""
    before = connection.scalar(text("SELECT current_setting('search_path')"))
    wanted = connection.scalar(
        text(
            "SELECT string_agg(quote_ident(name), ', ' ORDER BY place) FROM ("
            " SELECT CAST(:schema AS text) AS name, 0 AS place"
            " UNION SELECT nspname, 1 FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace"
            " WHERE nspname NOT IN ('pg_catalog', :schema)) AS path"
        ),
        {"schema": schema},
    )
    # A long question is no dear one: compiling it would take longer than answering.
    setting = text("SELECT set_config('search_path', :path, true), set_config('jit', 'off', true)")
    connection.execute(setting, {"path": wanted})
    yield
    connection.execute(setting, {"path": before})
