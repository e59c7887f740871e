"""The indicators of one company as they are stored, in Python: the same rows, to the last decimal, as of `as_sql`."""

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from hashlib import md5
from typing import Any, NamedTuple

from webapp.indicators import assembling, dividends
from webapp.indicators.assembling import Inputs, Place, Row
from webapp.indicators.formulas import INDICATORS
from webapp.indicators.indicator import COUNT, FORMULA_VERSION, OK, OLDER, PRICE
from webapp.rules.expressions import NOW, PRIOR, Facts

ONE = Decimal(1)


class Known(NamedTuple):
    """What is stored of a statement, so that it is not reckoned again: of which basis, and of what."""

    statement_id: int
    basis: str
    digest: str


class Reckoned(NamedTuple):
    """The places that a company has, and a row for each of which something was reckoned anew."""

    places: Collection[Place]
    fresh: dict[Place, dict[str, Any]]


def reckon(inputs: Inputs, known: Collection[Known]) -> Reckoned:
    """The company's places, and the rows of those whose digest is not known."""
    assembled = assembling.assemble(inputs)
    digests = {place: digest_of(facts) for place, facts in assembled.items()}
    fresh = {
        place: _row(place, assembled[place], digest)
        for place, digest in digests.items()
        if Known(assembled[place][NOW]["id"], place.basis, digest) not in known
    }
    return Reckoned(assembled.keys(), fresh)


def digest_of(facts: Facts) -> str:
    """As `as_sql.DIGEST`: the hash of everything that is reckoned with."""
    parts = "/".join(_text(part) for part in _parts(facts) if part is not None)
    return md5(parts.encode(), usedforsecurity=False).hexdigest()


def _parts(facts: Facts) -> Iterator[Any]:
    now, price, count = facts[NOW], facts.get(PRICE), facts[COUNT]
    yield from (FORMULA_VERSION, now["basis"], _versions(now))
    yield from (_versions(facts[part]) for part in (PRIOR, OLDER) if part in facts)
    if price is not None:
        yield from (price["traded_on"], price["close"])
    yield from (count["counted_on"], count["issued"], count["treasury"])
    yield from (ONE, ONE, ONE) if price is None else price["ratios"]
    yield from (now[dividends.OF_YEAR], now[dividends.OF_EARNINGS])


def _versions(period: Row) -> str:
    """The statements that it is derived of, each with its version."""
    return ".".join(f"{part['id']}.{part['version']}" for part in period["parts"] if part is not None)


def _text(part: Any) -> str:
    """As PostgreSQL writes it."""
    if isinstance(part, Decimal):
        return f"{part:f}"
    return part.isoformat() if isinstance(part, date) else str(part)


def _row(place: Place, facts: Facts, digest: str) -> dict[str, Any]:
    computed = {one.name: one.compute(facts) for one in INDICATORS}
    count = facts[COUNT]
    return {
        "company_id": facts[NOW]["company_id"],
        **place._asdict(),
        "formula_version": FORMULA_VERSION,
        "statement_id": facts[NOW]["id"],
        "prior_statement_id": facts.get(PRIOR, {}).get("id"),
        "price_on": facts.get(PRICE, {}).get("traded_on"),
        "shares_on": None if count["issued"] is None else count["counted_on"],
        "inputs_digest": digest,
        **{name: one.value for name, one in computed.items()},
        "statuses": {name: one.status for name, one in computed.items() if one.status != OK},
    }
