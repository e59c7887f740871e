"""The facts of a filing of 1,600: their page, read from its stored zip and looked at again, and the way to it."""

import random
from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from tests.bench.applications import Applications
from tests.bench.measuring import Measurement, in_turn, ms
from tests.factories import AUTHOR
from tests.files.edinet.filings import ASSETS, DEI, SALES, Line, flow, stock, zipped
from webapp import db
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes.filed import stored_reports
from webapp.services.intake import importing
from webapp.services.intake.importing import Request

FACTS, TEXTS, MOST_SECONDS, ROUNDS = 1_600, 300, 0.3, 10
# Prose shrinks as little as this: a zip of nothing else would be refused.
KANJI, LONG = [chr(0x4E00 + number) for number in range(2_000)], 1_500
DOC_ID = "S100FACT"
PAGE = "/admin/filings/facts/"


def measure(here: Applications) -> Iterator[Measurement]:
    """The page of the fullest part, and that to which a figure leads."""
    with here.ours.client.application.app_context():
        figure = f"{_import()}.revenue"
    balance_sheet, of_figure = f"{PAGE}?id={DOC_ID}&part=balance_sheet", f"{PAGE}?figure={figure}"
    looks = {
        "balance sheet of": partial(_first, here, balance_sheet),
        "figure in": partial(_first, here, of_figure),
        "balance sheet, looked at again, of": partial(here.ours.get, balance_sheet),
    }
    for name, cost in in_turn(ROUNDS, looks).items():
        size = f"{len(looks[name]()) / 1000:.0f} kB of HTML, not compressed; own {ms(cost.cpu)}"
        yield Measurement(f"{name} {FACTS:,} facts, time", cost.wall, "s", size, MOST_SECONDS)


def _first(here: Applications, path: str) -> bytes:
    """The page where nobody has looked at the filing lately."""
    stored_reports.facts_in.cache_clear()
    return here.ours.get(path)


def _import() -> int:
    """The number of the statement of a made-up filing of some stored company, imported as its files are."""
    code = db.session.scalars(
        select(Company.edinet_code).where(Company.edinet_code.is_not(None)).limit(1)
    ).one()
    content = zipped(SALES, ASSETS, *_lines(), dei={"EDINETCodeDEI": str(code)})
    change_set = importing.submit(
        importing.preview(Request("edinet-filing", f"{DOC_ID}.zip", content, AUTHOR))
    )
    assert change_set is not None
    importing.confirm(change_set.id, AUTHOR)
    db.session.commit()
    return db.session.scalars(
        select(FinancialStatement.id).where(FinancialStatement.filing_doc_id == DOC_ID)
    ).one()


def _lines() -> Iterator[Line]:
    """As many as an annual report has beside its DEI, half of them in the balance sheet, and long notes."""
    some = random.Random(0)
    numbers = FACTS - TEXTS - len(DEI) - 2
    for number in range(numbers):
        line = stock if number % 2 else flow
        yield line(f"jppfs_cor:Line{number}", number)
    for number in range(TEXTS):
        yield flow(f"jpcrp_cor:Note{number}TextBlock", "".join(some.choices(KANJI, k=LONG)), unit="")
