"""What people call the rows of a change set, and remarks on them; what belongs to a company carries its name."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, select

from webapp import db
from webapp.label import Label
from webapp.models.company import Company
from webapp.naming import ENGLISH, JAPANESE
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Item, KeyOf, Wish


def of_rows(rows: Sequence[tuple[Wish, Mapping[str, Any]]], language: str = JAPANESE) -> list[str]:
    """The names of whole rows, each with the wish that it comes from; a company may be one of them itself."""
    owners = {owner for _wish, row in rows if isinstance(owner := row.get("company_id"), int)}
    companies = _company_names(owners, language) if owners else {}
    new = {id(wish): row for wish, row in rows}
    labels = []
    for wish, row in rows:
        owner = row.get("company_id", 0)
        if isinstance(owner, KeyOf):
            company = Company.naming.of_values(new[id(owner.wish)], language=language)
        else:
            company = companies.get(owner, "")
        labels.append(wish.model.naming.of_values(row, company, language))
    return labels


def _company_names(ids: set[int], language: str) -> dict[int, str]:
    if len(ids) == 1:
        # A form has just read its record's company, and the session still has it.
        (only,) = ids
        company = db.session.get(Company, only)
        return {} if company is None else {only: company.naming.of_record(company, language)}
    columns = [row_codec.table_of(Company).columns[name] for name in ("id", *Company.naming.columns)]
    rows = db.session.execute(select(*columns).where(Company.id.in_(ids))).mappings()
    return {
        row["id"]: Company.naming.of_values(
            {str(name): value for name, value in row.items()}, language=language
        )
        for row in rows
    }


def labelled(items: Sequence[tuple[Item, Mapping[str, Any]]]) -> list[Item]:
    """The items, each given with its whole row, with what people call them."""
    rows = [(item.wish, row) for item, row in items]
    named = [replace(item, label=label) for (item, _row), label in zip(items, of_rows(rows), strict=True)]
    own = [place for place, item in enumerate(named) if not item.model.follows_others]
    if len(places := own or range(len(named))) == 1:
        # Whoever saves one row is told of it by its name, in their language.
        place = places[0]
        name = Label(named[place].label, *of_rows([rows[place]], ENGLISH))
        named[place] = replace(named[place], name=name)
    return named


def called(model: type[db.Base], values: Mapping[str, Any]) -> str | None:
    """What people call a row of these values."""
    return model.naming.of_values(values) or None


def of_wish(finding: Finding, wish: Wish, row: Mapping[str, Any]) -> Finding:
    """A remark on one row of the file, beside the stored row that it is about."""
    key = None if wish.key is None else row_codec.row_key(wish.key)
    return replace(finding, record=called(wish.model, row), row_key=key, line=wish.line)


def of_companys(finding: Finding, wish: Wish, row: Mapping[str, Any]) -> Finding:
    """The same on a row that belongs to a stored company, by whose name it is called."""
    return replace(of_wish(finding, wish, row), record=of_rows([(wish, row)])[0])


def amounts(column: Column[Any], row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What a remark on a row says of figures, by the names of its places, with what they are counted in."""
    counted_in = column.info.get("unit")
    if counted_in is None or not all(isinstance(one, int | Decimal) for one in values.values()):
        return dict(values)
    figures = {"amounts": " ".join(values), "amounts_in": counted_in}
    return {
        **values,
        **figures,
        "currency": row.get("currency") or "JPY",
        "unit": row.get("rounding_unit") or 1,
    }
