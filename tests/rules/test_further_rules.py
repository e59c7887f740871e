"""Rules that only other rooms make use of, each by itself."""

from datetime import date
from decimal import Decimal

from webapp.label import Label, Phrase
from webapp.rules import company, company_name, findings, masters, price, restatement, statement
from webapp.rules.expressions import NOW, PRIOR, Days, Figure, Number, Remainder, YearlyGrowth
from webapp.rules.fields import NotRead, Saying, unseen
from webapp.rules.findings import Finding


def test_a_former_name_is_found_by_its_key_and_has_its_days_in_order() -> None:
    assert company_name.derive({"value": "株式会社サカタのタネ"}) == {"value_folded": "サカタノタネ"}
    assert company_name.derive({"value": None}) == {}
    days = {"valid_from": date(2024, 1, 1), "valid_until": date(2023, 1, 1)}
    assert [one.field for one in company_name.check(days)] == ["valid_until"]
    assert list(company_name.check({"valid_from": date(2024, 1, 1)})) == []


def test_a_finding_becomes_json_and_comes_back_in_both_languages() -> None:
    found = Finding(
        "name_ja", "%(who)s has %(number)s", {"who": Label("甲", "A"), "number": 3, "amount": Decimal("1.5")}
    )
    assert str(found) == "A has 3"
    told = found.as_json()
    assert told["params"] == {"who": {"ja": "甲", "en": "A"}, "number": 3, "amount": "1.5"}
    assert "rule" not in told
    assert findings.params_from(told["params"]) == {"who": Label("甲", "A"), "number": 3, "amount": "1.5"}
    said = Finding("name_ja", "%(why)s", {"why": Phrase("since %(day)s", {"day": "2024-04-01"})}).as_json()
    assert findings.params_from(said["params"]) == {"why": Phrase("since %(day)s", {"day": "2024-04-01"})}
    placed = Finding(None, "x", line=0, rule="B1", record="r", row_key="1").as_json()
    assert (placed["line"], placed["rule"], placed["record"], placed["row_key"]) == (0, "B1", "r", "1")


def test_what_is_not_read_says_why() -> None:
    refused = NotRead("must be at least %(low)s", low=3)
    assert str(refused.saying) == "must be at least 3"
    assert str(Saying("%(a)s", {"a": 1})) == "1"
    lost = unseen("a\ufffd")
    assert lost is not None
    assert lost.params == {"place": 2}


def test_a_corporate_number_of_the_wrong_shape_is_refused_before_its_check_digit() -> None:
    assert company.CORPORATE_NUMBER.broken_by("123") is not None
    hidden = company.CORPORATE_NUMBER.broken_by("118030\u200b1018771")
    assert hidden is not None
    assert "invisible" in hidden.message


def test_a_price_is_above_zero() -> None:
    day = dict.fromkeys(("open", "high", "low", "close"), Decimal(0)) | {"volume": 1}
    assert {one.field for one in price.check(day)} >= {"open", "high", "low", "close"}


def test_figures_of_shares_that_appear_or_go_are_no_split() -> None:
    assert restatement.class_of({"eps_basic": (Decimal(0), Decimal(5))}, "JGAAP") == "RES"


def test_a_statement_without_its_day_derives_nothing() -> None:
    assert statement.derive({"revenue": Decimal(1)}) == {}


def test_growth_of_what_is_missing_or_negative_is_none() -> None:
    yearly = YearlyGrowth(Figure("a") / Figure("b"), 3)
    assert yearly.value({NOW: {"a": Decimal(-8), "b": Decimal(1)}}) is None
    assert yearly.value({NOW: {"a": None, "b": Decimal(1)}}) is None
    assert yearly.value({NOW: {"a": Decimal(8), "b": Decimal(1)}}) == 1


def test_days_and_remainders_of_what_is_missing_are_missing() -> None:
    between = Days(Figure("a", PRIOR), Figure("a"))
    assert between.value({NOW: {"a": date(2025, 3, 31)}}) is None
    assert between.value({NOW: {"a": date(2025, 3, 31)}, PRIOR: {"a": date(2024, 3, 31)}}) == 365
    left = Remainder(Figure("a"), Figure("unit"))
    assert left.value({NOW: {"a": Decimal(-1500), "unit": 1000}}) == -500
    assert left.value({NOW: {"a": Decimal(5), "unit": 0}}) is None
    assert left.value({NOW: {"a": None, "unit": 1000}}) is None
    assert Number(Decimal(3)).value({}) == 3


def test_every_rule_of_companies_has_a_name_and_a_source_and_is_read_by_itself() -> None:
    assert len(masters.BY_ID) == len(masters.RULES)
    for rule in masters.RULES:
        assert rule.source
        assert f"'{rule.id}' AS rule" in masters.broken([rule])
        assert set(rule.told) <= {"value", "folded", "others", "month", "day", "date", "change_set"}
    assert masters.broken().count("UNION ALL") == len(masters.RULES) - 1
