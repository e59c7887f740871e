"""Merge a master list with the stored companies: what each list knows, and what its silence means."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from webapp.files.edinet_codes import EdinetFiler
from webapp.files.jpx_list import JpxIssue
from webapp.files.rows import MasterList
from webapp.rules import change
from webapp.rules.company import CEASED, DELISTED, LISTED, UNLISTED
from webapp.rules.findings import Finding
from webapp.services.changes.proposals import Wanted

Row = Mapping[str, Any]

CODE_HEADINGS = ("ＥＤＩＮＥＴコード", "コード")
EDINET_FIELDS = (
    "edinet_code",
    "filer_type",
    "has_consolidated",
    "capital_stock",
    "fiscal_year_end_month",
    "fiscal_year_end_day",
    "name_ja",
    "name_en",
    "name_kana",
    "head_office_address",
    "edinet_industry",
    "ticker_symbol",
    "corporate_number",
)


@dataclass(slots=True)
class Merge:
    """What a list asks for: wanted rows, list rows refused by line, rows left as they are by reason."""

    wanted: list[Wanted] = field(default_factory=list)
    refused: list[tuple[int | None, Finding]] = field(default_factory=list)
    left_alone: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)

    def close_absent(self, absent: Iterable[Row], status: str, listing: MasterList[Any]) -> None:
        """End the listing, or the place on the list, of companies it no longer names; their codes still find them.

        A row whose code cannot be read may be any of them, so such a list closes nobody.
        """
        for company in absent:
            if any(bad.column in (None, *CODE_HEADINGS) for bad in listing.bad_rows):
                self.left_alone["absent_from_a_list_with_unreadable_rows"] += 1
            else:
                self.closed[status] += 1
                self.wanted.append(Wanted(change.CLOSE, {"listing_status": status}, (company["id"],)))


@dataclass(frozen=True, slots=True)
class Known:
    """What the tables hold before the merge."""

    companies: Sequence[Row]
    industry_codes: frozenset[str]
    newest_edinet_list: date | None


def edinet(listing: MasterList[EdinetFiler], known: Known) -> Merge:
    """EDINET's list of filers over the stored companies.

    A filer is known by its EDINET code, or by its securities code where a company has no EDINET code yet. A blank is
    no news: nothing is ever blanked. A securities code that the list no longer gives was lost on delisting (EDINET
    blanks it); a filer that is no longer on the list has ceased to be one.
    """
    merge = Merge()
    by_code = {company["edinet_code"]: company for company in known.companies if company["edinet_code"]}
    by_ticker = {
        company["ticker_symbol"]: company
        for company in known.companies
        if company["ticker_symbol"] and not company["edinet_code"]
    }
    for filer in listing.rows:
        company = by_code.get(filer.edinet_code) or (
            by_ticker.get(filer.ticker_symbol) if filer.ticker_symbol else None
        )
        merge.wanted.append(_filer(filer, company, merge))
    absent = [row for code, row in by_code.items() if code not in listing.named]
    merge.close_absent((row for row in absent if row["listing_status"] != CEASED), CEASED, listing)
    return _without_clashes(merge, known)


def _filer(filer: EdinetFiler, company: Row | None, merge: Merge) -> Wanted:
    values = {name: value for name in EDINET_FIELDS if (value := getattr(filer, name)) is not None}
    if company is None:
        values["listing_status"] = LISTED if filer.is_listed else UNLISTED
        return Wanted(change.CREATE, values, line=filer.line)
    has_lost_code = bool(company["ticker_symbol"]) and filer.ticker_symbol is None
    if filer.is_listed:
        status = LISTED
    elif has_lost_code:
        status = DELISTED
    else:
        status = UNLISTED
    values["listing_status"] = status
    is_closing = status == DELISTED != company["listing_status"]
    if is_closing:
        merge.closed[DELISTED] += 1
    return Wanted(change.CLOSE if is_closing else change.UPDATE, values, (company["id"],), line=filer.line)


def jpx(listing: MasterList[JpxIssue], known: Known) -> Merge:
    """JPX's list of issues over the stored companies, joined on the securities code, never on the name.

    JPX knows market and sector; names stay EDINET's where a company has an EDINET code. A list that is older than
    EDINET's newest does not reopen or create a company that EDINET no longer knows as listed, except on the TOKYO
    PRO Market, whose companies need not file there.
    """
    merge = Merge()
    is_newest = known.newest_edinet_list is None or listing.as_of_on >= known.newest_edinet_list
    by_ticker = _by_ticker(known.companies)
    for issue in listing.rows:
        company = by_ticker.get(issue.ticker_symbol)
        if company is None and not is_newest and issue.market_division != "TOKYO_PRO":
            merge.left_alone["not_on_newer_edinet_list"] += 1
        elif company is not None and company["listing_status"] != LISTED and not is_newest:
            merge.left_alone["closed_since"] += 1
        else:
            merge.wanted.append(_issue(issue, company, known, merge))
    # Companies of other exchanges are not on this list: its silence counts only where JPX once gave a market.
    absent = (
        company
        for ticker, company in by_ticker.items()
        if company["market_division"] is not None
        and company["listing_status"] == LISTED
        and ticker not in listing.named
        and (is_newest or not company["edinet_code"])
    )
    merge.close_absent(absent, DELISTED, listing)
    return _without_clashes(merge, known)


def _by_ticker(companies: Iterable[Row]) -> dict[str, Row]:
    """A company for each code: the listed one where several had it."""
    found: dict[str, Row] = {}
    for company in companies:
        ticker = company["ticker_symbol"]
        if ticker and (ticker not in found or company["listing_status"] == LISTED):
            found[ticker] = company
    return found


def _issue(issue: JpxIssue, company: Row | None, known: Known, merge: Merge) -> Wanted:
    values: dict[str, Any] = {
        "ticker_symbol": issue.ticker_symbol,
        "market_division": issue.market_division,
        "listing_status": LISTED,
    }
    if issue.industry33_code in known.industry_codes:
        values["industry_code"] = issue.industry33_code
    elif issue.industry33_code is not None:
        merge.left_alone["unknown_industry"] += 1
    if company is None:
        return Wanted(change.CREATE, values | {"name_ja": issue.name_ja}, line=issue.line)
    if not company["edinet_code"]:
        values["name_ja"] = issue.name_ja
    return Wanted(change.UPDATE, values, (company["id"],), line=issue.line)


def _without_clashes(merge: Merge, known: Known) -> Merge:
    """Refuse list rows that would give one securities code to two listed companies."""
    stored: dict[tuple[Any, ...], Row] = {(company["id"],): company for company in known.companies}
    after: dict[tuple[Any, ...], Row] = {**stored}
    for place, wish in enumerate(merge.wanted):
        key = wish.key or ("new", place)
        after[key] = {**after.get(key, {}), **wish.values, "place": place}
    holders: dict[str, list[Row]] = {}
    for row in after.values():
        if row.get("listing_status") == LISTED and row.get("ticker_symbol"):
            holders.setdefault(row["ticker_symbol"], []).append(row)
    clashing = {row["place"] for rows in holders.values() if len(rows) > 1 for row in rows if "place" in row}
    # Where the list merely confirms what is stored, the stored holder is right and the newcomer is refused.
    refused = {
        place
        for place in clashing
        if stored.get(merge.wanted[place].key or (), {}).get("listing_status") != LISTED
    } or clashing
    for place in sorted(refused):
        wish = merge.wanted[place]
        holder = {"code": wish.values.get("ticker_symbol")}
        message = "another listed company has the securities code %(code)s"
        merge.refused.append((wish.line, Finding("ticker_symbol", message, holder)))
    kept = [wish for place, wish in enumerate(merge.wanted) if place not in refused]
    return replace(merge, wanted=kept)
