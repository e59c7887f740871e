"""The indicators of few companies after a small change: reckoned in Python, written where something differs.

What it leaves is what `indicators.compute` leaves: a property test holds the two equal. One statement over all formulas
is planned anew in every transaction, which takes PostgreSQL longer than reckoning the rows of a company takes here.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text

from webapp import db
from webapp.indicators import as_rows
from webapp.indicators.as_rows import Known
from webapp.indicators.assembling import Place, Row
from webapp.indicators.indicator import FORMULA_VERSION
from webapp.services.changes.following import indicator_inputs
from webapp.services.changes.following.indicator_columns import COLUMNS, MOST_MOVES, NAMES, ON_CONFLICT
from webapp.services.changes.following.indicator_inputs import AT

# Rows as they are stored, by their numbers: what a statement may ask beside other things.
STORED = (
    f"(SELECT json_agg(r)::text FROM (SELECT {AT}, statuses, {', '.join(NAMES)} FROM financial_indicators"
    " WHERE id = ANY(:numbers)) r)"
)
WRITTEN = text(
    "WITH gone AS (DELETE FROM financial_indicators WHERE id = ANY(:gone)), written AS ("
    f"INSERT INTO financial_indicators ({COLUMNS}) SELECT {COLUMNS}"
    f" FROM jsonb_populate_recordset(NULL::financial_indicators, CAST(:rows AS jsonb)) {ON_CONFLICT})"
    " UPDATE change_sets SET indicator_moves = CAST(:moves AS jsonb) WHERE id = :id"
)


class At(NamedTuple):
    """A place of one company."""

    company_id: int
    place: Place

    @classmethod
    def of(cls, row: Row) -> "At":
        """Where a stored row stands."""
        return cls(row["company_id"], Place.of(row))


class Reckoned(NamedTuple):
    """What was reckoned anew, by its place; the numbers of the rows that it replaces, and of those that go."""

    fresh: Mapping[At, Row]
    replaced: Sequence[int]
    gone: Sequence[int]


def follow(change_set_id: int, companies: Collection[int]) -> Mapping[str, Any] | None:
    """Reckon the indicators of these companies; what was moved, as it is noted, or None where nothing was written."""
    reckoned = reckon(companies)
    stored = db.session.scalar(text(f"SELECT {STORED}"), {"numbers": reckoned.replaced})
    return write(change_set_id, reckoned, stored)


def reckon(companies: Collection[int]) -> Reckoned:
    """Reckon the indicators of these companies, wherever an input has changed; nothing is written yet."""
    of_each, stored = indicator_inputs.of_companies(companies)
    known = {Known(row["statement_id"], row["basis"], row["inputs_digest"]) for row in stored}
    reckoned = {number: as_rows.reckon(inputs, known) for number, inputs in of_each.items()}
    fresh = {At(number, place): row for number, one in reckoned.items() for place, row in one.fresh.items()}
    places = {At(number, place) for number, one in reckoned.items() for place in one.places}
    standing = {row["id"]: At.of(row) for row in stored if row["formula_version"] == FORMULA_VERSION}
    gone = [row["id"] for row in stored if standing.get(row["id"]) not in places]
    return Reckoned(fresh, [number for number, at in standing.items() if at in fresh], gone)


def write(change_set_id: int, reckoned: Reckoned, stored: str | None) -> Mapping[str, Any] | None:
    """Write what was reckoned; what that moves, as it is noted, or None where there is nothing to write.

    `stored`: what PostgreSQL wrote of the rows that it replaces. One that somebody else has taken away meanwhile is not
    among them.
    """
    fresh, gone = reckoned.fresh, reckoned.gone
    if not fresh and not gone:
        return None
    before = {} if stored is None else {At.of(row): row for row in indicator_inputs.rows_of(stored)}
    moves = [move for at in _in_order(before) for move in _moves(at, before[at], fresh[at])]
    noted = {
        "moves": moves[:MOST_MOVES],
        "moved": len(moves),
        "new": len(fresh) - len(before),
        "gone": len(gone),
    }
    rows = json.dumps(list(fresh.values()), default=_plain)
    db.session.execute(WRITTEN, {"id": change_set_id, "gone": gone, "rows": rows, "moves": json.dumps(noted)})
    return noted


def _moves(at: At, stored: Row, fresh: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """What differs, in the order of the declaration."""
    place = at.place._asdict() | {"as_of_on": at.place.as_of_on.isoformat()}
    for name in NAMES:
        was, is_now = stored["statuses"].get(name), fresh["statuses"].get(name)
        if stored[name] == fresh[name] and was == is_now:
            continue
        before, after = (None if one is None else _plain(Decimal(one)) for one in (stored[name], fresh[name]))
        sides = {"before": before, "after": after, "was": was, "is_now": is_now}
        yield {"indicator_id": stored["id"], "company_id": at.company_id, **place, "name": name, **sides}


def _in_order(places: Collection[At]) -> Sequence[At]:
    """The latest day first."""
    alike = sorted(
        places,
        key=lambda at: (at.place.basis, at.place.scope, at.company_id, at.place.accounting_standard),
    )
    return sorted(alike, key=lambda at: at.place.as_of_on, reverse=True)


def _plain(value: Decimal | date) -> str:
    """As PostgreSQL reads and writes it, to its last decimal."""
    return value.isoformat() if isinstance(value, date) else f"{value:f}"
