"""Take back a change set without items: what it made goes, what it ended comes back; itself a change set like it."""

import hashlib
import json
from collections.abc import Mapping

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.rules.findings import Finding
from webapp.services.changes import approving, policy, row_codec, row_sql
from webapp.services.changes.feeds import parts, receiving, standing
from webapp.services.changes.feeds.parts import OF_PART
from webapp.services.changes.following import source_findings
from webapp.services.changes.proposals import Intent, Moved
from webapp.services.changes.row_sql import AS_USUAL, BY_KEY, PER_ROW
from webapp.services.changes.row_writing import OnRows, in_silence
from webapp.services.changes.taking_back.overtaking import Overtaken

# What a change set counts, and what taking it back does to those rows.
INVERSE = {"created": "deleted", "updated": "updated", "closed": "updated", "deleted": "created"}


def counts(change_set: ChangeSet) -> dict[str, int]:
    """How many rows taking all of it back would make, change and delete."""
    inverse = dict.fromkeys(("created", "updated", "closed", "deleted", "unchanged"), 0)
    for name, other in INVERSE.items():
        inverse[other] += int(change_set.counts.get(name, 0))
    return inverse


def in_the_way(change_set: ChangeSet, most: int | None = None) -> Overtaken | None:
    """The rows that somebody has touched since; `most`: of so many touches only, where somebody merely looks."""
    model = row_codec.model_of(change_set.table_name)
    receiving.allow(_rows(change_set))
    rows = standing.touched(model, change_set.id, most)
    if not rows:
        return None
    return Overtaken(standing.overtakings(model, rows), len(rows), max(0, _rows(change_set) - len(rows)))


def carry_out(change_set: ChangeSet, intent: Intent, left: Overtaken | None, on_rows: OnRows) -> ChangeSet:
    """Take back what stands of a change set, where the policy lets it through. Raises Moved, Refused."""
    is_let_through = policy.lets_through(intent.author, intent.kind)
    undoing = approving.head_of(intent, [change_set.table_name])
    undoing.counts = counts(change_set)
    undoing.feed = {"plan": {"table": change_set.table_name}, "undoes": change_set.id}
    approving.begin(undoing, is_let_through=is_let_through)
    undoing.findings = [finding.as_json() for finding in _left(left)]
    if is_let_through:
        _write(change_set, undoing, on_rows)
    return undoing


def apply(undoing: ChangeSet) -> None:
    """Do what a stored undoing was approved for; it is marked as applied by then. Raises Moved, Refused."""
    assert undoing.undoes_id is not None
    _write(db.session.get_one(ChangeSet, undoing.undoes_id), undoing, in_silence)


def _write(change_set: ChangeSet, undoing: ChangeSet, on_rows: OnRows) -> None:
    model = row_codec.model_of(change_set.table_name)
    receiving.allow(_rows(change_set))
    on_rows(0, _rows(change_set))
    standing.begin(model, change_set.id)
    expected = standing.counts()
    keeps = {"app.keeps_version": "on"} if expected["created"] else {}
    db.set_locally({"app.change_set_id": str(undoing.id), **BY_KEY, **PER_ROW, **keeps})
    written = _written(model, expected, on_rows)
    db.set_locally({"app.change_set_id": "", "app.keeps_version": "off", **AS_USUAL})
    if written != expected:
        raise Moved()
    undoing.counts = {**counts(change_set), **written}
    undoing.digest = hashlib.sha256(json.dumps([change_set.digest, undoing.counts]).encode()).hexdigest()
    db.session.flush()
    if written["deleted"]:
        source_findings.forget_deleted_by(undoing)
    source_findings.follow(undoing)
    for row in [row for row in db.session if row is not undoing]:
        db.session.expire(row)


def _written(model: type[db.Base], expected: Mapping[str, int], on_rows: OnRows) -> dict[str, int]:
    """How many rows have come back, got older values, and gone."""
    written, total = dict.fromkeys(expected, 0), sum(expected.values())
    statements = [
        ("deleted", _delete(model)),
        *(("updated", f"{_update(model)} AND {which}") for which in _passes(model)),
        ("created", _bring_back(model)),
    ]
    with parts.refusing(model):
        for name, statement in statements:
            for part in parts.of("feed_standing") if expected[name] else ():
                written[name] += parts.run(statement, {**part, "defaults": _defaults(model)})
                on_rows(sum(written.values()), total)
    return written


def _delete(model: type[db.Base]) -> str:
    return (
        f"DELETE FROM {_table(model)} t USING feed_standing c WHERE {OF_PART} AND c.older IS NULL"
        f" AND {_same(model, 't')} AND t.version = c.version"
    )


def _update(model: type[db.Base]) -> str:
    keys = {column.name for column in row_codec.key_columns(model)}
    columns = [c for c in row_codec.curated_columns(model) if c.name not in keys]
    values = ", ".join(f"{row_sql.quoted(column)} = n.{row_sql.quoted(column)}" for column in columns)
    # Laid over the stored row: a column that came since keeps what it holds.
    return (
        f"UPDATE {_table(model)} t SET {values} FROM feed_standing c JOIN row_versions v ON v.id = c.older"
        f" JOIN {_table(model)} o ON {_same(model, 'o')} CROSS JOIN LATERAL jsonb_populate_record(o, v.row_data) n"
        f" WHERE {OF_PART} AND {_same(model, 't')} AND t.version = c.version"
    )


def _passes(model: type[db.Base]) -> list[str]:
    """Rows that let go of what one row at most may have go back before those that take it."""
    flag = row_codec.exclusive_flag(model)
    return ["true"] if flag is None else [f"NOT n.{flag}", f"n.{flag}"]


def _bring_back(model: type[db.Base]) -> str:
    counted = [column for column in row_codec.key_columns(model) if column.identity is not None]
    columns = [row_sql.quoted(column) for column in (*counted, *row_codec.curated_columns(model))]
    return (
        f"INSERT INTO {_table(model)} ({', '.join(columns)}) SELECT {', '.join(f'n.{name}' for name in columns)}"
        " FROM feed_standing c JOIN row_versions v ON v.id = c.older CROSS JOIN LATERAL"
        f" jsonb_populate_record(NULL::{_table(model)}, CAST(:defaults AS jsonb) || v.row_data) n"
        f" WHERE {OF_PART} AND c.version IS NULL"
    )


def _same(model: type[db.Base], row: str) -> str:
    keys = map(row_sql.quoted, row_codec.key_columns(model))
    return " AND ".join(f"{row}.{key} = c.{key}" for key in keys)


def _table(model: type[db.Base]) -> str:
    return row_codec.table_of(model).name


def _defaults(model: type[db.Base]) -> str:
    """What a column holds in a row that comes back and was deleted before there was such a column."""
    defaults = {c.name: row_codec.default_of(c) for c in row_codec.curated_columns(model)}
    return json.dumps(row_codec.encode(defaults))


def _rows(change_set: ChangeSet) -> int:
    return sum(int(change_set.counts.get(name, 0)) for name in INVERSE)


def _left(left: Overtaken | None) -> list[Finding]:
    """A remark for each of the first rows that stay as somebody has made them since."""
    message = "“%(record)s” has been changed or referred to since, and stays as it is"
    rows = () if left is None else left.rows
    return [Finding(None, message, {"record": row.label}, is_blocking=False) for row in rows]
