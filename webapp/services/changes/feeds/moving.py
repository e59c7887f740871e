"""Rows that have moved since the list was made that comes back: what nobody has typed is as it is stored now.

Only what both have changed is a conflict, and refuses the row.
"""

from sqlalchemy import text

from webapp import db
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_sql
from webapp.services.changes.feeds.plan import FeedPlan, quoted

OF_UNKNOWN_VERSION = Finding(None, "is of a version that is not known here; export the list anew")
CHANGED_BY_BOTH = Finding(
    None,
    "has been changed since the file was exported, in a field that the file changes too; export the list anew",
)
# Reasons by which a row is refused, as conditions on the file's row `f`.
REFUSED = {
    OF_UNKNOWN_VERSION.message: (
        "EXISTS (SELECT 1 FROM feed_moved m WHERE m.line = f.line AND m.row_data IS NULL)"
    ),
    CHANGED_BY_BOTH.message: "EXISTS (SELECT 1 FROM feed_moved m WHERE m.line = f.line AND m.is_of_both)",
}


def lay_over(plan: FeedPlan) -> None:
    """Let received rows of an older version say only what was typed into them; conflicts stand in feed_moved."""
    assert plan.seen_in is not None
    seen = f"f.{quoted(plan.seen_in)}"
    db.session.execute(text("DROP TABLE IF EXISTS pg_temp.feed_moved"))
    moved = db.session.execute(
        text(
            "CREATE TEMPORARY TABLE feed_moved ON COMMIT DROP AS SELECT f.line, v.row_data, false AS is_of_both"
            f" FROM feed_received f JOIN {plan.table} t ON {plan.same_row('f', 't')} LEFT JOIN row_versions v"
            f" ON v.table_name = :table AND v.row_key = {row_sql.key_of(plan.model, 't')} AND v.version = {seen}"
            f" WHERE {seen} <> t.version"
        ),
        {"table": row_codec.table_of(plan.model).name},
    )
    if moved.rowcount:  # type: ignore[attr-defined]  # of what makes a table
        _lay_over(plan)


def _lay_over(plan: FeedPlan) -> None:
    given = [quoted(name) for name in plan.received if name in plan.figures]
    # A column that is younger than the version is as it is stored.
    shown = (
        f" FROM feed_moved m, {plan.table} t, feed_received f, jsonb_populate_record(t, m.row_data) s"
        f" WHERE m.row_data IS NOT NULL AND f.line = m.line AND {plan.same_row('f', 't')}"
    )
    of_both = " OR ".join(
        f"(f.{name} IS DISTINCT FROM s.{name} AND t.{name} IS DISTINCT FROM s.{name}"
        f" AND t.{name} IS DISTINCT FROM f.{name})"
        for name in given
    )
    db.session.execute(
        text(f"UPDATE feed_moved n SET is_of_both = true{shown} AND n.line = m.line AND ({of_both})")
    )
    typed = ", ".join(
        f"{name} = CASE WHEN f.{name} IS DISTINCT FROM s.{name} THEN f.{name} ELSE t.{name} END"
        for name in given
    )
    db.session.execute(text(f"UPDATE feed_received g SET {typed}{shown} AND g.line = f.line"))
