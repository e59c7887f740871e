"""Rules about one value mean the same to Python and to PostgreSQL."""

import unicodedata
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from webapp.rules import company, statement
from webapp.rules.fields import Between, FieldRule, OneOf, Pattern, Text, digits, unseen
from webapp.rules.findings import Finding

WORDS = st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), max_size=12)
on_the_database = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def agrees(connection: Connection, rule: FieldRule, value: Any, cast: str) -> None:
    """Python finds a value broken exactly where PostgreSQL's CHECK is false."""
    condition = rule.as_sql("v")
    assert condition is not None
    statement_ = text(
        f"SELECT {condition.replace(':', chr(92) + ':')} FROM (SELECT CAST(:value AS {cast}) AS v) t"
    )
    is_fine = connection.execute(statement_, {"value": value}).scalar_one()
    assert is_fine == (rule.broken_by(value) is None), (value, rule.broken_by(value))


@on_the_database
@given(value=WORDS)
def test_text_rules_agree_with_their_checks(connection: Connection, value: str) -> None:
    # The CHECK does not ask for NFC, or against exotic spaces at the ends and invisible characters; whatever else
    # Python refuses, it refuses.
    rule = Text(200)
    condition = rule.as_sql("v")
    query = text(f"SELECT {condition} FROM (SELECT CAST(:value AS text) AS v) t")
    is_fine = connection.execute(query, {"value": value}).scalar_one()
    if rule.broken_by(value) is None:
        assert is_fine
    elif (
        not unseen(value)
        and value == unicodedata.normalize("NFC", value)
        and value == value.strip("\u2028\u2029\x85\xa0")
    ):
        strange = {mark for mark in value[:1] + value[-1:] if mark.isspace() and mark not in " \u3000"}
        assert not is_fine or strange


@on_the_database
@given(value=st.one_of(st.from_regex(r"[0-9A-Z]{4}", fullmatch=True), WORDS))
def test_securities_codes_agree(connection: Connection, value: str) -> None:
    if "\n" not in value:
        agrees(connection, company.TICKER_SYMBOL, value, "text")


@on_the_database
@given(value=st.from_regex(r"[0-9]{12,14}", fullmatch=True).filter(str.isascii))
def test_corporate_numbers_agree(connection: Connection, value: str) -> None:
    agrees(connection, company.CORPORATE_NUMBER, value, "text")


@on_the_database
@given(value=st.one_of(st.integers(-(10**19), 10**19).map(Decimal), st.just(Decimal("NaN"))))
def test_money_agrees(connection: Connection, value: Decimal) -> None:
    agrees(connection, statement.MONEY, value, "numeric")
    agrees(connection, statement.MONEY_NOT_NEGATIVE, value, "numeric")


@given(body=st.from_regex(r"[0-9]{12}", fullmatch=True).filter(str.isascii))
def test_every_twelve_digits_have_exactly_one_check_digit(body: str) -> None:
    fitting = [digit for digit in "0123456789" if company.CORPORATE_NUMBER.broken_by(digit + body) is None]
    assert len(fitting) == 1


@pytest.mark.parametrize("number", ["1130001011420", "5070001000715", "6020001008662"])
def test_real_corporate_numbers_pass(number: str) -> None:
    assert company.CORPORATE_NUMBER.broken_by(number) is None


@pytest.mark.parametrize("code", ["1301", "7974", "130A", "2A3C", "9999"])
def test_real_shapes_of_securities_codes_pass(code: str) -> None:
    assert company.TICKER_SYMBOL.broken_by(code) is None


@pytest.mark.parametrize("code", ["0130", "130B", "13A1", "130a", "１３０１", "13010", "7I74", "7974\n"])
def test_other_shapes_are_broken(code: str) -> None:
    assert company.TICKER_SYMBOL.broken_by(code) is not None


@pytest.mark.parametrize(
    ("rule", "value", "says"),
    [
        (Text(3), "abcd", "must have at most 3 characters"),
        (Text(9), "", "must not be empty text; leave it out instead"),
        (Text(9), " a", "must not begin or end with a space"),
        (Text(9), "a\u3000", "must not begin or end with a space"),
        (Text(9), "か\u3099", "must be in Unicode normal form C"),
        (Text(9), "a\x01", "must not hold control characters"),
        (Text(9), "a\nb", "must not hold control characters"),
        (Text(9, is_long=True), "a\tb", "must not hold control characters"),
        (Text(9), "\ud800", "must not hold control characters"),
        (OneOf(("a", "b")), "c", "must be one of a, b"),
        (Pattern("x", "an x"), "y", "an x"),
        (Between(1, 12), 13, "must be at most 12"),
        (Between(1, 12), 0, "must be at least 1"),
        (Between(1, 12), Decimal("Infinity"), "must be a number"),
        (Between(1, 12), Decimal("1.5"), "must be a whole number"),
        (digits(18, 4), Decimal("1.00005"), "must have at most 4 decimals"),
        (statement.ROUNDING_UNIT, 100, "must be one of 1, 1000, 1000000"),
        (company.CORPORATE_NUMBER, "12", company.CORPORATE_NUMBER.says),
        (company.CORPORATE_NUMBER, "1130001011421", "has a wrong check digit"),
    ],
)
def test_a_broken_value_is_told_why(rule: FieldRule, value: Any, says: str) -> None:
    assert str(rule.broken_by(value)) == says


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        (Text(9, is_long=True), "a\nb"),
        (Between(), 5),
        (digits(18, 4), Decimal("1.50000")),
        (digits(20, 0), Decimal("1E+3")),
        (statement.ROUNDING_UNIT, 1000),
    ],
)
def test_a_fine_value_is_left_alone(rule: FieldRule, value: Any) -> None:
    assert rule.broken_by(value) is None


@pytest.mark.parametrize(
    "mark", ["\u3164", "\u115f", "\u2800", "\u034f", "\u2060", "\ufe00", "\U000e0100", "\ue000"]
)
def test_what_nobody_sees_is_no_name_and_no_part_of_one(mark: str) -> None:
    assert Text(9).broken_by(mark) is not None
    assert Text(9).broken_by(f"テスト{mark}商事") is not None


def test_every_kind_of_character_that_unicode_hides_is_refused() -> None:
    hidden = {"Cf", "Cs", "Co", "Zl", "Zp"}
    marks = (chr(number) for number in range(0x110000))
    missed = [mark for mark in marks if unicodedata.category(mark) in hidden and unseen(f"a{mark}") is None]
    assert missed == []


@pytest.mark.parametrize(
    "name", ["葛\U000e0100城市", "辻\ufe00", "☎\ufe0f", "株式会社　サカタのタネ", "ﾊﾟ㈱髙﨑", "か゚"]
)
def test_marks_that_change_what_is_seen_stay(name: str) -> None:
    assert Text(20).broken_by(unicodedata.normalize("NFC", name)) is None


def test_hints_say_what_to_type() -> None:
    assert str(Between(1, 12).hint()) == "1–12"
    assert str(company.EDINET_CODE.hint()) == "an EDINET code: E and five digits, such as E02367"
    assert str(company.CORPORATE_NUMBER.hint()) == company.CORPORATE_NUMBER.says
    for silent in (
        Between(1),
        Between(0, 2**53),
        digits(20, 0),
        Text(3),
        OneOf(("a",)),
        statement.ROUNDING_UNIT,
    ):
        assert silent.hint() is None


def test_the_ends_that_a_type_keeps_are_not_checked_again() -> None:
    assert digits(20, 0).as_sql("x") == "x <> 'NaN'"
    assert digits(20, 0, low=0).as_sql("x") == "x >= 0 AND x <> 'NaN'"
    assert digits(20, 0, high=0).as_sql("x") == "x <= 0"
    assert Between(1, 12).as_sql("x") == "x BETWEEN 1 AND 12"


def test_a_finding_reads_as_a_sentence_and_as_json() -> None:
    finding = Finding("name", "must have at most %(longest)s characters", {"longest": 3})
    assert str(finding) == "must have at most 3 characters"
    assert finding.as_json() == {
        "field": "name",
        "message": "must have at most %(longest)s characters",
        "params": {"longest": 3},
        "is_blocking": True,
    }
