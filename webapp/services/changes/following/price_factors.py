"""What corporate actions multiply prices by: of a day by itself, and from one day to another, for sets."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from webapp import db
from webapp.models.market.corporate_action import CorporateAction
from webapp.rules import corporate_action
from webapp.rules.market import as_sql

SPANS = f"SELECT * FROM jsonb_to_recordset(CAST(:spans AS jsonb)) AS p ({as_sql.SPANS})"
READ = (
    CorporateAction.company_id,
    CorporateAction.ex_on,
    CorporateAction.kind,
    CorporateAction.ratio_from,
    CorporateAction.ratio_to,
)
NAMES = [name.split()[0] for name in as_sql.SPANS.split(", ")]


def of(companies: Iterable[int]) -> Mapping[int, dict[date, Decimal]]:
    """By company and ex-date, what its actions multiply a price by: shares before over shares after."""
    factors: dict[int, dict[date, Decimal]] = defaultdict(dict)
    # Columns, as rows that were read before have been written since.
    actions = select(*READ).where(
        CorporateAction.company_id.in_(list(companies)),
        CorporateAction.kind.in_(corporate_action.OF_EVERY_SHARE),
    )
    for company_id, ex_on, kind, before, after in db.session.execute(actions):
        assert before is not None
        assert after is not None
        # Shares that are allotted come beside those that are there; those of a split stand in their place.
        all_after = after + (before if kind == corporate_action.ALLOTMENT else Decimal(0))
        of_company = factors[company_id]
        of_company[ex_on] = of_company.get(ex_on, Decimal(1)) * (before / all_after)
    return factors


def spans(companies: Iterable[int]) -> str:
    """The parameter of SPANS for these companies."""
    every = (
        [company_id, *(part.isoformat() for part in ends), str(factor)]
        for company_id, factors in of(companies).items()
        for *ends, factor in as_sql.spans_of(factors)
    )
    return json.dumps([dict(zip(NAMES, span, strict=True)) for span in every])
