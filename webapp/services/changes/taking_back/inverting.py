"""Write the inverse of a change set as the items of another one: in SQL, however many there are.

A row that nobody touched since goes back to what was stored before. One that holds other changes beside is checked
like any edit, and what follows from other fields is worked out anew.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import change, filing
from webapp.rules.findings import Finding
from webapp.services.changes import (
    approving,
    drafts,
    proposing,
    references,
    revisions,
    row_checks,
    row_codec,
    row_labels,
    row_sql,
)
from webapp.services.changes.proposals import ALWAYS_COUNTED, COUNTED_AS, Refused, Wish
from webapp.services.changes.revisions import Withdrawn
from webapp.services.changes.row_sql import OF_ITEMS
from webapp.services.changes.row_writing import TableOfItems

CHUNK = 2000
INVERSE = {
    change.CREATE: change.DELETE,
    change.UPDATE: change.UPDATE,
    change.CLOSE: change.UPDATE,
    change.DELETE: change.CREATE,
    change.VERIFY: change.RELEASE,
    change.RELEASE: change.VERIFY,
}


@dataclass(frozen=True, slots=True)
class Inversion:
    """Of which change set the inverse is written, as which, and the places of the items that are left out."""

    of_id: int
    as_id: int
    left: Sequence[int] = ()


def counts(tables: Sequence[TableOfItems]) -> dict[str, int]:
    """How many rows undoing all of it would create, update and delete; every count of a change set."""
    inverse = dict.fromkeys((*ALWAYS_COUNTED, "unchanged"), 0)
    of_others = [table for table in tables if not table.model.follows_others]
    for table in of_others or tables:
        for action, content in table.contents.items():
            name = COUNTED_AS[INVERSE[action]]
            inverse[name] = inverse.get(name, 0) + content.number
    return inverse


def write(inversion: Inversion, tables: Sequence[TableOfItems]) -> None:
    """Store the inverse items, table by table. Raises Refused where other changes beside would break rules."""
    written = 0
    for table in _with_statements(inversion, tables):
        with row_sql.planned_for(table.number):
            offset, written = written, written + _insert(inversion, table, offset=written)
            if table.model is FinancialStatement:
                withdrawn = _withdrawn(inversion)
                if withdrawn:
                    written = _lay_anew(inversion, table, withdrawn)
                written += _settle_revisions(inversion, table, withdrawn, offset=offset)
            _derive_anew(inversion, table)
            _check_mixed(inversion, table)


def _insert(inversion: Inversion, table: TableOfItems, *, offset: int) -> int:
    """Last written first; what was closed let go of its code before others took it, so it takes it back last."""
    model = table.model
    whole = row_sql.as_json(model)
    inverse = " ".join(f"WHEN '{action}' THEN '{other}'" for action, other in INVERSE.items())
    # What follows from other fields may follow otherwise since, as a release works it out.
    kept = row_sql.array_of(row_codec.derived_names(model))
    before = (
        "i.after || coalesce((SELECT jsonb_object_agg(d.name, w.whole -> d.name)"
        f" FROM unnest({kept}) AS d (name) WHERE jsonb_exists(i.after, d.name)), '{{}}')"
    )
    statement = (
        "INSERT INTO change_set_items (change_set_id, position, table_name, row_key, action, base_version,"
        " label_text, before, after, findings)"
        " SELECT :as_id, :offset - 1 + row_number() OVER (ORDER BY (i.action = 'close'), i.position DESC),"
        f" i.table_name, i.row_key, CASE i.action {inverse} END, t.version, i.label_text,"
        f" CASE i.action WHEN 'delete' THEN '{{}}' WHEN 'create' THEN w.whole ELSE {before} END,"
        " CASE i.action WHEN 'create' THEN '{}' WHEN 'delete' THEN CAST(:defaults AS jsonb) || i.before"
        " ELSE i.before END, '[]'"
        f" FROM change_set_items i LEFT JOIN {table.name} t ON {row_sql.same_row(model)}"
        f" CROSS JOIN LATERAL (SELECT {whole} AS whole) w"
        f" WHERE {OF_ITEMS} AND NOT i.position = ANY(:left)"
    )
    facts = {
        **table.items,
        "as_id": inversion.as_id,
        "offset": offset,
        "left": list(inversion.left),
        "defaults": json.dumps(_defaults(model)),
    }
    result: Any = db.session.execute(text(statement), facts)
    return int(result.rowcount)


def _defaults(model: type[db.Base]) -> dict[str, Any]:
    """What a column holds in a row that comes back and was deleted before there was such a column."""
    return row_codec.encode({c.name: row_codec.default_of(c) for c in row_codec.curated_columns(model)})


def _derive_anew(inversion: Inversion, table: TableOfItems) -> None:
    """Let what follows from other fields follow from those that come back."""
    rules = getattr(table.model, "rules", None)
    if not row_codec.derived_names(table.model):
        return
    coming_back = (
        f"SELECT i.position, i.after FROM change_set_items i WHERE {OF_ITEMS} AND i.action <> 'delete'"
    )
    anew = []
    for position, after in db.session.execute(text(coming_back), _written(inversion, table)):
        derived = row_codec.encode(rules.derive(row_codec.decode(table.model, after))) if rules else {}
        if any(after.get(name) != value for name, value in derived.items()):
            anew.append({"position": position, "derived": json.dumps(derived)})
    if anew:
        statement = (
            "UPDATE change_set_items i SET after = i.after || CAST(:derived AS jsonb)"
            f" WHERE {OF_ITEMS} AND i.position = :position"
        )
        db.session.execute(text(statement), [{**_written(inversion, table), **one} for one in anew])


def _with_statements(inversion: Inversion, tables: Sequence[TableOfItems]) -> Sequence[TableOfItems]:
    """Where documents fall, or stand again, statements may follow, though the change set itself was about none."""
    models = {table.model: table.contents.get(change.UPDATE) for table in tables}
    updated = models.get(Filing)
    if updated is None or "withdrawal_status" not in updated.fields or FinancialStatement in models:
        return tables
    statements = TableOfItems(FinancialStatement, inversion.of_id, {})
    return references.sorted_by([*tables, statements], lambda table: table.model)


def _lay_anew(inversion: Inversion, table: TableOfItems, withdrawn: Withdrawn) -> int:
    """Let statements follow from what has come since, too, where documents fall or stand again; the next free place."""
    asked = f"SELECT i.row_key, i.action, i.after FROM change_set_items i WHERE {OF_ITEMS}"
    items = db.session.execute(text(asked), _written(inversion, table)).all()
    stored = proposing.fetch(table.model, [row_codec.key_from(table.model, item.row_key) for item in items])
    changes = [_as_revision(table.model, item, stored) for item in items]
    beside = {
        one.key: None if one.after is None else {"version": None, **one.after, "id": one.key[0]}
        for one in changes
        if one.key is not None
    }
    change_set = db.session.get_one(ChangeSet, inversion.as_id)
    laid, remarks = drafts.laid_anew(withdrawn, beside)
    change_set.findings = [*change_set.findings, *(remark.as_json() for remark in remarks)]
    approving.change_items(change_set, [item for item in laid if item.key in beside])
    approving.add_items(change_set, [item for item in laid if item.key not in beside])
    return approving.next_place(change_set)


def _settle_revisions(inversion: Inversion, table: TableOfItems, withdrawn: Withdrawn, *, offset: int) -> int:
    """Let one revision of a statement be current, also where others have come since; how many items that adds."""
    # Where nothing matters to it, nothing is read; else every item, as of each row there is one.
    touching = (
        f"SELECT i.position, i.row_key, i.action, i.before, i.after FROM change_set_items i WHERE {OF_ITEMS}"
        " AND i.action NOT IN ('verify', 'release') AND EXISTS (SELECT FROM change_set_items o"
        " WHERE o.change_set_id = :id AND o.action NOT IN ('verify', 'release') AND (o.table_name = 'filings'"
        " OR o.table_name = :table AND (o.action <> 'update'"
        f" OR jsonb_exists_any(o.after, {row_sql.array_of(revisions.READ)})))) ORDER BY i.position"
    )
    written = _written(inversion, table)
    items = db.session.execute(text(touching), written).all()
    stored = proposing.fetch(table.model, [row_codec.key_from(table.model, item.row_key) for item in items])
    changes = [_as_revision(table.model, item, stored) for item in items]
    settled = revisions.settle(changes, withdrawn)
    corrected = [
        {**written, "position": items[place].position, "current": json.dumps({revisions.IS_CURRENT: current})}
        for place, current in settled.of_changes.items()
    ]
    if corrected:
        statement = (
            "UPDATE change_set_items i SET after = i.after || CAST(:current AS jsonb)"
            f" WHERE {OF_ITEMS} AND i.position = :position"
        )
        db.session.execute(text(statement), corrected)
    return _add_others(written, settled.of_others, table, offset=offset)


def _withdrawn(inversion: Inversion) -> dict[str, bool]:
    """The documents that the undoing withdraws, or lets stand again."""
    statement = (
        "SELECT i.row_key, i.after->>'withdrawal_status' FROM change_set_items i WHERE i.change_set_id = :id"
        " AND i.table_name = 'filings' AND i.action = 'update' AND jsonb_exists(i.after, 'withdrawal_status')"
    )
    documents = db.session.execute(text(statement), {"id": inversion.as_id})
    return {doc_id: status != filing.STANDING for doc_id, status in documents}


def _as_revision(model: type[db.Base], item: Any, stored: proposing.Stored) -> revisions.Change:
    key = row_codec.key_from(model, item.row_key)
    row, after = stored.get(key), row_codec.decode(model, item.after)
    return revisions.Change(row, None if item.action == change.DELETE else {**(row or {}), **after}, key)


def _add_others(
    written: Mapping[str, Any],
    others: Sequence[tuple[Mapping[str, Any], bool]],
    table: TableOfItems,
    *,
    offset: int,
) -> int:
    """Before the other items of the table, so that what is current no more is written before what takes its place."""
    if not others:
        return 0
    # In two steps, as no two items may stand at one place for a moment.
    for moving in ("-(i.position + 1 + :number)", "-i.position - 1"):
        statement = f"UPDATE change_set_items i SET position = {moving} WHERE {OF_ITEMS}"
        facts = {"number": len(others)} if ":number" in moving else {}
        db.session.execute(text(statement), {**written, **facts})
    adding = text(
        "INSERT INTO change_set_items (change_set_id, position, table_name, row_key, action, base_version, label_text,"
        " before, after, findings) VALUES (:id, :position, :table, :row_key, 'update', :version, :label,"
        " jsonb_build_object('is_current', NOT CAST(:current AS boolean)),"
        " jsonb_build_object('is_current', CAST(:current AS boolean)), '[]')"
    )
    in_turn = sorted(others, key=lambda other: other[1])
    labels = row_labels.of_rows([(Wish(table.model, change.UPDATE), row) for row, _current in in_turn])
    rows = [
        {
            **written,
            "position": offset + place,
            "row_key": str(row["id"]),
            "version": row["version"],
            "label": labels[place][:400],
            "current": current,
        }
        for place, (row, current) in enumerate(in_turn)
    ]
    db.session.execute(adding, rows)
    return len(rows)


def _check_mixed(inversion: Inversion, table: TableOfItems) -> None:
    """Hold the rows that others have changed too, in other fields, against the rules."""
    mixed = (
        f"SELECT i.position, i.row_key, i.after FROM change_set_items i JOIN {table.name} t"
        f" ON {row_sql.same_row(table.model)} WHERE {OF_ITEMS} AND i.action = 'update'"
        " AND t.change_set_id IS DISTINCT FROM :of_id ORDER BY i.position"
    )
    rows = db.session.execute(text(mixed), {**_written(inversion, table), "of_id": inversion.of_id}).all()
    blocking: list[Finding] = []
    for start in range(0, len(rows), CHUNK):
        blocking += _blocking(table.model, rows[start : start + CHUNK])
    if blocking:
        raise Refused(blocking)


def _blocking(model: type[db.Base], rows: Sequence[Any]) -> list[Finding]:
    keys = [row_codec.key_from(model, row_key) for _position, row_key, _after in rows]
    stored = proposing.fetch(model, keys)
    blocking = []
    for key, (_position, _row_key, after) in zip(keys, rows, strict=True):
        values = row_codec.decode(model, after)
        findings = row_checks.check(model, {**stored[key], **values}, values)
        blocking += [finding for finding in findings if finding.is_blocking]
    return blocking


def _written(inversion: Inversion, table: TableOfItems) -> dict[str, Any]:
    return {**table.items, "id": inversion.as_id}


def digest_of(change_set_id: int) -> str:
    """The hash of stored items, 64 hexadecimal digits."""
    of_items = text(
        "SELECT encode(sha256(convert_to(coalesce(string_agg(encode(sha256(convert_to(concat_ws(chr(10),"
        " i.action, i.row_key, i.base_version, i.before, i.after), 'UTF8')), 'hex'), '' ORDER BY i.position), ''),"
        " 'UTF8')), 'hex') FROM change_set_items i WHERE i.change_set_id = :id"
    )
    return str(db.session.scalar(of_items, {"id": change_set_id}))
