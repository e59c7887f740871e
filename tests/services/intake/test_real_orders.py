"""Real reports in whatever order, one by one or together, are the same rows; `make orders` tries all of them."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests import factories
from tests.factories import AUTHOR
from tests.services.intake import reports
from webapp import db
from webapp.services.changes import door
from webapp.services.changes.door import Applied

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("connection")]

FOLDER = Path(os.environ.get("STOCKCODE_REAL_DATA") or Path(__file__).parents[3].parent / "shared" / "data")
# Its reports restate each other most: restatements, reclassifications, and quarters.
FILER, FEWEST = "E01767", 5
ROWS = """
SELECT jsonb_build_object('base', b.filing_doc_id)
    || (to_jsonb(s) - '{id,based_on_id,revision_no,version,changed_at,created_at,change_set_id}'::text[])
FROM financial_statements s LEFT JOIN financial_statements b ON b.id = s.based_on_id
ORDER BY s.announced_at, s.filing_doc_id, s.scope, s.fiscal_year_end_on
"""


def annual_reports(folder: Path) -> dict[str, bytes]:
    """The latest annual reports, oldest first."""
    with (folder / "catalog.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["edinetCode"] == FILER]
    annual = sorted((row["submitDateTime"], row) for row in rows if row["type_of_current_period"] == "FY")
    return {row["docID"]: (folder / row["path"]).read_bytes() for _at, row in annual[-FEWEST:]}


def stored() -> Sequence[dict[str, Any]]:
    return db.session.scalars(text(ROWS)).all()


def test_oldest_first_together_and_newest_first_in_parts_are_the_same_rows() -> None:
    folder = FOLDER / "edinet_type5"
    if not folder.exists():
        pytest.skip("needs the real reports (STOCKCODE_REAL_DATA)")
    zips = annual_reports(folder)
    factories.company(edinet_code=FILER)
    number = reports.take(reports.together(zips)).id
    together = stored()
    assert any(row["base"] is not None for row in together)
    assert isinstance(door.undo(number, AUTHOR, "the other order"), Applied)
    assert stored() == []
    newest_first = list(reversed(zips.items()))
    for part in (newest_first[:1], newest_first[1:3], newest_first[3:]):
        reports.take(reports.together(dict(part)))
    assert stored() == together
