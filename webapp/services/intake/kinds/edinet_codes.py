"""EDINET's list of filers: who files with EDINET, over the stored companies."""

from webapp.files import edinet_codes
from webapp.files.edinet import persons
from webapp.files.edinet_codes import EdinetFiler
from webapp.files.looking import Look
from webapp.files.rows import MasterList
from webapp.label import Label
from webapp.models.company import Company
from webapp.rules import change
from webapp.rules.company import CEASED, DELISTED, LISTED, UNLISTED
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.companies import known_before
from webapp.services.intake import company_lists, received_files, same_company, wholeness
from webapp.services.intake.company_lists import Row
from webapp.services.intake.import_kind import ImportKind
from webapp.services.intake.merging import Merge
from webapp.services.intake.wholeness import Covered

FORMER_CODE = "former_code_of_a_company"
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


def merge(listing: MasterList[EdinetFiler], stored: Stored) -> Merge:
    """The list over the stored companies.

    A filer is known by its EDINET code, or is a company without one whose securities code, corporate number or name it
    has; where both stand and code or number agree, they are one. A code that a company had before a merge tells
    nothing new. A blank is no news: nothing is ever blanked. A securities code that the list no longer gives was lost
    on delisting (EDINET blanks it); a filer that is no longer on the list has ceased to be one.
    """
    newest_of_jpx = received_files.newest_list(company_lists.OF_JPX)
    is_newest = newest_of_jpx is None or listing.as_of_on >= newest_of_jpx
    companies = same_company.Companies(stored.values(), listing.rows, is_newest=is_newest)
    merging = Merge()
    former = known_before.by_code("edinet_code")
    for filer in listing.rows:
        if filer.edinet_code in former and filer.edinet_code not in companies.by_edinet_code:
            merging.left_alone[FORMER_CODE] += 1
            continue
        company = companies.by_edinet_code.get(filer.edinet_code)
        rival = companies.without_edinet_code(filer, company)
        row = rival.row if company is None and rival is not None else company
        wish = _wish_for(filer, row)
        if company is not None and rival is not None:
            wish = same_company.unite(merging, wish, rival, stored)
        elif rival is not None and rival.by is same_company.BY_NAME:
            merging.remarks.append(same_company.taken_for(wish, rival.row))
        merging.wishes.append(wish)
    covered = [
        Covered(company, _kinds_of_filer(company), code in listing.named)
        for code, company in companies.by_edinet_code.items()
        if company["listing_status"] != CEASED and not same_company.is_on_tokyo_pro(company)
    ]
    company_lists.close(merging, covered, wholeness.OF_FILERS, listing, stored)
    return company_lists.without_clashes(merging, stored)


def _kinds_of_filer(company: Row) -> tuple[Label, ...]:
    kind = company["filer_type"]
    return (Label(kind, kind),) if kind else ()


def _wish_for(filer: EdinetFiler, company: Row | None) -> Wish:
    values = {name: value for name in FIELDS if (value := getattr(filer, name)) is not None}
    if company is None:
        values["listing_status"] = LISTED if filer.is_listed else UNLISTED
        return Wish(Company, change.CREATE, values, line=filer.line)
    has_lost_code = bool(company["ticker_symbol"]) and filer.ticker_symbol is None
    if filer.is_listed or same_company.is_on_tokyo_pro(company):
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


def is_begun_by(look: Look) -> bool:
    """Whether a file begins as the list does, or has its headings in front or below what else was written.

    A list of ours may begin with EDINET codes, too, so one heading alone tells nothing.
    """
    return edinet_codes.is_begun_by(look) or persons.is_headed(look.records)


KIND = ImportKind(
    name="edinet-codes",
    label=Label("EDINETコードリスト", "EDINET code list"),
    source="出典：EDINET閲覧（提出）サイト EDINETコードリスト",
    model=Company,
    recognises=is_begun_by,
    read=edinet_codes.read,
    without_persons=persons.without,
    headings_at=edinet_codes.headings_at,
    may_show=edinet_codes.is_no_persons,
    merge=merge,
    words={
        **company_lists.WORDS,
        "natural_person": Label("個人", "natural person"),
        FORMER_CODE: Label("登録企業の旧コード", "former code of a company"),
    },
)
