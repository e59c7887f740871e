"""What operators ask of figures: rules, indicators, whether they hold, and computing anew."""

import json
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from tests import factories
from tests.cli.conftest import Stockcode
from webapp import db
from webapp.indicators.formulas import INDICATORS
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import finding, masters
from webapp.rules.accounting.catalogue import BY_ID
from webapp.rules.disclosure import reading
from webapp.services.changes.following import expected_statements
from webapp.services.checking import broken_rules

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def speaking_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the terminal of whoever runs the tests speaks."""
    monkeypatch.setenv("LC_ALL", "C")


def test_every_rule_and_every_indicator_is_told_with_its_source(stockcode: Stockcode) -> None:
    rules = json.loads(stockcode("rules", "--json").stdout)
    assert [rule["id"] for rule in rules] == [*BY_ID, *masters.BY_ID, *reading.BY_ID, *finding.OF_SOURCES]
    assert "B2  資産合計は負債と純資産の和 (要確認) [EC8057W]\n" in stockcode("rules", "--lang", "ja").stdout
    assert "\n担当者の値と出典の相違 (要確認)\n" in stockcode("rules", "--lang", "ja").stdout
    assert all(rule["formulas"]["ja"] for rule in rules if rule["id"] in BY_ID)
    assert all(rule["source"] for rule in rules)
    assert all(rule["scope"]["ja"] and rule["scope"]["en"] for rule in rules)
    assert (
        "    Total assets = Total liabilities + Net assets ± Rounding unit × 2\n" in stockcode("rules").stdout
    )
    indicators = json.loads(stockcode("indicators", "--json").stdout)
    assert [one["id"] for one in indicators] == [one.name for one in INDICATORS]
    assert all(one["source"] and one["formula"]["ja"] for one in indicators)
    assert "roe  Return on equity = profit of owners / average equity\n" in stockcode("indicators").stdout


def test_broken_rules_are_told_in_sentences_and_counted(stockcode: Stockcode) -> None:
    figures = {"total_assets": Decimal(100), "total_liabilities": Decimal(30), "net_assets": Decimal(60)}
    with db.transaction():
        company = factories.company(ticker_symbol="7974", name_ja="任天堂株式会社")
        factories.statement(company_id=company.id, **figures)
    done = stockcode("check", "--company", "7974", "--rule", "B2", "--lang", "en")
    assert done.exit_code == 0
    first, counted = done.stdout.splitlines()
    assert first.startswith("B2  7974 任天堂株式会社")
    assert "Total assets 100 yen differs from Total liabilities + Net assets, 90 yen, by 10 yen" in first
    assert counted == "B2: 1  Total assets are liabilities plus net assets"
    told = json.loads(stockcode("check", "--json").stdout)
    assert told["broken"] == {"B2": 1}
    assert [(one["rule"], one["field"], one["severity"]) for one in told["findings"]] == [
        ("B2", "total_assets", "review")
    ]
    assert stockcode("check", "--rule", "B1").stdout == "No rule is broken.\n"


def test_what_is_wrong_with_the_list_of_companies_is_told_too(stockcode: Stockcode) -> None:
    with db.transaction():
        factories.company(name_ja="株式会社東和", ticker_symbol="7203")
        factories.company(name_ja="東和株式会社", edinet_code="E99999")
    done = stockcode("check", "--company", "7203", "--lang", "ja")
    assert done.stdout.splitlines() == [
        "M-name  7203 株式会社東和 商号：E99999 東和株式会社 と商号が同じです。二重登録ではないか確かめてください",
        "M-name: 1  商号の重複",
    ]
    told = json.loads(stockcode("check", "--rule", "M-name", "--json").stdout)
    assert told["broken"] == {"M-name": 2}


def test_odd_prices_are_told_as_the_list_of_findings_tells_them(stockcode: Stockcode) -> None:
    with db.transaction():
        company = factories.company(ticker_symbol="7974", name_ja="任天堂株式会社")
        day = {"company_id": company.id, "data_source": "a test"}
        for on, close in ((date(2025, 6, 2), Decimal(1000)), (date(2025, 6, 3), Decimal("1310.5"))):
            factories.price(**day, traded_on=on, **dict.fromkeys(factories.OHLC, close))
    done = stockcode("check", "--rule", "PRICE_LIMIT", "--lang", "ja")
    assert done.stdout.splitlines() == [
        "PRICE_LIMIT  7974 任天堂株式会社 2025/06/03 終値：前の終値 1,000 から制限値幅 ±300 を超えて動いています",
        "PRICE_LIMIT: 1  株価の制限値幅",
    ]
    (one,) = json.loads(stockcode("check", "--company", "7974", "--json").stdout)["findings"]
    assert (one["table"], one["id"]) == ("stock_prices", f"{company.id},2025-06-03")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("check", "--company", "0000"), 1, "No company has the code “0000”."),
        (("check", "--rule", "X"), 2, "no rule “X”"),
    ],
)
def test_what_is_not_there_is_said(
    stockcode: Stockcode, words: tuple[str, ...], code: int, said: str
) -> None:
    done = stockcode(*words)
    assert done.exit_code == code
    assert said in done.stderr


def test_indicators_taken_away_by_hand_are_computed_anew_and_others_left_alone(stockcode: Stockcode) -> None:
    with db.transaction():
        factories.statement(total_assets=Decimal(100), equity_attributable_to_owners=Decimal(40))
        db.session.execute(FinancialIndicator.__table__.delete())
    assert stockcode("recalculate").stdout == "Indicators: 1 computed anew, 0 taken away.\n"
    assert stockcode("recalculate").stdout == "Indicators: 0 computed anew, 0 taken away.\n"
    (stored,) = db.session.query(FinancialIndicator).all()
    assert stored.equity_ratio == Decimal("0.4")
    assert stored.statuses["roe"] == "missing_input"


def test_with_json_what_was_computed_anew_and_taken_away_is_one_object(stockcode: Stockcode) -> None:
    with db.transaction():
        company = factories.company(ticker_symbol="7974")
        factories.statement(company_id=company.id, total_assets=Decimal(100))
        factories.statement(total_assets=Decimal(100))
        db.session.execute(FinancialIndicator.__table__.delete())
    of_one = stockcode("recalculate", "--company", "7974", "--json")
    assert (of_one.exit_code, json.loads(of_one.stdout)) == (0, {"written": 1, "gone": 0})
    with db.transaction():
        statement = db.session.scalars(select(FinancialStatement.id).order_by(FinancialStatement.id)).first()
        db.session.execute(
            text("UPDATE financial_statements SET is_current = false WHERE id = :id"), {"id": statement}
        )
    assert json.loads(stockcode("recalculate", "--json").stdout) == {"written": 1, "gone": 1}


@pytest.mark.parametrize("command", ["check", "recalculate", "coverage"])
def test_all_companies_may_be_said_and_are_meant_without_it(stockcode: Stockcode, command: str) -> None:
    said, unsaid = stockcode(command, "--all"), stockcode(command)
    assert (said.exit_code, said.stdout) == (unsaid.exit_code, unsaid.stdout)
    both = stockcode(command, "--all", "--company", "7974")
    assert both.exit_code == 2
    assert "exclude each other" in both.stderr


def test_what_looks_at_everything_may_take_as_long_as_computing_it_anew(
    stockcode: Stockcode, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed: list[str] = []

    def looked(*_asked: object) -> tuple[()]:
        allowed.append(db.session.scalars(text("SHOW statement_timeout")).one())
        return ()

    monkeypatch.setattr(broken_rules, "broken", looked)
    monkeypatch.setattr(expected_statements, "look_at_all", looked)
    for command in ("check", "coverage"):
        assert stockcode(command).exit_code == 0
    assert allowed == ["15min", "15min"]
