"""What is said of a change set in a few words: on Home, in the list, and to who does not read Japanese."""

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.models.company import Company
from webapp.services.changes import applying, proposing
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")

LIST = "/admin/change-sets/"
JAPANESE, ENGLISH = "京都株式会社", "Kyoto Co., Ltd."
OTHER = "Kyoto Holdings"


def carry(action: str, number: int, **values: object) -> int:
    """Change a company; the number of the change set."""
    kind = "delete" if action == "delete" else "edit"
    wish = Wish(Company, action, values, (number,))
    change_set = applying.carry_out(proposing.propose([wish], factories.intent(kind)))
    assert change_set is not None
    db.session.commit()
    return int(change_set.id)


@pytest.fixture
def kyoto() -> int:
    return int(factories.company(name_ja=JAPANESE, name_en=ENGLISH).id)


@pytest.mark.parametrize(
    ("language", "said", "kind"),
    [("ja", f"{JAPANESE} 英文商号", "企業：編集"), ("en", f"{OTHER} Name (en)", "Companies: Edit")],
)
def test_home_says_of_a_change_which_record_and_which_fields(
    app: Flask, kyoto: int, language: str, said: str, kind: str
) -> None:
    number = carry("update", kyoto, name_en=OTHER)
    page = Browser(app, language=language).get("/admin/").text
    line = page[page.index(f">#{number} ") :].partition("</li>")[0]
    link, _tag, rest = line.partition("</a>")
    assert said in link
    assert kind in rest


def test_who_reads_english_is_told_english_names_in_the_list_and_as_kept_where_the_record_is_gone(
    app: Flask, kyoto: int
) -> None:
    carry("update", kyoto, description="a maker of cards")
    browser = Browser(app)
    with statements() as seen:
        page = browser.get(LIST).text
    assert ENGLISH in page
    assert JAPANESE not in page
    assert sum("FROM companies" in one for one in seen) == 1
    carry("delete", kyoto)
    assert JAPANESE in browser.get(LIST).text


def test_who_reads_english_is_told_english_names_of_what_cannot_be_undone(app: Flask, kyoto: int) -> None:
    number = carry("update", kyoto, description="first")
    carry("update", kyoto, description="second")
    page = Browser(app).get(f"{LIST}details/", id=number).text
    assert f"{ENGLISH}” since: " in page


@pytest.mark.parametrize(("language", "said"), [("ja", "書類ファイル"), ("en", "document file")])
def test_a_report_that_came_for_a_document_of_the_register_is_called_its_file(
    app: Flask, language: str, said: str
) -> None:
    filing = factories.filing(doc_id="S100AAAA")
    wish = Wish(type(filing), "update", {"file_hash": "0" * 64}, ("S100AAAA",))
    assert applying.carry_out(proposing.propose([wish], factories.intent("import"))) is not None
    db.session.commit()
    page = Browser(app, language=language).get(LIST).text
    assert f"S100AAAA {said}" in page
    assert "SHA-256" not in page
