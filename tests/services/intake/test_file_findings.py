"""An import keeps its own record: what was refused and kept, with the line and the company that it is about."""

import json

import pytest

from tests.factories import intent
from tests.files.builders import company as filer
from tests.files.builders import issue
from tests.services.intake.lists import LISTED, UNLISTED, edinet, jpx, take
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.services.changes import applying, proposing
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")


def correct(name_en: str) -> Company:
    company = db.session.query(Company).one()
    applying.carry_out(
        proposing.propose([Wish(Company, "update", {"name_en": name_en}, (company.id,))], intent("edit"))
    )
    return company


def stored(change_set: ChangeSet | None) -> ChangeSet:
    """As the database has it."""
    assert change_set is not None
    number = change_set.id
    db.session.expire_all()
    return db.session.get_one(ChangeSet, number)


def test_what_was_refused_and_kept_stays_counted_once_it_is_written() -> None:
    take(edinet(filer(LISTED)))
    correct("Corrected")
    change_set = stored(
        take(edinet(filer(LISTED | {"資本金": "1500"}), filer({"決算日": "13月"}, code="E00005")))
    )
    assert (change_set.counts["kept"], change_set.counts["rejected"]) == (1, 1)
    assert change_set.counts["left_out"] == {"natural_person": 0}


def test_a_refused_row_is_among_the_findings_with_its_line_and_company() -> None:
    change_set = stored(take(edinet(filer(LISTED), filer({"決算日": "13月"}, code="E00005"))))
    assert change_set.findings == [
        {
            "field": "決算日",
            "message": "A fiscal year's end is written as 3月31日 or 3月末日.",
            "params": {"value": "13月"},
            "is_blocking": True,
            "record": "E00005 試験種苗株式会社",
            "line": 4,
        }
    ]


def test_a_row_that_breaks_a_rule_is_among_the_findings_and_names_its_company() -> None:
    unlisted = filer(UNLISTED, code="E00005")
    change_set = stored(take(edinet(unlisted, filer({"上場区分": "上場"}, code="E00004"))))
    (finding,) = change_set.findings
    assert (finding["field"], finding["line"]) == ("ticker_symbol", 4)
    assert "試験種苗" in finding["record"]


def test_a_row_of_which_nobody_knows_whose_it_is_is_not_named() -> None:
    change_set = stored(take(edinet(filer(LISTED), filer({"提出者種別": "自然人"}, code="E00005"))))
    (finding,) = change_set.findings
    assert finding["line"] == 4
    assert "試験種苗" not in json.dumps(finding, ensure_ascii=False)


def test_a_value_that_was_kept_names_its_company() -> None:
    take(edinet(filer(LISTED)))
    company = correct("Corrected")
    later = edinet(filer(LISTED | {"資本金": "1500"}), day="2026年2月26日")
    (finding,) = stored(take(later)).findings
    assert (finding["field"], finding["row_key"], finding["line"]) == ("name_en", str(company.id), 3)
    assert finding["record"] == str(company)
    (reported,) = later.report(None, "applied")["findings"]
    assert reported["record"] == str(company)


def test_a_new_market_is_a_finding_and_its_companies_are_taken_without_one() -> None:
    change_set = stored(take(jpx(issue(), issue({"市場・商品区分": "ネクスト（内国株式）"}, code="1302"))))
    (finding,) = change_set.findings
    assert (finding["is_blocking"], finding["params"]) == (
        False,
        {"value": "ネクスト（内国株式）", "rows": 1},
    )
    assert db.session.query(Company.market_division).filter_by(ticker_symbol="1302").one() == (None,)
