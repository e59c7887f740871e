"""stockcode verify and release: whose word a field is, from the command line."""

import json

import pytest
from sqlalchemy import Connection, select

from tests import factories
from tests.cli.conftest import Stockcode
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.steward_value import StewardValue
from webapp.services.changes import applying, proposing
from webapp.services.changes.proposals import Wish

pytestmark = pytest.mark.usefixtures("connection")
OF_COMPANY = ("companies", "E99801", "name_en", "capital_stock")


@pytest.fixture(autouse=True)
def company(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> str:
    """One that no steward has touched; its key."""
    monkeypatch.setenv("LC_ALL", "C")
    wish = Wish(
        Company, "create", {"name_ja": "一覧の株式会社", "edinet_code": "E99801", "name_en": "Of the list"}
    )
    applying.carry_out(proposing.propose([wish], factories.intent("import")))
    number = db.session.scalars(select(Company.id)).one()
    db.session.commit()
    return str(number)


def words() -> dict[str, str]:
    return {value.field: value.how for value in db.session.scalars(select(StewardValue))}


def test_fields_are_verified_and_released_and_what_they_hold_is_told(
    stockcode: Stockcode, company: str
) -> None:
    done = stockcode("verify", *OF_COMPANY, "--reason", "annual report, page 1")
    assert done.exit_code == 0, done.stderr
    for told in ("Of the list", "Verified, as change set #"):
        assert told in done.stdout
    assert words() == {"name_en": "verified", "capital_stock": "verified"}
    change_set = db.session.scalars(select(ChangeSet).order_by(ChangeSet.id.desc()).limit(1)).one()
    assert (change_set.reason, change_set.author_name[-14:]) == (
        "annual report, page 1",
        "(command line)",
    )
    report = json.loads(stockcode("release", *OF_COMPANY[:3], "--json").stdout)
    assert (report["verb"], report["key"], report["fields"]) == ("release", company, ["name_en"])
    assert words() == {"capital_stock": "verified"}
    again = stockcode("release", *OF_COMPANY[:3])
    assert (again.exit_code, "nothing was saved" in again.stdout) == (0, True)


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (("shoes", "1", "size"), 2, "shoes is none of the tables"),
        (("companies", "E99801", "version"), 2, "No field version can be verified"),
        (("companies", "E99809", "name_en"), 1, "does not name exactly one company"),
        (("financial_statements", "999999", "revenue"), 1, "does not exist"),
        (("financial_statements", "none", "revenue"), 1, "does not exist"),
        (("companies", "E99801", "name_en", "--reason", "x" * 1001), 1, "1000"),
    ],
)
def test_what_cannot_be_verified_is_told_with_a_true_exit_code(
    stockcode: Stockcode, given: tuple[str, ...], code: int, said: str
) -> None:
    done = stockcode("verify", *given)
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr
    assert words() == {}
