"""JPX's list of issues: what is listed in Tokyo, over the stored companies."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.files import jpx_list, looking
from webapp.files.jpx_list import JpxIssue
from webapp.files.rows import MasterList
from webapp.label import Label
from webapp.models.company import Company
from webapp.models.industry import Industry
from webapp.rules import change, names
from webapp.rules.company import GROWTH, LISTED, PRIME, STANDARD, TOKYO_PRO
from webapp.services.changes.following import source_names
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.companies import known_before
from webapp.services.intake import company_lists, received_files, same_company, wholeness
from webapp.services.intake.company_lists import Row
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.kinds import edinet_codes
from webapp.services.intake.merging import Merge
from webapp.services.intake.same_company import Companies, Rival
from webapp.services.intake.wholeness import Covered

MARKETS = {
    PRIME: Label("プライム", "Prime"),
    STANDARD: Label("スタンダード", "Standard"),
    GROWTH: Label("グロース", "Growth"),
    TOKYO_PRO: Label("TOKYO PRO Market", "TOKYO PRO Market"),
}


FOREIGN = Label("外国株式", "foreign shares")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the tables hold beside companies: sectors, whether this list is the newest, whose names were disputed."""

    industry_codes: frozenset[str]
    is_newest: bool
    disputed: frozenset[int]


def merge(listing: MasterList[JpxIssue], stored: Stored) -> Merge:
    """The list over the stored companies, joined on the securities code; on the name only on the TOKYO PRO Market.

    JPX knows market and sector; names stay EDINET's where a company has an EDINET code, and what JPX calls it otherwise
    is said beside. A list that is older than EDINET's newest does not reopen or create a company that EDINET no longer
    knows as listed, except on the TOKYO PRO Market, whose companies need not file there.
    """
    merging = Merge()
    known = _known(listing)
    by_ticker = _by_ticker(stored.values())
    companies = same_company.Companies(stored.values(), listing.rows)
    former = known_before.by_code("ticker_symbol")
    for issue in listing.rows:
        company = by_ticker.get(issue.ticker_symbol)
        if company is None and companies.is_called(former.get(issue.ticker_symbol), issue.name_ja):
            merging.left_alone["former_code"] += 1
        elif company is None and not known.is_newest and issue.market_division != TOKYO_PRO:
            merging.left_alone["not_on_newer_edinet_list"] += 1
        elif company is not None and company["listing_status"] != LISTED and not known.is_newest:
            merging.left_alone["closed_since"] += 1
        else:
            merging.wishes.append(_wish_beside(issue, company, companies, known, merging))
    # Companies of other exchanges are not on this list: its silence counts only where JPX once gave a market.
    covered = [
        Covered(company, _parts(company), ticker in listing.named, _thousand(ticker))
        for ticker, company in by_ticker.items()
        if company["market_division"] is not None
        and company["listing_status"] == LISTED
        and (known.is_newest or not company["edinet_code"] or same_company.is_on_tokyo_pro(company))
    ]
    company_lists.close(merging, covered, wholeness.OF_ISSUES, listing, stored)
    return company_lists.without_clashes(merging, stored)


def _parts(company: Row) -> tuple[Label, ...]:
    """The market, and whether the share is a foreign company's, as the list's categories tell."""
    market = MARKETS.get(company["market_division"])
    is_foreign = (company["filer_type"] or "").startswith("外国")
    return (*((market,) if market else ()), *((FOREIGN,) if is_foreign else ()))


def _thousand(ticker: str) -> Label:
    """The list goes by codes, so that one that is cut off lacks most of a thousand."""
    return Label(f"{ticker[0]}000番台", f"codes from {ticker[0]}000 on")


def _known(listing: MasterList[JpxIssue]) -> _Known:
    newest_of_edinet = received_files.newest_list(edinet_codes.KIND.name)
    return _Known(
        industry_codes=frozenset(db.session.scalars(select(Industry.code))),
        is_newest=newest_of_edinet is None or listing.as_of_on >= newest_of_edinet,
        disputed=source_names.disputed(),
    )


def _by_ticker(companies: Iterable[Row]) -> dict[str, Row]:
    """A company for each code: the listed one where several had it."""
    by_ticker: dict[str, Row] = {}
    for company in companies:
        ticker = company["ticker_symbol"]
        if ticker and (ticker not in by_ticker or company["listing_status"] == LISTED):
            by_ticker[ticker] = company
    return by_ticker


def _wish_beside(
    issue: JpxIssue, company: Row | None, companies: Companies, known: _Known, merging: Merge
) -> Wish:
    """The wish for an issue; on the TOKYO PRO Market for the filer that it is by its name, if nobody has its code."""
    filer = None
    if company is None or not company["edinet_code"]:
        filer = companies.filer_called(issue.name_ja, company)
    if filer is not None and company is None and issue.market_division == TOKYO_PRO:
        wish = _wish_for(issue, filer, known, merging)
        merging.remarks.append(same_company.taken_for(wish, filer))
        return wish
    wish = _wish_for(issue, company, known, merging)
    if filer is not None:
        rival = Rival(filer, same_company.BY_NAME, is_certain=False)
        same_company.twice(merging, wish, company or wish.values, rival)
    return wish


def _wish_for(issue: JpxIssue, company: Row | None, known: _Known, merging: Merge) -> Wish:
    values: dict[str, Any] = {
        "ticker_symbol": issue.ticker_symbol,
        "listing_status": LISTED,
    }
    # Of a market that is new nobody knows yet what it is called here; a blank is no news.
    if issue.market_division is not None:
        values["market_division"] = issue.market_division
    if issue.industry33_code in known.industry_codes:
        values["industry_code"] = issue.industry33_code
    elif issue.industry33_code is not None:
        merging.left_alone["unknown_industry"] += 1
    if company is None:
        return Wish(Company, change.CREATE, values | {"name_ja": issue.name_ja}, line=issue.line)
    if not company["edinet_code"]:
        values["name_ja"] = issue.name_ja
    elif company["id"] in known.disputed or names.key(issue.name_ja) != company["name_ja_folded"]:
        merging.says[Company, (company["id"],), "name_ja"] = issue.name_ja
    return Wish(Company, change.UPDATE, values, (company["id"],), line=issue.line)


KIND = ImportKind(
    name=company_lists.OF_JPX,
    label=Label("東証上場銘柄一覧", "JPX list of issues"),
    source="日本取引所グループ 東証上場銘柄一覧",
    model=Company,
    recognises=jpx_list.is_begun_by,
    read=jpx_list.read,
    headings_at=looking.headings_in_front,
    merge=merge,
    words={
        **company_lists.WORDS,
        "etf_etn": Label("ETF・ETN", "ETF or ETN"),
        "reit_fund": Label("REIT・ファンド", "REIT or fund"),
        "contribution_certificate": Label("出資証券", "contribution certificate"),
        "preferred_or_class_share": Label("優先株式・種類株式", "preferred or class share"),
        "unknown_product": Label("未知の商品区分", "unknown product"),
        "not_on_newer_edinet_list": Label(
            "より新しい EDINET コードリストにない", "not on a newer EDINET list"
        ),
        "former_code": Label("登録企業の旧コード", "former code of a company"),
        "closed_since": Label("その後に上場廃止・除外", "closed since"),
        "unknown_industry": Label("未知の業種", "unknown industry"),
    },
)
