"""What PostgreSQL's catalog says about one schema and what surrounds it: queries of kind, name and definition.

Names and definitions are spelled relative to the search path, which holds the schema alone: the same objects in
another schema read the same. The order of columns is left out on purpose; it differs between a table that was
created whole and one that grew.
"""

import hashlib

from migrations.release_step.schema.catalog import notes, programs, searching, surroundings, tables, types

RECORD = "alembic_version"


def _spelled(query: str, relations: str) -> str:
    """The query with its shorthands written out."""
    extension = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'e' AND d.objid = "
    return (
        query.replace("IN_SCHEMA", f"relnamespace = THE_SCHEMA AND relname {relations}")
        .replace("THE_SCHEMA", "to_regnamespace(quote_ident(CAST(:schema AS text)))")
        .replace("NOT_OF_EXTENSION(", extension)
    )


def _one(queries: tuple[str, ...], relations: str = f"<> '{RECORD}'") -> str:
    """All in one statement: it is asked in front of every release, and each answer takes a journey.

    As texts: a union with catalog names would cut every name off after 63 bytes.
    """
    asked = "SELECT kind::text, name::text, definition::text FROM ({}) AS asked(kind, name, definition)"
    return "\nUNION ALL\n".join(asked.format(_spelled(query, relations)) for query in queries)


# Of a schema, without the table of the release step's own; an extension's objects belong to the extension.
OF_SCHEMA = _one((*tables.QUERIES, *programs.QUERIES, *types.QUERIES, *searching.QUERIES, *notes.QUERIES))
# Of that table; its comment is the ledger.
OF_RECORD = _one(tables.OF_ONE_TABLE, relations=f"= '{RECORD}'")
# With what a database has once, whatever its schemas.
WHOLE = "\nUNION ALL\n".join((OF_SCHEMA, OF_RECORD, _one(surroundings.QUERIES)))

# Fingerprints compare with each other when the same questions were asked.
QUESTIONS = hashlib.sha256(WHOLE.encode()).hexdigest()[:16]
