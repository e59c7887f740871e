"""How complete the annual statements are: of each expected figure the share that is filled, by kind and company."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.rules.disclosure.expected_fields import FIELDS, LAYOUT_SQL, LAYOUTS

# As many as somebody looks after in one go.
MOST_COMPANIES = 50
CHOSEN = (
    f"SELECT s.*, {LAYOUT_SQL} AS layout FROM financial_statements s"
    " WHERE s.is_current AND s.period_type = 'FY' AND s.scope = :scope AND s.fiscal_year_end_on > :since"
)
BY_FIELD = (
    f"SELECT c.layout, count(*), {', '.join(f'count(c.{field})' for field in FIELDS)}"
    f" FROM ({CHOSEN}) c GROUP BY c.layout"
)
BY_COMPANY = (
    "SELECT c.company_id, count(*) AS statements, sum({filled}) AS filled, sum({expected}) AS expected"
    f" FROM ({CHOSEN}) c GROUP BY c.company_id HAVING sum({{filled}}) < sum({{expected}})"
    " ORDER BY sum({filled})::numeric / sum({expected}), c.company_id LIMIT :most"
)


@dataclass(frozen=True, slots=True)
class OfLayout:
    """The statements of one kind: how many there are, and of each expected figure how many hold it."""

    name: str
    number: int
    filled: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class OfCompany:
    """A company's statements: how many of their expected figures are filled."""

    company_id: int
    statements: int
    filled: int
    expected: int


def by_field(scope: str, since: date) -> list[OfLayout]:
    """Every kind of which there are statements whose fiscal year ended after a day."""
    rows = {row[0]: row for row in db.session.execute(text(BY_FIELD), {"scope": scope, "since": since})}
    return [_of_layout(name, rows[name], scope) for name in LAYOUTS if name in rows]


def _of_layout(name: str, row: Sequence[Any], scope: str) -> OfLayout:
    filled = dict(zip(FIELDS, row[2:], strict=True))
    return OfLayout(name, row[1], {field: filled[field] for field in LAYOUTS[name].of_scope(scope)})


def by_company(scope: str, since: date) -> list[OfCompany]:
    """The companies that lack most of what is expected, first."""
    filled = _by_layout(scope, lambda fields: f"num_nonnulls({', '.join(f'c.{one}' for one in fields)})")
    expected = _by_layout(scope, lambda fields: str(len(fields)))
    asking = text(BY_COMPANY.format(filled=filled, expected=expected))
    rows = db.session.execute(asking, {"scope": scope, "since": since, "most": MOST_COMPANIES})
    return [OfCompany(row.company_id, row.statements, int(row.filled), int(row.expected)) for row in rows]


def _by_layout(scope: str, of_fields: Any) -> str:
    cases = " ".join(f"WHEN '{name}' THEN {of_fields(one.of_scope(scope))}" for name, one in LAYOUTS.items())
    return f"CASE c.layout {cases} END"
