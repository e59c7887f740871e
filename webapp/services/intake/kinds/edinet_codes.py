"""EDINET's list of filers: who files with EDINET, over the stored companies."""

from webapp.files import edinet_codes
from webapp.files.edinet_codes import EdinetFiler
from webapp.files.rows import MasterList
from webapp.label import Label
from webapp.models.company import Company
from webapp.rules import change
from webapp.rules.company import CEASED, DELISTED, LISTED, UNLISTED
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.intake import company_lists
from webapp.services.intake.company_lists import Row
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.merging import Merge
from webapp.services.intake.wholeness import Covered

FIELDS = (
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


def read(content: bytes, _name: str) -> MasterList[EdinetFiler]:
    """The filers of the list; raises WrongFile."""
    return edinet_codes.read(content)


def merge(listing: MasterList[EdinetFiler], stored: Stored) -> Merge:
    """The list over the stored companies.

    A filer is known by its EDINET code, or by its securities code where a company has no EDINET code yet. A blank is
    no news: nothing is ever blanked. A securities code that the list no longer gives was lost on delisting (EDINET
    blanks it); a filer that is no longer on the list has ceased to be one.
    """
    companies = stored.values()
    merging = Merge()
    by_code = {company["edinet_code"]: company for company in companies if company["edinet_code"]}
    by_ticker = {
        company["ticker_symbol"]: company
        for company in companies
        if company["ticker_symbol"] and not company["edinet_code"]
    }
    for filer in listing.rows:
        company = by_code.get(filer.edinet_code) or (
            by_ticker.get(filer.ticker_symbol) if filer.ticker_symbol else None
        )
        merging.wishes.append(_wish_for(filer, company))
    covered = [
        Covered(company, _kind_of_filer(company), code in listing.named)
        for code, company in by_code.items()
        if company["listing_status"] != CEASED
    ]
    company_lists.close(merging, covered, CEASED, listing, stored)
    return company_lists.without_clashes(merging, stored)


def _kind_of_filer(company: Row) -> Label | None:
    kind = company["filer_type"]
    return Label(kind, kind) if kind else None


def _wish_for(filer: EdinetFiler, company: Row | None) -> Wish:
    values = {name: value for name in FIELDS if (value := getattr(filer, name)) is not None}
    if company is None:
        values["listing_status"] = LISTED if filer.is_listed else UNLISTED
        return Wish(Company, change.CREATE, values, line=filer.line)
    has_lost_code = bool(company["ticker_symbol"]) and filer.ticker_symbol is None
    if filer.is_listed:
        status = LISTED
    elif has_lost_code:
        status = DELISTED
    else:
        status = UNLISTED
    values["listing_status"] = status
    is_closing = status == DELISTED != company["listing_status"]
    return Wish(
        Company, change.CLOSE if is_closing else change.UPDATE, values, (company["id"],), line=filer.line
    )


KIND = ImportKind(
    name="edinet-codes",
    label=Label("EDINETコードリスト", "EDINET code list"),
    source="出典：EDINET閲覧（提出）サイト EDINETコードリスト",
    model=Company,
    read=read,
    merge=merge,
    words={**company_lists.WORDS, "natural_person": Label("個人", "natural person")},
)
