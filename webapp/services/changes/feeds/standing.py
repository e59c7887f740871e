"""Which rows a change set without items has left as they are, and which somebody has touched since.

The history knows: a row is of a change set that wrote it last, and a version that it began and another one ended tells
of a touch. A row that holds what the change set left there, whoever brought it back, stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select, text

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.columns import STAMPS
from webapp.rules import change
from webapp.services.changes import proposing, references, row_codec, row_labels, row_sql
from webapp.services.changes.proposals import Wish
from webapp.services.changes.taking_back.overtaking import MOST_NAMED, Overtaking

# Versions that the change set ended, as `i`, the name by which statements of this room find a row by its key.
ENDED = "i.table_name = :table AND i.ended_by_change_set_id = :id"
# Versions that it began and somebody else ended.
BEGUN = "i.table_name = :table AND i.begun_by_change_set_id = :id AND i.ended_by_change_set_id IS DISTINCT FROM :id"
# On a page so many touches are looked at; whoever undoes looks at all.
LOOKED_THROUGH = 200
# Whoever undoes looks at as many as a feed may have.
MANY = 1_000_000


def begin(model: type[db.Base], number: int) -> None:
    """The rows of a change set that stand, in a table of the session's own: key, version, and the one to go back to.

    Rows that it deleted and that are still gone have the one to go back to alone.
    """
    table, keys = row_codec.table_of(model).name, _keys(model, "t")
    facts = {"table": table, "id": number}
    older = (
        f"row_versions i ON {ENDED} AND i.operation = 'UPDATE' AND i.row_key = {row_sql.key_of(model, 't')}"
    )
    db.session.execute(text("DROP TABLE IF EXISTS pg_temp.feed_standing"))
    # Statistics of versions that were written a moment ago are not to be waited for.
    with row_sql.planned_for(MANY):
        db.session.execute(
            text(
                f"CREATE TEMPORARY TABLE feed_standing ON COMMIT DROP AS SELECT {keys}, t.version, i.id AS older"
                f" FROM {table} t LEFT JOIN {older} WHERE t.change_set_id = :id"
            ),
            facts,
        )
        if _is_any(BEGUN, facts):
            db.session.execute(text(_brought_back(model)), facts)
        if _is_any(f"{ENDED} AND i.operation = 'DELETE'", facts):
            db.session.execute(text(_gone(model)), facts)
    db.session.execute(text("ANALYZE feed_standing"))


def _is_any(condition: str, facts: Mapping[str, Any]) -> bool:
    return bool(
        db.session.scalar(text(f"SELECT EXISTS (SELECT 1 FROM row_versions i WHERE {condition})"), facts)
    )


def _brought_back(model: type[db.Base]) -> str:
    """Rows that somebody has touched, and that hold what the change set left there again."""
    return (
        f"INSERT INTO feed_standing SELECT {_keys(model, 't')}, t.version, o.id FROM row_versions i"
        f" JOIN {row_codec.table_of(model).name} t ON {row_sql.same_row(model)} LEFT JOIN row_versions o"
        " ON o.table_name = :table AND o.ended_by_change_set_id = :id AND o.operation = 'UPDATE'"
        f" AND o.row_key = i.row_key WHERE {BEGUN} AND t.change_set_id IS DISTINCT FROM :id AND {_is_as_left(model)}"
    )


def _gone(model: type[db.Base]) -> str:
    """Rows that the change set deleted, and that are still gone."""
    return (
        f"INSERT INTO feed_standing (older) SELECT i.id FROM row_versions i WHERE {ENDED}"
        f" AND i.operation = 'DELETE' AND NOT EXISTS (SELECT 1 FROM {row_codec.table_of(model).name} t"
        f" WHERE {row_sql.same_row(model)})"
    )


def counts() -> dict[str, int]:
    """How many of the standing rows come back, get older values, and go."""
    row = db.session.execute(
        text(
            "SELECT count(*) FILTER (WHERE version IS NULL), count(*) FILTER (WHERE version IS NOT NULL AND older IS"
            " NOT NULL), count(*) FILTER (WHERE older IS NULL) FROM feed_standing"
        )
    ).one()
    return dict(zip(("created", "updated", "deleted"), map(int, row), strict=True))


def touched(model: type[db.Base], number: int, most: int | None = None) -> Sequence[tuple[str, int | None]]:
    """The keys of rows that do not stand any more, and by which change set; of the first `most` touches only."""
    facts = {"table": row_codec.table_of(model).name, "id": number, "most": most}
    keys: list[tuple[str, int | None]] = []
    with row_sql.planned_for(MANY if most is None else most):
        for statement in (*_not_as_left(model), *_referred_to(model)):
            rows = db.session.execute(text(statement), facts)
            keys += [(row[0], row[1]) for row in rows]
    return list(dict(keys).items())


def _not_as_left(model: type[db.Base]) -> Iterator[str]:
    table = row_codec.table_of(model).name
    begun = f"SELECT i.* FROM row_versions i WHERE {BEGUN} LIMIT :most"
    yield (
        f"SELECT i.row_key, i.ended_by_change_set_id FROM ({begun}) i LEFT JOIN {table} t"
        f" ON {row_sql.same_row(model)} WHERE t.change_set_id IS DISTINCT FROM :id"
        f" AND ({_is_as_left(model)}) IS NOT TRUE"
    )
    ended = f"SELECT i.* FROM row_versions i WHERE {ENDED} AND i.operation = 'DELETE' LIMIT :most"
    yield f"SELECT i.row_key, t.change_set_id FROM ({ended}) i JOIN {table} t ON {row_sql.same_row(model)}"
    # Looked at and found right since: that is a person's word, although no row has changed.
    yield (
        f"SELECT i.row_key, i.change_set_id FROM steward_values i JOIN {table} t ON {row_sql.same_row(model)}"
        " WHERE i.table_name = :table AND i.change_set_id > :id AND t.change_set_id = :id LIMIT :most"
    )


def _referred_to(model: type[db.Base]) -> Iterator[str]:
    """Rows that it made and to which others refer by now."""
    table = row_codec.table_of(model).name
    key = row_sql.key_of(model, "t")
    for child, pairs in references.columns_to(model):
        refers = " OR ".join(
            f"c.{row_sql.quoted(remote)} = t.{row_sql.quoted(local)}" for local, remote in pairs
        )
        yield (
            f"SELECT {key}, NULL::bigint FROM {table} t WHERE t.change_set_id = :id AND EXISTS"
            f" (SELECT 1 FROM {row_codec.table_of(child).name} c WHERE ({refers}) OFFSET 0) AND NOT EXISTS"
            f" (SELECT 1 FROM row_versions i WHERE {ENDED} AND i.row_key = {key}) LIMIT :most"
        )


def overtakings(model: type[db.Base], rows: Sequence[tuple[str, int | None]]) -> Iterator[Overtaking]:
    """The first of the touched rows by their names, with the fields that differ and who changed them."""
    named = rows[:MOST_NAMED]
    authors = dict(
        db.session.execute(
            select(ChangeSet.id, ChangeSet.author_name).where(
                ChangeSet.id.in_([number for _key, number in named])
            )
        ).all()
    )
    table = row_codec.table_of(model).name
    stored = _of_keys(model, [key for key, _number in named])
    labels = row_labels.of_rows([(Wish(model, change.UPDATE), stored[key]) for key, _number in named])
    for (key, number), label in zip(named, labels, strict=True):
        yield Overtaking(table, label or key, (), authors.get(number or 0), number, row_key=key)


def _of_keys(model: type[db.Base], texts: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """Rows as far as their names are known, by their keys as text: the stored ones, or only their keys."""
    names = [column.name for column in row_codec.key_columns(model)]
    keys = {one: row_codec.key_from(model, one) for one in texts}
    stored = proposing.fetch(model, list(keys.values()))
    return {one: stored.get(key, dict(zip(names, key, strict=True))) for one, key in keys.items()}


def _is_as_left(model: type[db.Base]) -> str:
    stamps = ", ".join(f"'{name}'" for name in sorted(STAMPS))
    return row_sql.holds(model, f"(i.row_data - ARRAY[{stamps}])")


def _keys(model: type[db.Base], row: str) -> str:
    return ", ".join(f"{row}.{row_sql.quoted(column)}" for column in row_codec.key_columns(model))
