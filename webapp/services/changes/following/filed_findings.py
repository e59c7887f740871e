"""Findings beside a change: those of rows that go, go; what a steward's value says against a source is told anew.

Findings are derived, and no change set is about them; what people decide on them is a change like any other.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text

from webapp import db
from webapp.models.findings.finding_decision import FindingDecision
from webapp.rules import calendar, change, finding
from webapp.services.changes import row_sql
from webapp.services.changes.row_sql import OF_ITEMS
from webapp.services.changes.row_writing import TableOfItems

# Statements of sets of rules that are looked at together.
KEPT = 256
IDENTITY = ("rule", "origin", "table_name", "row_key", "field")
# What a finding holds of decisions on it.
DECIDED_ON = ("owner_id", "due_on", "waived_until")
HOLDS = "(f.owner_id IS NOT NULL OR f.due_on IS NOT NULL OR f.waived_until IS NOT NULL)"
# What a decision is on: the same rule, source, record and field. Of these only a field may be unknown, and by what is
# known PostgreSQL joins large sets at once; by "is not distinct" alone it compared each with each.
SAME = " AND ".join(
    (
        *(f"{{a}}.{name} = {{b}}.{name}" for name in IDENTITY[:-1]),
        "{a}.field IS NOT DISTINCT FROM {b}.field",
    )
)
DIGEST = (
    "encode(sha256(convert_to(coalesce({observed}::text, '-') || chr(10) || coalesce({expected}::text, '-'), 'UTF8')),"
    " 'hex')"
)
COLUMNS = "rule, table_name, row_key, field, company_id, severity, message, params, observed, expected"

# A company that somebody deletes in this very moment takes its findings along: nothing is filed about it any more.
# It and others are looked for by their keys, one by one, whatever the planner believes of the tables.
STANDING = (
    "standing AS MATERIALIZED (SELECT c.id FROM (SELECT DISTINCT g.company_id FROM found g) g CROSS JOIN LATERAL"
    " (SELECT c.id FROM companies c WHERE c.id = g.company_id OFFSET 0 FOR KEY SHARE SKIP LOCKED) c)"
)
# Whether a value of few rows has ever differed from its source: of most none has, and that is asked in no time.
HAVE_DIFFERED = (
    "EXISTS (SELECT FROM (SELECT i.* FROM change_set_items i WHERE i.change_set_id = :id AND i.table_name = t.name"
    " OFFSET 0) i CROSS JOIN LATERAL (SELECT FROM findings f WHERE f.table_name = i.table_name"
    f" AND f.row_key = i.row_key AND f.rule = '{finding.STEWARD_AGAINST_SOURCE}' OFFSET 0) f)"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Of which findings a look has been taken: those of a source for which a condition on findings `f` holds."""

    where: str
    origin: str = ""


class Found(NamedTuple):
    """What is found as a SELECT of COLUMNS, and its parameters."""

    select: str
    facts: Mapping[str, Any]


def note(tables: Sequence[TableOfItems], differed: Collection[str]) -> None:
    """Let findings follow a change set whose rows, and what stewards have set in them, are written.

    `differed`: the tables of few rows of which a value has ever differed from its source.
    """
    for table in tables:
        is_compared = table.number > row_sql.MANY or table.name in differed
        if not (is_compared or change.DELETE in table.contents or table.model is FindingDecision):
            continue
        with row_sql.planned_for(1):
            if change.DELETE in table.contents:
                _forget(table)
            if is_compared:
                _compare(table)
            if table.model is FindingDecision:
                settle(f"{HOLDS} OR {DECIDED}")


DECIDED = f"EXISTS (SELECT 1 FROM finding_decisions d WHERE {SAME.format(a='d', b='f')})"


def _forget(table: TableOfItems) -> None:
    going = (
        "DELETE FROM findings f USING change_set_items i"
        f" WHERE {OF_ITEMS} AND i.action = 'delete' AND f.table_name = :table AND f.row_key = i.row_key"
    )
    db.session.execute(text(going), table.items)


def _compare(table: TableOfItems) -> None:
    """Close what was released or now agrees with its source, open it where it differs again; figures as they are."""
    agrees = row_sql.holds(table.model, "jsonb_build_object(f.field, f.expected)")
    digest = DIGEST.format(observed="n.value", expected="f.expected")
    comparing = (
        f"UPDATE findings f SET observed = n.value, digest = {digest},"
        " closed_at = CASE WHEN NOT n.holds THEN coalesce(f.closed_at, now()) END,"
        " status = CASE WHEN n.holds THEN 'open' ELSE 'closed' END"
        f" FROM (SELECT f.id, w.whole -> f.field AS value, NOT ({agrees}) AND EXISTS (SELECT 1 FROM steward_values v"
        " WHERE v.table_name = f.table_name AND v.row_key = f.row_key AND v.field = f.field) AS holds"
        " FROM change_set_items i JOIN findings f ON f.table_name = i.table_name AND f.row_key = i.row_key"
        f" JOIN {table.name} t ON {row_sql.same_row(table.model)}"
        f" CROSS JOIN LATERAL (SELECT {row_sql.as_json(table.model)} AS whole) w"
        f" WHERE {OF_ITEMS} AND f.rule = :rule) n WHERE f.id = n.id RETURNING f.id"
    )
    facts = {**table.items, "rule": finding.STEWARD_AGAINST_SOURCE}
    numbers = db.session.scalars(text(comparing), facts).all()
    if numbers:
        settle("f.id = ANY(:numbers)", {"numbers": list(numbers)})


def settle(which: str, facts: Mapping[str, Any] | None = None) -> int:
    """Let findings `f` for which this condition holds be as was decided on them: owner, due date, waiver, state.

    How many of them are otherwise now.

    Of several decisions that on these very figures counts, then the latest.
    """
    settling = (
        "UPDATE findings f SET owner_id = n.owner_id, due_on = n.due_on, waived_until = n.waived_until,"
        " status = n.status FROM (SELECT f.id, d.owner_id, d.due_on,"
        " CASE WHEN d.digest = f.digest THEN d.waived_until END AS waived_until,"
        " CASE WHEN f.closed_at IS NOT NULL THEN 'closed'"
        " WHEN d.digest = f.digest AND d.waived_until >= :today THEN 'waived' ELSE 'open' END AS status"
        " FROM findings f LEFT JOIN LATERAL (SELECT d.* FROM finding_decisions d"
        f" WHERE {SAME.format(a='d', b='f')}"
        " ORDER BY (d.digest = f.digest) DESC, d.changed_at DESC, d.id DESC LIMIT 1) d ON true"
        f" WHERE {which}) n WHERE f.id = n.id AND (f.owner_id, f.due_on, f.waived_until, f.status)"
        " IS DISTINCT FROM (n.owner_id, n.due_on, n.waived_until, n.status)"
    )
    result: Any = db.session.execute(text(settling), {**(facts or {}), "today": calendar.today()})
    return int(result.rowcount)


def refresh(scope: Scope, selected: str, facts: Mapping[str, Any], *, is_wide: bool = False) -> None:
    """File what a SELECT of COLUMNS finds, and close what stood open in the scope and is not found again.

    Of many rows, `is_wide`: PostgreSQL takes what stands for a single finding, and would hold each beside all others.
    """
    parameters = {**facts, "origin": scope.origin}
    with row_sql.planned_for(row_sql.MANY + 1) if is_wide else nullcontext():
        is_decided_on = db.session.scalar(_refreshing(scope.where, selected), parameters)
    if not is_decided_on:
        return
    in_scope = f"f.origin = :origin AND ({scope.where})"
    settle(in_scope, parameters)


@lru_cache(maxsize=KEPT)
def _refreshing(where: str, selected: str) -> TextClause:
    """Worked out once: rules as SQL are tens of thousands of characters."""
    digest = DIGEST.format(observed="g.observed", expected="g.expected")
    returning = f"RETURNING {', '.join(f'f.{name}' for name in (*IDENTITY, *DECIDED_ON))}"
    return text(
        f"WITH found AS MATERIALIZED ({selected}), {STANDING},"
        f" filed AS (INSERT INTO findings AS f (origin, {COLUMNS}, digest, status, first_seen_at, last_seen_at)"
        f" SELECT :origin, {COLUMNS}, {digest}, 'open', now(), now() FROM found g"
        " WHERE g.company_id IS NULL OR g.company_id IN (SELECT id FROM standing)"
        " ON CONFLICT ON CONSTRAINT uq_findings_identity DO UPDATE SET company_id = excluded.company_id,"
        " severity = excluded.severity, message = excluded.message, params = excluded.params,"
        " observed = excluded.observed, expected = excluded.expected, digest = excluded.digest, status = 'open',"
        f" last_seen_at = excluded.last_seen_at, closed_at = NULL {returning}),"
        " closed AS (UPDATE findings f SET closed_at = now(), status = 'closed'"
        f" WHERE f.closed_at IS NULL AND f.origin = :origin AND ({where}) AND NOT EXISTS (SELECT 1"
        f" FROM (SELECT :origin AS origin, * FROM found) g WHERE {SAME.format(a='g', b='f')}) {returning}),"
        " touched AS (SELECT * FROM filed UNION ALL SELECT * FROM closed)"
        f" SELECT EXISTS (SELECT FROM touched f WHERE {HOLDS})"
        f" OR EXISTS (SELECT FROM touched f JOIN finding_decisions d ON {SAME.format(a='d', b='f')})"
    )
