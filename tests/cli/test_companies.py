"""stockcode companies merge: two rows of one company become one."""

import json

import pytest
from sqlalchemy import Connection, func, select

from tests import factories
from tests.cli.conftest import Stockcode
from webapp import db
from webapp.models.company import Company

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def two_rows(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    factories.company(edinet_code=None, ticker_symbol="9Y2X", listing_status="listed", name_ja="架空新規")
    factories.company(edinet_code="E99801", name_ja="株式会社架空新規")
    db.session.commit()


def test_two_rows_are_merged_and_told_as_json(stockcode: Stockcode) -> None:
    words = ("merge", "9Y2X", "E99801", "--take", "listing_status", "--yes", "--json")
    done = stockcode("companies", *words)
    assert done.exit_code == 0, done.stderr
    report = json.loads(done.stdout)
    row = db.session.scalars(select(Company)).one()
    assert (row.id, row.ticker_symbol, row.listing_status) == (report["winner"], "9Y2X", "listed")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("9Y2X", "E99809", "--yes"), 1, "does not name exactly one company"),
        (("9Y2X", "9Y2X", "--yes"), 1, "not merged into itself"),
        (("9Y2X", "E99801", "--take", "shoe_size", "--yes"), 2, "no field shoe_size"),
        (("9Y2X", "E99801", "--json"), 2, "--json needs --yes"),
        (("9Y2X", "E99801"), 1, "Aborted"),
    ],
)
def test_what_is_not_merged_is_told_with_a_true_exit_code(
    stockcode: Stockcode, words: tuple[str, ...], code: int, said: str
) -> None:
    done = stockcode("companies", "merge", *words, given="n\n")
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr
    assert db.session.scalar(select(func.count()).select_from(Company)) == 2
