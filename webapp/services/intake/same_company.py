"""Which stored rows a list's company is, and when two rows are one company: what EDINET and JPX know them by.

EDINET knows a filer before it is listed, JPX by its securities code alone. Two rows are one company where code and
name agree, or the corporate number. A name by itself makes no two rows one: 15 of 3,933 listed companies share theirs
with another filer, and 不二製油 became the name of a listed company that had a subsidiary of that name. It is enough
where one row gets the other code and nobody else has the name: what JPX lists is on a list of EDINET's that is not
older, and of companies on the TOKYO PRO Market, which need not file and mostly have no code there, nothing else is
known.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from webapp.label import Label
from webapp.models.company import Company
from webapp.rules import change, names
from webapp.rules.company import LISTED, TOKYO_PRO
from webapp.rules.findings import Finding
from webapp.services.changes import references, row_checks, row_codec, row_labels
from webapp.services.changes.following import stewards_words
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.companies import known_before
from webapp.services.intake.merging import Merge

Row = Mapping[str, Any]

BY_CODE = Label("証券コードと商号", "securities code and name")
BY_NUMBER = Label("法人番号", "corporate number")
BY_NAME = Label("商号", "name")
# What JPX knows better than EDINET: it goes with the code.
OF_JPX = ("market_division", "industry_code", "listed_on")


@dataclass(frozen=True, slots=True)
class Rival:
    """A row without EDINET code that a filer may be: by what, and whether that alone is enough to make them one."""

    row: Row
    by: Label
    is_certain: bool


class Companies:
    """The stored companies by what lists know them by.

    `listed`: the rows of the list that is compared with them. `is_newest`: JPX has given no later one since.
    """

    def __init__(self, rows: Iterable[Row], listed: Iterable[Any], *, is_newest: bool = True) -> None:
        self._is_newest = is_newest
        self.by_edinet_code: dict[str, Row] = {}
        self._by_ticker: dict[str, Row] = {}
        self._by_number: dict[str, list[Row]] = {}
        self._by_name: dict[str, list[Row]] = {}
        self._former_names = known_before.names()
        for row in rows:
            self._by_name.setdefault(row["name_ja_folded"], []).append(row)
            if row["edinet_code"]:
                self.by_edinet_code[row["edinet_code"]] = row
                continue
            if row["ticker_symbol"]:
                self._by_ticker[row["ticker_symbol"]] = row
            if row["corporate_number"]:
                self._by_number.setdefault(row["corporate_number"], []).append(row)
        listed = list(listed)
        self._names = Counter(names.key(one.name_ja) for one in listed)
        self._tickers = {one.ticker_symbol for one in listed}
        self._numbers = Counter(getattr(one, "corporate_number", None) for one in listed)

    def without_edinet_code(self, filer: Any, company: Row | None) -> Rival | None:
        """The row without EDINET code that this filer is, or may be; `company`: the filer's own row."""
        if holder := self._by_ticker.get(filer.ticker_symbol):
            agrees = company is None or self._agree(filer, company, holder)
            return Rival(holder, BY_CODE, is_certain=True) if agrees else None
        of_number = self._by_number.get(filer.corporate_number, ())
        if len(of_number) == self._numbers[filer.corporate_number] == 1:
            return Rival(of_number[0], BY_NUMBER, is_certain=True)
        others = [row for row in self._called(filer.name_ja) if row is not company]
        if filer.ticker_symbol or len(others) != 1 or not self._may_be_filer(others[0]):
            return None
        return Rival(others[0], BY_NAME, is_certain=company is None)

    def is_called(self, number: int | None, name: str) -> bool:
        """Whether this company, if it is one, has the name or had it before."""
        key = names.key(name)
        has_it = any(row["id"] == number for row in self._by_name.get(key, ()))
        return has_it or key in self._former_names.get(number or 0, ())

    def _agree(self, filer: Any, company: Row, holder: Row) -> bool:
        number, name = filer.corporate_number, holder["name_ja_folded"]
        of_company = {names.key(filer.name_ja), company["name_ja_folded"]}
        is_called_so = name in of_company or name in self._former_names.get(company["id"], ())
        return is_called_so or (number is not None and number == holder["corporate_number"])

    def _may_be_filer(self, row: Row) -> bool:
        """Whether its name may tell a filer: nobody on the list has its code, and the list would say if so."""
        is_free = not row["edinet_code"] and row["ticker_symbol"] not in self._tickers
        return is_free and (self._is_newest or is_on_tokyo_pro(row))

    def filer_called(self, name: str, holder: Row | None = None) -> Row | None:
        """The one filer without securities code of this name, which nobody else but the `holder` of a code has."""
        same = [row for row in self._called(name) if row is not holder]
        is_filer = len(same) == 1 and same[0]["edinet_code"] and not same[0]["ticker_symbol"]
        return same[0] if is_filer else None

    def _called(self, name: str) -> Sequence[Row]:
        """The rows of this name; none where several of the list have it."""
        key = names.key(name)
        return self._by_name.get(key, ()) if self._names[key] == 1 else ()


def is_on_tokyo_pro(company: Row) -> bool:
    """Whether JPX alone says that it is listed: EDINET gives most of that market's companies no code."""
    return (company["market_division"], company["listing_status"]) == (TOKYO_PRO, LISTED)


def unite(merging: Merge, wish: Wish, rival: Rival, stored: Stored) -> Wish:
    """The wish for a filer with what the rival row knows beside, while that one goes; a remark says so, or why not.

    The two stay where other records belong to the rival, where a steward has set there what would be lost, and where
    the one row would break a rule: those a person merges.
    """
    assert wish.key is not None
    company, other = stored[wish.key], rival.row
    united = replace(wish, values={**_from(other, {**company, **wish.values}), **wish.values})
    if not rival.is_certain or not _may_go(other, {**company, **united.values}, stored):
        twice(merging, wish, company, rival)
        return wish
    merging.wishes.append(Wish(Company, change.DELETE, {}, (other["id"],), line=wish.line))
    finding = Finding(
        None,
        "“%(other)s” is the same company by %(by)s: it is one row now, and that one is gone",
        {"other": row_labels.called(Company, other), "by": rival.by},
        is_blocking=False,
    )
    merging.remarks.append(row_labels.of_wish(finding, wish, company))
    return united


def _from(other: Row, row: Row) -> dict[str, Any]:
    """What the other row knows and this one lacks, and what JPX has said of it."""
    taken = {}
    for column in row_codec.curated_columns(Company):
        name = column.name
        if other[name] is not None and (row[name] is None or name in OF_JPX):
            taken[name] = other[name]
    return taken


def _may_go(other: Row, row: Row, stored: Stored) -> bool:
    key = (other["id"],)
    values = {column.name: row[column.name] for column in row_codec.curated_columns(Company)}
    as_united = Wish(Company, change.UPDATE, values, key)
    would_lose = any(remarks for _wish, remarks in stewards_words.respect(Company, [as_united], stored))
    is_blocked = any(finding.is_blocking for finding in row_checks.check(Company, values, values))
    return not (would_lose or is_blocked or _is_referred_to([key]))


def _is_referred_to(keys: Sequence[row_codec.Key]) -> bool:
    return any(
        references.count(child, condition, up_to=1) for child, condition in references.to(Company, keys)
    )


def twice(merging: Merge, wish: Wish, row: Row, rival: Rival) -> None:
    """Remark that a row of the list and another stored row may be one company."""
    finding = Finding(
        None,
        "“%(other)s” seems to be the same company by %(by)s, and stays a row of its own: merge them where they are one",
        {"other": row_labels.called(Company, rival.row), "by": rival.by},
        is_blocking=False,
    )
    merging.remarks.append(row_labels.of_wish(finding, wish, row))


def taken_for(wish: Wish, company: Row) -> Finding:
    """The remark that what a list has was taken for a company by its name alone."""
    remark = {"other": row_labels.called(Company, wish.values), "by": BY_NAME}
    finding = Finding(
        None, "taken for “%(other)s” by the %(by)s, which no other company has", remark, is_blocking=False
    )
    return row_labels.of_wish(finding, wish, company)
