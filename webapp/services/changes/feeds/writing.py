"""Write classified rows into their table, in parts, and count that none has moved."""

from webapp import db
from webapp.rules import change
from webapp.services.changes import row_codec
from webapp.services.changes.feeds import parts
from webapp.services.changes.feeds.parts import OF_PART
from webapp.services.changes.feeds.plan import FeedPlan, quoted, type_of
from webapp.services.changes.feeds.summarizing import Summary
from webapp.services.changes.proposals import Moved
from webapp.services.changes.row_sql import AS_USUAL, BY_KEY, PER_ROW
from webapp.services.changes.row_writing import OnRows


def write(plan: FeedPlan, change_set_id: int, summed: Summary, on_rows: OnRows) -> None:
    """Write what is new and what changes, for a change set. Raises Moved, and Refused where the database refuses."""
    new, changed = summed.verdicts[change.NEW], summed.verdicts[change.CHANGED]
    created = updated = 0
    db.set_locally({"app.change_set_id": str(change_set_id), **BY_KEY, **PER_ROW})
    on_rows(0, new + changed)
    with parts.refusing(plan.model):
        in_parts = [{**plan.parameters, **part} for part in parts.of("feed_classified") if new or changed]
        letting_go, others = _passes(plan)
        for facts in in_parts if letting_go and changed else ():
            updated += parts.run(f"{_update(plan)} AND {letting_go}", facts)
            on_rows(updated, new + changed)
        for facts in in_parts:
            created += parts.run(_insert(plan), facts) if new else 0
            updated += parts.run(f"{_update(plan)} AND {others}", facts) if changed else 0
            on_rows(created + updated, new + changed)
    db.set_locally({"app.change_set_id": "", **AS_USUAL})
    if (created, updated) != (new, changed):
        raise Moved()


def _passes(plan: FeedPlan) -> tuple[str | None, str]:
    """Which changed rows are written before all others, because they let go of what one row at most may have."""
    flag = row_codec.exclusive_flag(plan.model)
    if flag not in plan.figures:
        return None, "true"
    return f"t.{flag} AND NOT c.{flag}", f"NOT (t.{flag} AND NOT c.{flag})"


def _insert(plan: FeedPlan) -> str:
    given, named = (*plan.key, *plan.figures), (*plan.constants, *plan.defaults)
    values = (*(f"c.{quoted(name)}{_cast(plan, name)}" for name in given), *map(plan.constant, named))
    return (
        f"INSERT INTO {plan.table} ({', '.join(map(quoted, (*given, *named)))}) SELECT {', '.join(values)}"
        f" FROM feed_classified c WHERE {OF_PART} AND c.verdict = '{change.NEW}'"
    )


def _update(plan: FeedPlan) -> str:
    figures = (f"{quoted(name)} = c.{quoted(name)}{_cast(plan, name)}" for name in plan.figures)
    # A constant that a steward set otherwise is no longer among the fields that change.
    constants = (
        f"{quoted(name)} = CASE WHEN '{name}' = ANY (c.fields) THEN {plan.constant(name)} ELSE t.{quoted(name)} END"
        for name in plan.constants
    )
    return (
        f"UPDATE {plan.table} t SET {', '.join((*figures, *constants))} FROM feed_classified c"
        f" WHERE {OF_PART} AND c.verdict = '{change.CHANGED}' AND {plan.same_row('c', 't')}"
        " AND t.version = c.base_version"
    )


def _cast(plan: FeedPlan, name: str) -> str:
    return f"::{type_of(plan.columns[name])}"
