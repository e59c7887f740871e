"""Load the seed: industries, six real companies with their annual figures, two fictional ones with prices.

The seed only ever creates rows that are missing. A row that is there stays as stewards have made it, and a row that
somebody deleted stays deleted; so it may be loaded again at any time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select

from webapp import db
from webapp.files import seed_tables
from webapp.files.seed_tables import SeedRow
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.company import Company
from webapp.models.filing import Filing
from webapp.models.financial_statement import IDENTITY, FinancialStatement
from webapp.models.industry import Industry
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.rules import change
from webapp.services.changes import door, proposing, row_codec
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Author, Intent, Wish

SEED = Path(__file__).parents[2] / "seed"
CONTENTS = "contents.csv"
AUTHOR = Author("seed")

# How a row is recognised, the surest way first. A stored row answers to its surest name only: a company that has an
# EDINET code is not taken for another one because of a securities code, which may pass from one to the next.
RECOGNISED_BY: Mapping[type[db.Base], tuple[tuple[str, ...], ...]] = {
    Industry: (("code",),),
    Company: (("edinet_code",), ("ticker_symbol",)),
    Filing: (("doc_id",),),
    FinancialStatement: (IDENTITY,),
    StockPrice: (("company_id", "traded_on"),),
    CorporateAction: (("company_id", "ex_on", "kind"),),
    SharesOutstanding: (("company_id", "as_of_on"),),
}

Values = dict[str, Any]
Identity = tuple[tuple[str, ...], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file of the seed: rows created, found there, and left out because somebody deleted them."""

    file: str
    table_name: str
    created: int
    kept: int
    left_out: int
    change_set_id: int | None


@dataclass(frozen=True, slots=True)
class _Part:
    """One file of the seed, the table it is for, and where it comes from."""

    directory: Path
    file: str
    model: type[db.Base]
    figures: str | None
    source: str

    def rows(self) -> list[SeedRow]:
        return seed_tables.read(self.file, (self.directory / self.file).read_bytes())


def load(directory: Path = SEED) -> list[Outcome]:
    """Create what is missing, file by file, each in a change set of its own, inside the transaction of `door.settle`.

    Raises BrokenSeed where the files are not as they should be, and Refused where a row breaks a rule.
    """
    outcomes = []
    companies: dict[str, int | None] = {}
    for part in _parts(directory):
        rows = list(_rows(part, companies))
        outcomes.append(_plant(part, rows))
        if part.model is Company:
            companies |= _references(rows)
    return outcomes


def _parts(directory: Path) -> Iterator[_Part]:
    """The files in the order in which they refer to one another."""
    for row in seed_tables.read(CONTENTS, (directory / CONTENTS).read_bytes()):
        models = [model for model in RECOGNISED_BY if row_codec.table_of(model).name == row.needed("table")]
        if not models:
            raise row.broken(f"there is no seed for {row.needed('table')}")
        figures = row.cells.get("figures")
        yield _Part(directory, row.needed("file"), models[0], figures, row.needed("source"))


def _rows(part: _Part, companies: Mapping[str, int | None]) -> Iterator[Values]:
    """The rows as typed values; `company_id` is None where the company has been deleted."""
    figures = _figures(part) if part.figures else {}
    for row in part.rows():
        name = row.needed("statement") if part.figures else None
        headings = set(row.cells) - {"company", "statement"}
        values = {heading: _typed(part.model, row, heading) for heading in sorted(headings)}
        if "company" in row.cells:
            if row.cells["company"] not in companies:
                raise row.broken(f"no company of the seed is called {row.cells['company']}")
            values["company_id"] = companies[row.cells["company"]]
        yield values | (figures.pop(name, {}) if name else {})
    if figures:
        raise seed_tables.BrokenSeed(f"{part.figures}: there is no statement {', '.join(sorted(figures))}")


def _typed(model: type[db.Base], row: SeedRow, heading: str, cell: str | None = None) -> Any:
    column = row_codec.table_of(model).columns.get(heading)
    if column is None:
        raise row.broken(f"{row_codec.table_of(model).name} has no {heading}")
    return row.value(cell or heading, column.type.python_type)


def _figures(part: _Part) -> dict[str, Values]:
    """The figures of each statement, and in `sources` the filing, element and context of each."""
    assert part.figures is not None
    by_statement: dict[str, Values] = {}
    for row in seed_tables.read(part.figures, (part.directory / part.figures).read_bytes()):
        statement, name = row.needed("statement"), row.needed("field")
        values = by_statement.setdefault(statement, {"sources": {}})
        if name in values:
            raise row.broken(f"{statement} has {name} twice")
        values[name] = _typed(part.model, row, name, "value")
        if "element" in row.cells:
            source = {"element": row.needed("element"), "context": row.needed("context")}
            values["sources"][name] = {"filing": statement, **source}
    return by_statement


def _plant(part: _Part, rows: Sequence[Values]) -> Outcome:
    there = _recognised(part.model, _stored(part.model, rows))
    gone = _recognised(part.model, _deleted(part.model))
    missing = [row for row in rows if not there.keys() & set(_identities(part.model, row))]
    new = [row for row in missing if _has_owner(row) and not gone.keys() & set(_identities(part.model, row))]
    intent = Intent("seed", AUTHOR, reason=f"Starter data: {part.file}", source=part.source)
    written = door.write(proposing.propose([Wish(part.model, change.CREATE, row) for row in new], intent))
    return Outcome(
        file=part.file,
        table_name=row_codec.table_of(part.model).name,
        created=len(new),
        kept=len(rows) - len(missing),
        left_out=len(missing) - len(new),
        change_set_id=written.number if isinstance(written, Applied) else None,
    )


def _has_owner(row: Values) -> bool:
    return row.get("company_id", 0) is not None


def _references(rows: Iterable[Values]) -> dict[str, int | None]:
    """The number of each company under its EDINET code and its securities code; None where it is not stored."""
    stored = _recognised(Company, _stored(Company, list(rows)))
    keys: dict[str, int | None] = {}
    for row in rows:
        identities = list(_identities(Company, row))
        ids = [stored[identity]["id"] for identity in identities if identity in stored]
        keys |= dict.fromkeys((value for _, (value,) in identities), ids[0] if ids else None)
    return keys


def _identities(model: type[db.Base], row: Mapping[str, Any]) -> Iterator[Identity]:
    """The names under which a row is recognised, the surest first."""
    for columns in RECOGNISED_BY[model]:
        values = tuple(row.get(column) for column in columns)
        if None not in values:
            yield columns, values


def _recognised(model: type[db.Base], rows: Iterable[Mapping[str, Any]]) -> dict[Identity, Mapping[str, Any]]:
    """Rows by their surest name."""
    return {identity: row for row in rows for identity in list(_identities(model, row))[:1]}


def _stored(model: type[db.Base], rows: Sequence[Values]) -> list[Mapping[str, Any]]:
    """The names and keys of the rows in the database that could be one of these."""
    table = row_codec.table_of(model)
    names = {name for columns in RECOGNISED_BY[model] for name in columns}
    names |= {column.name for column in row_codec.key_columns(model)}
    could_be = [
        table.columns[first].in_({row[first] for row in rows if row.get(first) is not None})
        for first, *_ in RECOGNISED_BY[model]
    ]
    query = select(*(table.columns[name] for name in sorted(names))).where(or_(*could_be))
    return [dict(row) for row in db.session.execute(query).mappings()]


def _deleted(model: type[db.Base]) -> list[Mapping[str, Any]]:
    """The rows of this table that were deleted through a change set, as they were."""
    query = (
        select(ChangeSetItem.before)
        .join(ChangeSetItem.change_set)
        .where(ChangeSetItem.table_name == row_codec.table_of(model).name)
        .where(ChangeSetItem.action == change.DELETE, ChangeSet.status == "applied")
    )
    return [row_codec.decode(model, before) for before in db.session.scalars(query)]
