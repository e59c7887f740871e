"""Compare received rows with the stored ones: in one statement, and what is not to be written by few more.

Rows that are as they are stored are left out of what comes of it, so that a file that brings nothing costs little.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.rules import change
from webapp.services.changes.feeds.plan import FeedPlan, chosen, limits, quoted, type_of

# What is said of a row, beside its key and figures.
OWN = ("line", "base_version", "reason", "fields", "verdict")


def classify(plan: FeedPlan) -> int:
    """What comes of each row: new, changed, refused or left alone, with the merged values and the fields that change.

    How many they are; the others are as they are stored.
    """
    merged = {name: plan.merged(name) for name in plan.figures}
    keys = ", ".join(f"f.{quoted(name)}" for name in plan.key)
    values = ", ".join(f"{value} AS {quoted(name)}" for name, value in merged.items())
    differing = ", ".join((*_differing(merged), *_differing_constants(plan)))
    # What stands nowhere yet cannot be left for what is stored beside it.
    left = {why: f"t.version IS NOT NULL AND ({when})" for why, when in plan.left.items()}
    reason, is_refused = chosen({**plan.refused, **left}), " OR ".join(
        f"({when})" for when in plan.refused.values()
    )
    stored = ", ".join(f"t.{quoted(name)}" for name in merged)
    differs = f"({', '.join(merged.values())}) IS DISTINCT FROM ({stored})"
    db.session.execute(text("DROP TABLE IF EXISTS pg_temp.feed_classified"))
    classified: Any = db.session.execute(
        text(
            f"CREATE TEMPORARY TABLE feed_classified ON COMMIT DROP AS SELECT f.line, {keys}, {values},"
            f" t.version AS base_version, {reason} AS reason,"
            f" CASE WHEN t.version IS NOT NULL THEN array_remove(ARRAY[{differing}], NULL) END AS fields,"
            f" CASE WHEN {is_refused or 'false'} THEN '{change.REFUSED}'"
            f" WHEN t.version IS NULL THEN '{change.NEW}' WHEN {reason} IS NOT NULL THEN '{change.LEFT}'"
            f" ELSE '{change.CHANGED}' END AS verdict"
            f" FROM feed_received f LEFT JOIN {plan.table} t ON {plan.same_row('f', 't')}"
            f" WHERE t.version IS NULL OR {chosen(left)} IS NOT NULL OR {differs}"
        ),
        plan.parameters,
    )
    db.session.execute(text(f"ANALYZE feed_classified {plan.analyzed('verdict')}"))
    return int(classified.rowcount)


def _differing(merged: Mapping[str, str]) -> Iterator[str]:
    for name, value in merged.items():
        yield f"CASE WHEN {value} IS DISTINCT FROM t.{quoted(name)} THEN '{name}' END"


def _differing_constants(plan: FeedPlan) -> Iterator[str]:
    for name in plan.constants:
        yield f"CASE WHEN {plan.constant(name)} IS DISTINCT FROM t.{quoted(name)} THEN '{name}' END"


def edits(plan: FeedPlan) -> Iterator[tuple[int, Mapping[str, Any], Mapping[str, Any] | None, str | None]]:
    """Every classified row: its line, the values that it wants, the stored row, and why it is refused, if it is."""
    names = (*plan.key, *plan.figures)
    columns = ", ".join(
        f"c.{quoted(name)}::{type_of(plan.columns[name])} AS {quoted('feed_' + name)}" for name in names
    )
    rows = db.session.execute(
        text(
            f"SELECT c.line AS feed_line, c.fields AS feed_fields, c.reason AS feed_reason, {columns}, t.*"
            f" FROM feed_classified c LEFT JOIN {plan.table} t ON {plan.same_row('c', 't')} ORDER BY c.line"
        )
    ).mappings()
    for row in rows:
        fields = names if row["feed_fields"] is None else row["feed_fields"]
        stored = None if row["version"] is None else {name: row[name] for name in plan.columns}
        yield row["feed_line"], {name: row[f"feed_{name}"] for name in fields}, stored, row["feed_reason"]


def number() -> int:
    """How many rows of the file are classified; those that follow from others have lines below zero."""
    return int(db.session.scalar(text("SELECT count(*) FROM feed_classified WHERE line > 0")) or 0)


def leave(condition: str, reason: str) -> None:
    """Leave rows alone for a reason that takes a second look, as a condition on `c`."""
    statement = (
        f"UPDATE feed_classified c SET verdict = '{change.LEFT}', reason = :reason"
        f" WHERE verdict IN ('{change.NEW}', '{change.CHANGED}') AND {condition}"
    )
    db.session.execute(text(statement), {"reason": reason})


def hold(plan: FeedPlan, by_hand: str, facts: Mapping[str, Any]) -> int:
    """Keep what stewards set: `by_hand` selects line and field of classified rows whose values are a person's word.

    How many values that are; what would be written there instead stands in feed_held afterwards.
    """
    value = "to_jsonb(c) ->> h.field"
    constants = " ".join(f"WHEN '{name}' THEN CAST({plan.constant(name)} AS text)" for name in plan.constants)
    value = f"CASE h.field {constants} ELSE {value} END" if constants else value
    db.session.execute(text("DROP TABLE IF EXISTS pg_temp.feed_held"))
    held: Any = db.session.execute(
        text(
            f"CREATE TEMPORARY TABLE feed_held ON COMMIT DROP AS SELECT c.line, h.field, {value} AS value"
            f" FROM ({by_hand}) h JOIN feed_classified c ON c.line = h.line"
            f" WHERE c.verdict = '{change.CHANGED}' AND h.field = ANY (c.fields)"
        ),
        {**plan.parameters, **facts},
    )
    if held.rowcount:
        _put_back_held(plan)
    return int(held.rowcount)


def held(plan: FeedPlan, most: int) -> Iterator[tuple[int, str, str, Mapping[str, Any]]]:
    """The first values that are kept: line, field, what the file says instead, and the stored row."""
    rows = db.session.execute(
        text(
            f"SELECT h.line AS feed_line, h.field AS feed_field, h.value AS feed_value, t.* FROM feed_held h"
            f" JOIN feed_classified c ON c.line = h.line JOIN {plan.table} t ON {plan.same_row('c', 't')}"
            " ORDER BY h.line, h.field LIMIT :most"
        ),
        {"most": most},
    ).mappings()
    for row in rows:
        yield row["feed_line"], row["feed_field"], row["feed_value"], {str(name): row[name] for name in row}


def _put_back_held(plan: FeedPlan) -> None:
    """What is kept is as it is stored; a row of which nothing else changes than its constants is kept whole."""
    figures = ", ".join(
        f"{quoted(name)} = CASE WHEN '{name}' = ANY (h.fields) THEN t.{quoted(name)} ELSE c.{quoted(name)} END"
        for name in plan.figures
    )
    others = "ARRAY(SELECT n FROM unnest(c.fields) n WHERE n <> ALL (h.fields))"
    db.session.execute(
        text(
            f"UPDATE feed_classified c SET {figures}, fields = {others},"
            f" verdict = CASE WHEN {others} <@ CAST(:constants AS text[]) THEN '{change.KEPT}' ELSE verdict END"
            " FROM (SELECT line, array_agg(field) AS fields FROM feed_held GROUP BY line) h,"
            f" {plan.table} t WHERE c.line = h.line AND {plan.same_row('c', 't')}"
        ),
        {"constants": list(plan.constants)},
    )


def refuse(plan: FeedPlan) -> None:
    """Refuse what would break a rule of a column or between columns; of a stored row, by what it would hold then."""
    rules: Sequence[str] = getattr(plan.model.rules, "SOUND", ())
    names = (*plan.key, *plan.figures)
    conditions = chain.from_iterable(limits(plan.columns[name], quoted(name)) for name in names)
    needed = (f"{quoted(name)} IS NOT NULL" for name in names if not plan.columns[name].nullable)
    sound = " AND ".join(f"({condition}) IS NOT FALSE" for condition in (*conditions, *needed, *rules))
    db.session.execute(
        text(
            f"UPDATE feed_classified SET verdict = '{change.REFUSED}'"
            f" WHERE verdict IN ('{change.NEW}', '{change.CHANGED}') AND NOT ({sound})"
        )
    )


def refused(plan: FeedPlan, most: int) -> Iterator[tuple[int, Mapping[str, Any], str | None]]:
    """The first refused rows: the line of each, the row as it would be, and why, where no rule of a column says it."""
    yield from _rows(plan, f"verdict = '{change.REFUSED}'", most)


def remarkable(plan: FeedPlan, most: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The first rows that are written and that the rules between columns remark on, as `refused` gives them."""
    condition = getattr(plan.model.rules, "REMARKABLE", None)
    if condition is not None:
        is_written = f"verdict IN ('{change.NEW}', '{change.CHANGED}')"
        for line, row, _reason in _rows(plan, f"{is_written} AND ({condition})", most):
            yield line, row


def _rows(plan: FeedPlan, condition: str, most: int) -> Iterator[tuple[int, Mapping[str, Any], str | None]]:
    names = (*plan.key, *plan.figures)
    rows = db.session.execute(
        text(
            f"SELECT line, reason, {', '.join(map(quoted, names))} FROM feed_classified WHERE {condition}"
            " ORDER BY line LIMIT :most"
        ),
        {"most": most},
    ).mappings()
    for row in rows:
        yield row["line"], {**plan.constants, **{name: row[name] for name in names}}, row["reason"]
