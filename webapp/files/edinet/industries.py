"""In the format of which industry a report's statements are made. Pure."""

import re
from collections.abc import Iterator

from webapp.files.edinet.document import Document
from webapp.rules import company

# As the DEI writes them; lower case, numbered ones and several ("cte,wat") occur.
CODES = re.compile(r"[A-Z0-9]+")
FORMATS = {"BK": "BNK", "IN": "INS", "CN": "CNS", "RW": "RWY", "SE": "SEC"}
# Lines that only one industry has.
ELEMENTS = {
    "jppfs_cor:OrdinaryIncomeBNK": "BNK",
    "jppfs_cor:OperatingIncomeINS": "INS",
    "jppfs_cor:OperatingRevenueSEC": "SEC",
}
# By scope.
DEI = {
    "consolidated": "IndustryCodeWhenConsolidatedFinancialStatementsArePreparedInAccordance"
    "WithIndustrySpecificRegulationsDEI",
    "non_consolidated": "IndustryCodeWhenFinancialStatementsArePreparedInAccordance"
    "WithIndustrySpecificRegulationsDEI",
}


def format_of(document: Document, scope: str) -> str:
    """The code of the DEI; of several that one whose lines are there, else the first; without any, by the lines."""
    elements = {fact.element for fact in document.facts}
    by_lines = next((name for element, name in ELEMENTS.items() if element in elements), "")
    codes = tuple(_codes(document.said(DEI[scope]) or ""))
    return by_lines if not codes or by_lines in codes else codes[0]


def _codes(said: str) -> Iterator[str]:
    """What is a code of the taxonomy's: what is none yet says nothing of the lines."""
    for code in CODES.findall(said.upper()):
        plain = code.rstrip("0123456789")
        name = FORMATS.get(plain, plain)
        if name in company.INDUSTRY_FORMAT.words:
            yield name
