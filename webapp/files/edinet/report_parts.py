"""In which part of a report each fact stands. Pure.

The CSV has facts in the filer's order, and nothing of the pages that show them. So the part follows from the taxonomy
of the element, from whether the context is of a day or of months, and from the fact before it: filers' own elements
have nothing else to go by.
"""

import re
from collections.abc import Iterable, Iterator

from webapp.files.edinet import document
from webapp.files.edinet.document import Fact
from webapp.files.edinet.periods import OF_PARENT
from webapp.files.edinet.statements import OF_STATEMENTS

SUMMARY, BALANCE_SHEET, INCOME, EQUITY, CASH_FLOWS = (
    "summary",
    "balance_sheet",
    "income",
    "equity",
    "cash_flows",
)
OTHER, COVER, TEXTS = "other", "cover", "texts"
# As they are offered; 主要な経営指標等 stand first in a report.
PARTS = (SUMMARY, BALANCE_SHEET, INCOME, EQUITY, CASH_FLOWS, OTHER, COVER, TEXTS)
STATEMENTS = (BALANCE_SHEET, INCOME, EQUITY, CASH_FLOWS)
# 主要な経営指標等の推移 and 主要な財務指標 of IFRS filers (企業内容等開示府令, 第三号様式).
OF_SUMMARY = re.compile(r"SummaryOfBusinessResults|KeyFinancialData")
OF_CASH_FLOWS = re.compile(
    r"(Ope|Inv|Fin)CF(IFRS)?[A-Z]*$|:NetCashProvidedByUsedIn|CashAndCashEquivalents|CCE$|CashEquivalentsCF"
)
# On the balance sheet of IFRS filers too.
CASH_IFRS = "jpigp_cor:CashAndCashEquivalentsIFRS"
# 株主資本等変動計算書 begins with the equity of a year before the one before.
OF_EQUITY = re.compile(r":(NetAssets|Equity)(IFRS)?$")
SEGMENT = re.compile(r"Segment|ReconcilingItems|UnallocatedAmounts|Elimination")
OWN = re.compile(r"jp[a-z]{3}[0-9]{6}-")


def of(facts: Iterable[Fact]) -> Iterator[str]:
    """The part of each fact, in their order."""
    before = OTHER
    for fact in facts:
        before = _part(fact, before)
        yield before


def _part(fact: Fact, before: str) -> str:
    element = fact.element
    if element.startswith(document.DEI) or "CoverPage" in element:
        return COVER
    if OF_SUMMARY.search(element):
        return SUMMARY
    if not fact.unit or fact.unit in document.NIL:
        return TEXTS
    plain, _, member = fact.context.removesuffix(OF_PARENT).partition("_")
    if SEGMENT.search(member):
        return OTHER
    if element.startswith(OF_STATEMENTS):
        return _of_statement(fact, plain, before, has_member=bool(member))
    return OTHER if member else _of_place(fact, plain, before)


def _of_place(fact: Fact, plain: str, before: str) -> str:
    """The filer's own lines stand in statements; 従業員数 and the like in the summary, without its suffix."""
    if OWN.match(fact.element):
        return before if before in STATEMENTS else OTHER
    return SUMMARY if before == SUMMARY and plain.endswith(("Duration", "Instant")) else OTHER


def _of_statement(fact: Fact, plain: str, before: str, *, has_member: bool) -> str:
    if has_member:
        return EQUITY
    if OF_CASH_FLOWS.search(fact.element) and (fact.element != CASH_IFRS or before == CASH_FLOWS):
        return CASH_FLOWS
    if plain.endswith("Instant"):
        # A balance sheet of three dates has it too, in its own place.
        is_beginning = before == EQUITY or (plain.startswith("Prior2") and before != BALANCE_SHEET)
        return EQUITY if is_beginning and OF_EQUITY.search(fact.element) else BALANCE_SHEET
    return before if before in (EQUITY, CASH_FLOWS) else INCOME
