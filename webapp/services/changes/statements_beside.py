"""What stands beside statements that are typed: the stored rows, and what became of shares, that rules compare with."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import text

from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.accounting import beside_sql, catalogue
from webapp.rules.accounting.rule import COMPARED
from webapp.rules.expressions import ACTIONS, MARKET, NOW, PRIOR, Facts
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec

Row = Mapping[str, Any]
# What tells which rows stand beside one; without the first of them none does.
KEYS = (
    "company_id", "fiscal_year_start_on", "fiscal_year_end_on", "period_type", "period_end_on", "scope",
    "accounting_standard", "currency", "based_on_id", "revision_type", "announced_on",
)  # fmt: skip
PARTS = ", ".join(f"to_jsonb({part}) AS {part}" for part in (*COMPARED, ACTIONS, MARKET))
# Whether other rows are laid over it, of whoever asks what stands beside it corrects its figures. By itself (OFFSET 0):
# PostgreSQL takes the rows that are given for a hundred, and would read every statement once rather than seek them.
IS_BELOW = (
    "EXISTS (SELECT FROM financial_statements above WHERE above.based_on_id = {}.id OFFSET 0) AS is_below"
)
BESIDE = text(
    f"SELECT DISTINCT ON (r.place) r.place, {PARTS}, {IS_BELOW.format(NOW)}"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (place int, whole jsonb)"
    f" CROSS JOIN LATERAL jsonb_populate_record(NULL::{beside_sql.STATEMENTS}, r.whole) AS {NOW}"
    f"{''.join(beside_sql.JOINS.values())} ORDER BY r.place, {PRIOR}.fiscal_year_end_on DESC"
)


class Beside(NamedTuple):
    """What a statement breaks beside what is stored, and whether others are laid over it."""

    findings: list[Finding]
    is_below: bool


def look(rows: Sequence[Row]) -> Iterator[Beside]:
    """What stands beside each of these statements; what it breaks by itself is not among it."""
    for facts, is_below in _facts(rows):
        yield Beside(list(catalogue.check(facts, catalogue.COMPARING)), is_below)


def _facts(rows: Sequence[Row]) -> Iterator[tuple[Facts, bool]]:
    asked = [{"place": place, "whole": _keys(row)} for place, row in enumerate(rows) if _is_known(row)]
    beside: dict[int, Row] = {}
    below: set[int] = set()
    if asked:
        for stored in db.session.execute(BESIDE, {"rows": json.dumps(asked)}):
            beside[stored.place] = dict(_decoded(stored._mapping))
            below |= {stored.place} if stored.is_below else set()
    for place, row in enumerate(rows):
        yield {NOW: row, **beside.get(place, {})}, place in below


def _is_known(row: Row) -> bool:
    """Whether it says enough of itself; what belongs to a company that is not stored yet has nothing beside it."""
    return isinstance(row.get("company_id"), int) and row.get("fiscal_year_end_on") is not None


def _keys(row: Row) -> dict[str, Any]:
    return row_codec.encode({name: row.get(name) for name in ("id", *KEYS)})


def _decoded(row: Mapping[Any, Any]) -> Iterable[tuple[str, Row]]:
    for part in COMPARED:
        if row[part] is not None:
            yield part, row_codec.decode(FinancialStatement, row[part])
    for part in (ACTIONS, MARKET):
        if row[part] is not None:
            yield part, {name: str(number) for name, number in row[part].items()}
