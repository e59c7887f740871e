"""Small lists, imported as an operator would."""

from sqlalchemy import select

from tests.factories import AUTHOR
from tests.files.builders import edinet_text, jpx_csv
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.services.intake import importing
from webapp.services.intake.importing import Preview, Request

LISTED = {"上場区分": "上場", "証券コード": "13760"}
UNLISTED = {"上場区分": "非上場", "証券コード": ""}


def edinet(*rows: dict[str, str], day: str = "2023年10月31日", is_whole: bool = False) -> Preview:
    content = edinet_text(*rows, day=day).encode("cp932")
    return importing.preview(Request("edinet-codes", "list.csv", content, AUTHOR, "a reason", is_whole))


def jpx(*rows: dict[str, str], is_whole: bool = False) -> Preview:
    return importing.preview(Request("jpx-list", "list.csv", jpx_csv(*rows), AUTHOR, is_whole=is_whole))


def take(preview: Preview) -> ChangeSet | None:
    change_set = importing.submit(preview)
    if change_set is not None:
        importing.confirm(change_set.id, AUTHOR)
    return change_set


def status(code: str) -> str:
    of_code = (Company.edinet_code == code) | (Company.ticker_symbol == code)
    return db.session.scalars(select(Company.listing_status).where(of_code)).one()
