"""Know what stewards have set: after each change by hand the fields of its rows are worked out anew from the items.

What somebody set is what they changed, a value that they cleared included; in a new row, what differs from that which
a form begins with; and in a row that takes another one's place, what is carried over from there. What was undone is as
it was before: undoing leads back to the state in front of what it undoes, however often it is undone again. A row that
goes takes its fields with it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import select, text

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.steward_value import StewardValue
from webapp.rules import change
from webapp.rules.fields import Saying
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_sql
from webapp.services.changes.proposals import Item, Wish
from webapp.services.changes.row_codec import Key
from webapp.services.changes.row_sql import OF_ITEMS
from webapp.services.changes.row_writing import TableOfItems

CHUNK = 5000

# The rows of a change set in which people have set anything, and the fields that it touches there. Of a big import that
# is undone those are few; and none is looked for but by its key.
TOUCHED = (
    "SELECT i.row_key, array(SELECT jsonb_object_keys(i.before || i.after)) AS fields FROM change_set_items i"
    f" WHERE {OF_ITEMS} AND EXISTS (SELECT 1 FROM change_set_items o JOIN change_sets c ON c.id = o.change_set_id"
    " WHERE o.table_name = i.table_name AND o.row_key = i.row_key"
    " AND (c.kind = ANY(:setting) OR o.findings @> CAST(:carrying AS jsonb)))"
)
# What an item says of a field that people set in another row, whatever writes the item: by which change set they did.
CARRIED = Saying("was set by hand in change set #%(number)s, and is carried over from there").message
CARRIED_FROM = (
    "(SELECT CAST(o.one -> 'params' ->> 'number' AS bigint) FROM jsonb_array_elements(i.findings) o (one)"
    " WHERE o.one ->> 'message' = :carried AND o.one ->> 'field' = f.name LIMIT 1)"
)
# Who edits a document types nothing of the statements and shares that follow from it.
DOCUMENTS = Filing.__tablename__
# Of these a row takes another one's place, and what people set there.
STATEMENTS = FinancialStatement.__tablename__
FOLLOWING = f"c.table_name = '{DOCUMENTS}' AND i.table_name <> '{DOCUMENTS}'"
GIVEN = "touched AS (SELECT * FROM jsonb_to_recordset(CAST(:touched AS jsonb)) AS t (row_key text, fields text[]))"
# Each field has a line of what happened to it, in turn. Where the last thing is an undoing, the line is followed back
# to what came before that which was undone.
DECIDED = (
    "touches AS (SELECT i.row_key, f.name AS field, c.id, c.undoes_id, c.applied_at, coalesce(r.number, c.id) AS by,"
    " CASE WHEN r.number IS NOT NULL THEN 'set' WHEN c.kind = 'undo' THEN 'undo' WHEN i.action IN ('delete', 'release')"
    " THEN 'nobody' WHEN i.action = 'create'"
    " AND i.after -> f.name = coalesce(CAST(:defaults AS jsonb) -> f.name, 'null')"
    " THEN 'nobody' WHEN i.action = 'verify' THEN 'verified' ELSE 'set' END AS how"
    " FROM touched JOIN change_set_items i ON i.table_name = :table AND i.row_key = touched.row_key"
    " JOIN change_sets c ON c.id = i.change_set_id CROSS JOIN LATERAL jsonb_object_keys(i.before || i.after) f (name)"
    f" LEFT JOIN LATERAL {CARRIED_FROM} r (number) ON true"
    f" WHERE c.status = 'applied' AND (c.kind = ANY(:by_hand) AND NOT (c.kind = ANY(:setting) AND {FOLLOWING})"
    " OR i.action = 'delete' OR r.number IS NOT NULL)"
    " AND f.name = ANY(touched.fields) AND NOT f.name = ANY(:left_out)),"
    " lines AS (SELECT row_key, field, array_agg(id ORDER BY applied_at, id) AS ids,"
    " array_agg(by ORDER BY applied_at, id) AS bys,"
    " array_agg(undoes_id ORDER BY applied_at, id) AS undoes, array_agg(how ORDER BY applied_at, id) AS hows"
    " FROM touches GROUP BY row_key, field),"
    " followed AS (SELECT row_key, field, ids, bys, undoes, hows, cardinality(ids) AS place FROM lines"
    " UNION ALL SELECT row_key, field, ids, bys, undoes, hows, array_position(ids, undoes[place]) - 1"
    " FROM followed WHERE hows[place] = 'undo')"
)

HANDED_BACK = (
    "SELECT f.name, max(c.id) AS number FROM change_set_items i JOIN change_sets c ON c.id = i.change_set_id"
    " CROSS JOIN LATERAL jsonb_object_keys(i.after) f (name)"
    " WHERE i.table_name = :table AND i.row_key = :key AND i.action = :release AND c.status = 'applied' GROUP BY f.name"
)

# Of rows that are typed, and none taken away, nothing needs to be followed back.
TYPED = text(
    "INSERT INTO steward_values (table_name, row_key, field, change_set_id, how)"
    " SELECT i.table_name, i.row_key, f.name, i.change_set_id, 'set' FROM change_set_items i"
    f" CROSS JOIN LATERAL jsonb_object_keys(i.after) f (name) WHERE {OF_ITEMS} AND NOT f.name = ANY(:left_out)"
    " AND NOT (i.action = 'create' AND i.after -> f.name = coalesce(CAST(:defaults AS jsonb) -> f.name, 'null'))"
    " ON CONFLICT (table_name, row_key, field) DO UPDATE SET change_set_id = excluded.change_set_id,"
    " how = excluded.how"
)


def note(change_set: ChangeSet, tables: Sequence[TableOfItems]) -> None:
    """Note what stewards have set, once the rows of a change set are written."""
    for table in tables:
        if change_set.kind in change.SETTING and table.contents.keys() <= {change.CREATE, change.UPDATE}:
            if change_set.table_name != DOCUMENTS or table.name == DOCUMENTS:
                db.session.execute(TYPED, _facts(table))
            elif table.name == STATEMENTS:
                _note(table)
        elif change_set.kind in change.BY_HAND or change.DELETE in table.contents or table.name == STATEMENTS:
            _note(table)


def _facts(table: TableOfItems) -> dict[str, Any]:
    return {
        **table.items,
        "setting": list(change.SETTING),
        "by_hand": list(change.BY_HAND),
        "carried": CARRIED,
        "carrying": json.dumps([{"message": CARRIED}]),
        "left_out": list(row_codec.derived_names(table.model)),
        "defaults": _defaults(table.model),
    }


@cache
def _defaults(model: type[db.Base]) -> str:
    """What a form begins with, as JSON."""
    columns = row_codec.curated_columns(model)
    return json.dumps(row_codec.encode({column.name: row_codec.default_of(column) for column in columns}))


def _note(table: TableOfItems) -> None:
    facts = _facts(table)
    with row_sql.planned_for(table.number):
        touched = [row._asdict() for row in db.session.execute(text(TOUCHED), facts)]
    noting = (
        f"MERGE INTO steward_values v USING (WITH RECURSIVE {GIVEN}, {DECIDED}"
        " SELECT row_key, field, bys[place] AS id, hows[place] AS how,"
        " coalesce(hows[place] IN ('set', 'verified'), false) AS is_decided"
        " FROM followed WHERE hows[place] IS DISTINCT FROM 'undo') d"
        " ON v.table_name = :table AND v.row_key = d.row_key AND v.field = d.field"
        " WHEN MATCHED AND NOT d.is_decided THEN DELETE"
        " WHEN MATCHED AND (v.change_set_id, v.how) IS DISTINCT FROM (d.id, d.how)"
        " THEN UPDATE SET change_set_id = d.id, how = d.how"
        " WHEN NOT MATCHED AND d.is_decided THEN INSERT (table_name, row_key, field, change_set_id, how)"
        " VALUES (:table, d.row_key, d.field, d.id, d.how)"
    )
    for start in range(0, len(touched), CHUNK):
        of_part = {**facts, "touched": json.dumps(touched[start : start + CHUNK])}
        # What people have set is little, and is looked for by its keys.
        with row_sql.planned_for(1):
            db.session.execute(text(noting), of_part)


def of_rows(model: type[db.Base], keys: Iterable[Key]) -> Mapping[Key, Mapping[str, StewardValue]]:
    """Of these rows, by key, the fields that stewards have set, by name; rows without any are not in it."""
    by_text = {row_codec.row_key(key): key for key in keys}
    in_turn = list(by_text)
    decided: dict[Key, dict[str, Any]] = {}
    for start in range(0, len(in_turn), CHUNK):
        of_part = select(StewardValue).where(
            StewardValue.table_name == row_codec.table_of(model).name,
            StewardValue.row_key.in_(in_turn[start : start + CHUNK]),
        )
        for value in db.session.scalars(of_part):
            decided.setdefault(by_text[value.row_key], {})[value.field] = value
    return decided


def set_by(model: type[db.Base], keys: Iterable[Key]) -> Mapping[Key, Mapping[str, int]]:
    """Of these rows, by key, by which change sets the fields were set that stewards have set, by name."""
    return {
        key: {name: value.change_set_id for name, value in by_field.items()}
        for key, by_field in of_rows(model, keys).items()
    }


def handed_back(model: type[db.Base], key: Key) -> Mapping[str, int]:
    """The fields of a row that stewards have released, and by which change set last; others may have set them since."""
    facts = {
        "table": row_codec.table_of(model).name,
        "key": row_codec.row_key(key),
        "release": change.RELEASE,
    }
    return {row.name: row.number for row in db.session.execute(text(HANDED_BACK), facts)}


def remarks_on(carried: Mapping[str, int]) -> list[Finding]:
    """What an item says of fields that people set in another row, by which change set; from here it is known again."""
    return [Finding(name, CARRIED, {"number": number}, is_blocking=False) for name, number in carried.items()]


def vouchable(model: type[db.Base]) -> list[str]:
    """The fields that can be verified and released: what change sets may write, but for what follows from others."""
    silent = row_codec.derived_names(model)
    return [column.name for column in row_codec.curated_columns(model) if column.name not in silent]


def vouched(wish: Wish, values: Mapping[str, Any], row: Mapping[str, Any]) -> Item | None:
    """The fields that still hold what was seen, and of which there is something to hand back; None where there is none.

    What they hold stands on both sides of the item: nothing becomes otherwise.
    """
    names = vouchable(wish.model)
    seen = {name: row[name] for name in names if name in values and values[name] == row[name]}
    if wish.action == change.RELEASE and wish.key is not None:
        by_hand = of_rows(wish.model, [wish.key]).get(wish.key, {})
        seen = {name: value for name, value in seen.items() if name in by_hand}
    return Item(wish, wish.key, row["version"], seen, seen) if seen else None
