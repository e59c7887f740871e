"""Keep the classified rows of a feed that waits, bring them back when it is written, and drop them when it is decided.

What was shown is what may be written: a row that has moved since is written where its fields stand as they were shown.
"""

from sqlalchemy import text

from webapp import db
from webapp.rules import change
from webapp.services.changes import row_sql
from webapp.services.changes.feeds import classifying, receiving
from webapp.services.changes.feeds.plan import FeedPlan, quoted
from webapp.services.changes.proposals import Moved


def keep(plan: FeedPlan, change_set_id: int) -> None:
    """Store what is classified, for a change set that waits."""
    after = f"to_jsonb(c) - ARRAY[{', '.join(map(repr, classifying.OWN))}]"
    before = "SELECT jsonb_object_agg(n, to_jsonb(t) -> n) FROM unnest(c.fields) n"
    db.session.execute(
        text(
            "INSERT INTO feed_rows (change_set_id, line, verdict, base_version, before, after)"
            " SELECT :id, c.line, c.verdict, c.base_version,"
            f" CASE WHEN c.fields IS NULL THEN '{{}}' ELSE coalesce(({before}), '{{}}') END,"
            f" jsonb_strip_nulls({after}) FROM feed_classified c"
            f" LEFT JOIN {plan.table} t ON {plan.same_row('c', 't')}"
        ),
        {"id": change_set_id},
    )


def bring_back(plan: FeedPlan, change_set_id: int) -> None:
    """Receive once more what was to be written of a feed that waits."""
    receiving.begin(plan)
    names = ", ".join(map(quoted, (*plan.key, *plan.figures)))
    keys = ", ".join(f"f.{quoted(name)}" for name in plan.key)
    figures = ", ".join(
        _as_shown(name) if plan.blanks_count else f"f.{quoted(name)}" for name in plan.figures
    )
    db.session.execute(
        text(
            f"INSERT INTO feed_received (line, {names}) SELECT r.line, {keys}, {figures} FROM feed_rows r"
            " CROSS JOIN LATERAL jsonb_populate_record(NULL::pg_temp.feed_received, r.after) f"
            f" LEFT JOIN {plan.table} t ON {plan.same_row('f', 't')}"
            f" WHERE r.change_set_id = :id AND r.verdict IN ('{change.NEW}', '{change.CHANGED}')"
        ),
        {"id": change_set_id},
    )
    db.session.execute(text(f"ANALYZE feed_received {plan.analyzed()}"))


def _as_shown(name: str) -> str:
    """What nobody has typed into a list is as it is stored now, whoever has changed it meanwhile."""
    is_given = f"t.version IS NULL OR r.base_version IS NULL OR r.before ? '{name}'"
    return f"CASE WHEN {is_given} THEN f.{quoted(name)} ELSE t.{quoted(name)} END"


def leave_gone(change_set_id: int) -> int:
    """Let rows that were shown as stored, and have been deleted since, stay so; how many they are."""
    gone = db.session.execute(
        text(
            f"UPDATE feed_classified c SET verdict = '{change.LEFT}', reason = 'deleted_meanwhile' FROM feed_rows r"
            f" WHERE r.change_set_id = :id AND r.line = c.line AND r.verdict = '{change.CHANGED}'"
            f" AND c.verdict = '{change.NEW}'"
        ),
        {"id": change_set_id},
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # of an UPDATE


def require_as_shown(plan: FeedPlan, change_set_id: int) -> None:
    """Raise Moved where a field would be written that was not shown, or no longer stands as it was shown."""
    # Constants are written wherever a figure is, and are told of the feed as a whole.
    written = "ARRAY(SELECT n FROM unnest(c.fields) n WHERE n <> ALL (CAST(:constants AS text[])))"
    names = "ARRAY(SELECT jsonb_object_keys(r.before))"
    shown = f"(SELECT coalesce(jsonb_object_agg(n, r.before -> n), '{{}}') FROM unnest({written}) n)"
    stands = f"({written} <@ {names} AND {row_sql.holds(plan.model, shown)})"
    moved = db.session.scalar(
        text(
            f"SELECT EXISTS (SELECT 1 FROM feed_classified c JOIN feed_rows r ON r.line = c.line"
            f" JOIN {plan.table} t ON {plan.same_row('c', 't')} WHERE r.change_set_id = :id"
            f" AND c.verdict = '{change.CHANGED}' AND c.base_version IS DISTINCT FROM r.base_version"
            f" AND NOT {stands})"
        ),
        {"id": change_set_id, "constants": list(plan.constants)},
    )
    if moved:
        raise Moved()


def forget(change_set_id: int) -> None:
    """Drop the rows of a feed that has been decided on."""
    db.session.execute(text("DELETE FROM feed_rows WHERE change_set_id = :id"), {"id": change_set_id})
