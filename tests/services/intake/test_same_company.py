"""A company that EDINET and JPX know by different codes is one row, whichever list comes first."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from tests import factories
from tests.files.builders import company as filer
from tests.files.builders import issue
from tests.services.intake.lists import UNLISTED, edinet, jpx, take
from webapp import db
from webapp.models.company import Company
from webapp.services.changes import door
from webapp.services.changes.proposals import Wish
from webapp.services.intake.importing import Preview

pytestmark = pytest.mark.usefixtures("connection")

NAME = "株式会社　架空新規"
FILER = UNLISTED | {"提出者名": NAME}
LISTED = FILER | {"上場区分": "上場", "証券コード": "13760"}
ISSUE = {"銘柄名": "架空新規"}
OTHER = filer(UNLISTED, code="E00005")
PRO = ISSUE | {"市場・商品区分": "PRO Market"}


def rows() -> list[tuple[str | None, str | None, str, str | None]]:
    columns = (Company.edinet_code, Company.ticker_symbol, Company.listing_status, Company.market_division)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Company.id))]


def said(preview: Preview) -> list[str]:
    return [str(remark) for remark in preview.remarks]


def two_rows() -> None:
    """EDINET's row without a code, and JPX's with one."""
    take(edinet(filer(FILER)))
    take(jpx(issue(ISSUE, code="1376")))
    assert len(rows()) == 2


def test_a_filer_that_jpx_listed_before_edinet_did_is_one_row() -> None:
    two_rows()
    preview = edinet(filer(LISTED), day="2025年10月31日")
    change_set = take(preview)
    assert rows() == [("E00004", "1376", "listed", "PRIME")]
    assert (preview.counts["updated"], preview.counts["deleted"], preview.counts["rejected"]) == (1, 1, 0)
    (remark,) = said(preview)
    assert remark.startswith("“1376 架空新規” is the same company by securities code and name")
    assert preview.remarks[0].record == "E00004 株式会社　架空新規"
    assert change_set is not None
    door.undo(change_set.id, factories.AUTHOR, "a wrong list")
    assert rows() == [("E00004", None, "unlisted", None), (None, "1376", "listed", "PRIME")]


def test_the_same_list_after_two_rows_became_one_changes_nothing() -> None:
    two_rows()
    take(edinet(filer(LISTED), day="2025年10月31日"))
    assert edinet(filer(LISTED), day="2025年10月31日").proposal.is_empty
    assert jpx(issue(ISSUE, code="1376")).proposal.is_empty


def test_jpx_remarks_on_a_company_that_is_a_filer_by_its_name() -> None:
    take(edinet(filer(FILER)))
    preview = jpx(issue(ISSUE, code="1376"))
    assert said(preview) == [
        "“E00004 株式会社　架空新規” seems to be the same company by name, and stays a row of its own: merge them where"
        " they are one"
    ]


def test_a_holder_of_the_code_with_another_name_stays_and_the_filer_is_refused() -> None:
    take(edinet(filer(FILER)))
    take(jpx(issue(ISSUE | {"銘柄名": "別会社"}, code="1376")))
    preview = edinet(filer(LISTED), OTHER, day="2025年10月31日")
    take(preview)
    assert (len(rows()), preview.counts["rejected"]) == (3, 1)


def test_a_holder_with_the_same_corporate_number_is_the_same_company_whatever_it_is_called() -> None:
    factories.company(
        ticker_symbol="1376", listing_status="listed", edinet_code=None, corporate_number="5070001000715"
    )
    take(edinet(filer(LISTED | {"提出者法人番号": "5070001000715"}), filer(UNLISTED, code="E00005")))
    assert [row[:2] for row in rows()] == [("E00004", "1376"), ("E00005", None)]


def test_a_holder_with_figures_of_its_own_is_left_to_a_person() -> None:
    two_rows()
    holder = db.session.scalars(select(Company).where(Company.ticker_symbol == "1376")).one()
    factories.price(company_id=holder.id, close=Decimal(1000))
    preview = edinet(filer(LISTED), OTHER, day="2025年10月31日")
    take(preview)
    assert len(rows()) == 3
    assert said(preview)[0].endswith("merge them where they are one")
    assert preview.counts["rejected"] == 1


def test_what_a_steward_set_on_the_row_that_would_go_keeps_it() -> None:
    two_rows()
    holder = db.session.scalars(select(Company).where(Company.ticker_symbol == "1376")).one()
    wish = Wish(Company, "update", {"name_ja": "架空　新規"}, (holder.id,), holder.version)
    door.carry([wish], factories.intent("edit"))
    preview = edinet(filer(LISTED), OTHER, day="2025年10月31日")
    take(preview)
    assert len(rows()) == 3
    assert "stays a row of its own" in said(preview)[0]


def test_a_company_of_the_pro_market_is_the_filer_of_its_name() -> None:
    take(edinet(filer(FILER)))
    preview = jpx(issue(PRO, code="1376"))
    take(preview)
    assert rows() == [("E00004", "1376", "listed", "TOKYO_PRO")]
    assert said(preview) == ["taken for “1376” by the name, which no other company has"]


def test_a_filer_is_the_company_of_its_name_that_jpx_has_on_the_pro_market() -> None:
    take(jpx(issue(PRO, code="1376")))
    preview = edinet(filer(FILER))
    take(preview)
    assert rows() == [("E00004", "1376", "listed", "TOKYO_PRO")]
    assert len(said(preview)) == 1


def test_a_name_that_two_filers_have_joins_nothing() -> None:
    two = filer(FILER), filer(FILER | {"提出者名": "架空新規合同会社"}, code="E00005")
    take(edinet(*two))
    take(jpx(issue(PRO, code="1376")))
    take(edinet(*two, filer(FILER, code="E00006"), day="2026年2月26日"))
    assert len(rows()) == 4


def test_a_name_joins_no_listed_company_to_a_filer_of_an_older_list() -> None:
    take(jpx(issue(ISSUE, code="1376")))
    take(edinet(filer(FILER)))
    assert [row[:2] for row in rows()] == [(None, "1376"), ("E00004", None)]


def test_a_name_joins_a_company_that_lost_its_listing_to_the_filer_of_a_later_list() -> None:
    take(jpx(issue(ISSUE, code="1376")))
    take(edinet(filer(FILER), day="2026年2月26日"))
    assert rows() == [("E00004", "1376", "delisted", "PRIME")]


def test_a_name_joins_nothing_where_another_filer_has_the_code() -> None:
    take(jpx(issue(ISSUE, code="1376")))
    take(edinet(filer(FILER), filer(LISTED | {"提出者名": "架空ＨＤ"}, code="E00005"), day="2026年2月26日"))
    assert [row[:2] for row in rows()] == [("E00005", "1376"), ("E00004", None)]


def test_edinets_silence_ends_no_listing_on_the_pro_market() -> None:
    take(edinet(filer(FILER), filer(UNLISTED, code="E00005")))
    take(jpx(issue(PRO, code="1376"), issue({"銘柄名": "他社"}, code="1377")))
    take(edinet(filer(FILER), filer(UNLISTED, code="E00005"), day="2025年10月31日"))
    assert rows()[0] == ("E00004", "1376", "listed", "TOKYO_PRO")
    take(edinet(filer(UNLISTED, code="E00005"), day="2025年11月30日"))
    assert rows()[0] == ("E00004", "1376", "listed", "TOKYO_PRO")
    take(jpx(issue({"日付": "20260630", "銘柄名": "他社"}, code="1377")))
    assert rows()[0] == ("E00004", "1376", "listed", "TOKYO_PRO")  # a list without that market is not whole
    pro = {"市場・商品区分": "PRO Market", "日付": "20260731", "銘柄名": "他社"}
    take(jpx(issue(pro, code="1377"), is_whole=True))
    assert rows()[0] == ("E00004", "1376", "delisted", "TOKYO_PRO")


def test_two_rows_of_one_company_on_the_pro_market_are_told_and_stay() -> None:
    factories.company(edinet_code="E00004", name_ja=NAME)
    factories.company(
        edinet_code=None, ticker_symbol="1376", name_ja="架空新規", listing_status="listed", market_division="TOKYO_PRO"
    )  # fmt: skip
    of_jpx, of_edinet = jpx(issue(PRO, code="1376")), edinet(filer(FILER))
    for preview in (of_jpx, of_edinet):
        assert len(said(preview)) == 1
        assert "merge them where they are one" in said(preview)[0]
    take(of_edinet)
    assert db.session.scalar(select(func.count()).select_from(Company)) == 2


def test_a_list_leaves_the_former_code_of_a_company_alone() -> None:
    take(jpx(issue(ISSUE, code="1376")))
    row = db.session.scalars(select(Company)).one()
    wish = Wish(Company, "update", {"ticker_symbol": "1377", "edinet_code": "E00004"}, (row.id,), row.version)
    door.carry([wish], factories.intent("edit"))
    wish = Wish(Company, "update", {"edinet_code": "E00006"}, (row.id,), row.version)
    door.carry([wish], factories.intent("edit"))
    of_jpx = jpx(issue({"日付": "20250630", **ISSUE}, code="1376"), issue({"日付": "20250630"}, code="1377"))
    assert of_jpx.left_alone["former_code"] == 1
    of_edinet = edinet(filer(FILER), filer(FILER, code="E00006"), day="2025年10月31日")
    assert of_edinet.left_alone == {"former_code_of_a_company": 1}
    assert (of_edinet.counts["created"], of_edinet.counts["rejected"]) == (0, 0)


def test_a_company_that_was_renamed_is_the_holder_of_its_code_by_its_former_name() -> None:
    take(edinet(filer(FILER)))
    take(jpx(issue(ISSUE, code="1376")))
    take(edinet(filer(FILER | {"提出者名": "改名株式会社"}), day="2025年10月31日"))
    take(edinet(filer(LISTED | {"提出者名": "再改名株式会社"}), day="2025年11月30日"))
    assert [row[:2] for row in rows()] == [("E00004", "1376")]
