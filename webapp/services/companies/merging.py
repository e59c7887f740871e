"""Merge two rows that are one company: all that belongs to the one follows the other, in one change set.

This is for a company that stands twice, not for 合併 (会社法 第2条第27号, 第28号): there one of two real companies
goes, and keeps its own row, figures and history.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select

from webapp import db
from webapp.models.columns import Curated
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.models.filing import Filing
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import IDENTITY, FinancialStatement
from webapp.models.stock_price import StockPrice
from webapp.rules import calendar, change, company_name, names
from webapp.rules.findings import Finding
from webapp.services.changes import door, proposing, references, row_codec
from webapp.services.changes.door import Outcome
from webapp.services.changes.proposals import Intent, Refused, Wish
from webapp.services.changes.row_codec import Key

Row = Mapping[str, Any]
# A price that follows is two items: it goes, and comes under its new key.
MOST_ROWS = 20_000
# What tells one statement of a company, or one price, from another.
STATEMENT = (*IDENTITY[1:], "revision_no")
DAY = ("traded_on",)
# The tables of which the page asks, or that have a way of their own to follow.
CHOSEN: frozenset[type[db.Base]] = frozenset((CompanyName, Filing, FinancialStatement, StockPrice))
# What is not chosen: it follows from other fields.
SILENT = row_codec.derived_names(Company)


@dataclass(frozen=True, slots=True)
class Pair:
    """The row that goes and the row that stays, as they are stored."""

    loser: Row
    winner: Row

    @property
    def differing(self) -> list[str]:
        """The fields in which both say something, and not the same."""
        fields = (name for name in fields_of_companies() if self.loser[name] != self.winner[name])
        return [name for name in fields if self.loser[name] is not None and self.winner[name] is not None]

    @property
    def filled(self) -> list[str]:
        """The fields that only the row that goes knows: they are taken over."""
        only = (name for name in fields_of_companies() if self.winner[name] is None)
        return [name for name in only if self.loser[name] is not None]


@dataclass(frozen=True, slots=True)
class Belongings:
    """What belongs to the row that goes, by table, and what of it the other has too: statements and days."""

    numbers: Mapping[type[db.Base], int]
    statements: list[tuple[Row, Row]]
    days: list[tuple[Row, Row]]

    @property
    def differing_days(self) -> list[tuple[Row, Row]]:
        """Days whose prices differ."""
        names_of_prices = [c.name for c in row_codec.curated_columns(StockPrice) if c.name != "company_id"]
        return [
            (mine, other)
            for mine, other in self.days
            if any(mine[name] != other[name] for name in names_of_prices)
        ]


@dataclass(frozen=True, slots=True)
class Choices:
    """What is taken of the row that goes: fields by name, statements by number, prices by day, or all other days."""

    fields: frozenset[str] = frozenset()
    statements: frozenset[int] = frozenset()
    days: Mapping[Any, bool] = field(default_factory=dict)
    other_days: bool = False


def fields_of_companies() -> list[str]:
    """The fields of a company that somebody chooses between."""
    return [column.name for column in row_codec.curated_columns(Company) if column.name not in SILENT]


def pair(loser: int, winner: int) -> Pair | None:
    """The two rows; None where one of them is not there, or they are one."""
    stored = proposing.fetch(Company, [(loser,), (winner,)])
    return None if len(stored) != 2 else Pair(stored[loser,], stored[winner,])


def belongings(pair: Pair) -> Belongings:
    """What follows the row that goes, counted, with what both have."""
    both = (
        _both(pair, model, identity)
        for model, identity in ((FinancialStatement, STATEMENT), (StockPrice, DAY))
    )
    return Belongings(_numbers(pair), *both)


def _numbers(pair: Pair) -> Mapping[type[db.Base], int]:
    """How many rows of each table belong to the row that goes, each counted up to one more than are merged."""
    refers = references.to(Company, [(pair.loser["id"],)])
    return {child: references.count(child, condition, up_to=MOST_ROWS + 1) for child, condition in refers}


def merge(pair: Pair, choices: Choices, intent: Intent) -> Outcome:
    """Carry the merge out as one change set, or say why not. It is undone as one, like any other.

    Indicators of the row that goes are computed anew, so they go without a trace. Raises nothing.
    """
    if sum(_numbers(pair).values()) > MOST_ROWS:
        message = "more than %(most)s records belong to “%(record)s”: merge the other one into it"
        called = Company.naming.of_values(pair.loser)
        return Refused([Finding(None, message, {"most": f"{MOST_ROWS:,}", "record": called})])
    wishes = [*_companies(pair, choices), *_names(pair, choices), *_filings(pair)]
    wishes += [*_statements(pair, choices), *_prices(pair, choices), *_others(pair)]
    return door.settle(lambda: _written(pair, wishes, intent))


def _written(pair: Pair, wishes: list[Wish], intent: Intent) -> Any:
    db.session.execute(delete(FinancialIndicator).where(FinancialIndicator.company_id == pair.loser["id"]))
    return door.write(proposing.propose(wishes, intent))


def _companies(pair: Pair, choices: Choices) -> Iterator[Wish]:
    taken = {
        name: pair.loser[name] for name in (*pair.filled, *pair.differing) if _is_taken(name, pair, choices)
    }
    for row, action, values in ((pair.loser, change.DELETE, {}), (pair.winner, change.UPDATE, taken)):
        yield Wish(Company, action, values, (row["id"],), row["version"])


def _is_taken(name: str, pair: Pair, choices: Choices) -> bool:
    return pair.winner[name] is None or name in choices.fields


def _names(pair: Pair, choices: Choices) -> Iterator[Wish]:
    """The former names of the row that goes, and its own where the company has others: with our number of it."""
    own, other = (list(_rows(CompanyName, row["id"])) for row in (pair.loser, pair.winner))
    there = {(row["kind"], row["value"]) for row in other}
    # What the row that stays lets go of is kept by the door.
    there |= {(kind, pair.winner[kind]) for kind in choices.fields & set(company_name.KEPT)}
    for row in own:
        if (row["kind"], row["value"]) in there:
            yield Wish(CompanyName, change.DELETE, {}, (row["id"],), row["version"])
        else:
            there.add((row["kind"], row["value"]))
            yield _following(CompanyName, row, (row["id"],), pair)
    passing = {"valid_until": calendar.today(), "company_id": pair.winner["id"]}
    for kind in (*company_name.KEPT, company_name.NUMBER):
        value = str(pair.loser[kind] or "")
        if value and (kind, value) not in there and not _is_kept(kind, value, pair, choices):
            yield Wish(CompanyName, change.CREATE, {"kind": kind, "value": value, **passing})


def _is_kept(kind: str, value: str, pair: Pair, choices: Choices) -> bool:
    """Whether the company is called so in the end."""
    if kind == company_name.NUMBER:
        return False
    stays = str(pair.loser[kind] if _is_taken(kind, pair, choices) else pair.winner[kind])
    return value == stays if kind in company_name.CODES else names.key(value) == names.key(stays)


def _filings(pair: Pair) -> Iterator[Wish]:
    for row in _rows(Filing, pair.loser["id"]):
        yield _following(Filing, row, (row["doc_id"],), pair)


def _statements(pair: Pair, choices: Choices) -> Iterator[Wish]:
    both = {mine["id"]: other for mine, other in _both(pair, FinancialStatement, STATEMENT)}
    for row in _rows(FinancialStatement, pair.loser["id"]):
        other = both.get(row["id"])
        if other is None or row["id"] in choices.statements:
            yield _following(FinancialStatement, row, (row["id"],), pair)
        gone = row if row["id"] not in choices.statements else other
        if other is not None and gone is not None:
            yield Wish(FinancialStatement, change.DELETE, {}, (gone["id"],), gone["version"])


def _prices(pair: Pair, choices: Choices) -> Iterator[Wish]:
    both = {mine["traded_on"]: other for mine, other in _both(pair, StockPrice, DAY)}
    names_of_prices = [
        c.name for c in row_codec.curated_columns(StockPrice) if c.name not in ("company_id", *DAY)
    ]
    for row in _rows(StockPrice, pair.loser["id"]):
        day, other = row["traded_on"], both.get(row["traded_on"])
        yield Wish(StockPrice, change.DELETE, {}, (row["company_id"], day), row["version"])
        values = {name: row[name] for name in names_of_prices}
        key = {"company_id": pair.winner["id"], "traded_on": day}
        if other is None:
            yield Wish(StockPrice, change.CREATE, {**key, **values})
        elif choices.days.get(day, choices.other_days):
            yield Wish(StockPrice, change.UPDATE, values, (other["company_id"], day), other["version"])


def _others(pair: Pair) -> Iterator[Wish]:
    """The rows of every other curated table: what both have of one kind is refused with the record that is there."""
    for model, _pairs in references.columns_to(Company):
        if issubclass(model, Curated) and model not in CHOSEN:
            for row in _rows(model, pair.loser["id"]):
                yield _following(model, row, row_codec.key_of(model, row), pair)


def _following(model: type[db.Base], row: Row, key: Key, pair: Pair) -> Wish:
    return Wish(model, change.UPDATE, {"company_id": pair.winner["id"]}, key, row["version"])


def _rows(model: type[db.Base], company_id: int) -> Iterator[Row]:
    table = row_codec.table_of(model)
    rows = select(table).where(table.c.company_id == company_id).order_by(*table.primary_key.columns)
    for row in db.session.execute(rows).mappings():
        yield {str(name): value for name, value in row.items()}


def _both(pair: Pair, model: type[db.Base], identity: tuple[str, ...]) -> list[tuple[Row, Row]]:
    """The rows that both have, of the one that goes first."""
    others = {tuple(row[name] for name in identity): row for row in _rows(model, pair.winner["id"])}
    own = ((tuple(row[name] for name in identity), row) for row in _rows(model, pair.loser["id"]))
    return [(row, others[same]) for same, row in own if same in others]
