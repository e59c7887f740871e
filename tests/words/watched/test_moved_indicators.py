"""Indicators that have moved, as people read them."""

from decimal import Decimal

import pytest

from webapp.services.checking.impact import OfCompany
from webapp.words.speech import Speech
from webapp.words.watched import moved_indicators


@pytest.mark.parametrize(
    ("before", "after", "sides"),
    [
        ("0.0810", "0.0790", ("8.10 %", "7.90 %")),
        ("0.77481", "0.77480", ("77.481 %", "77.480 %")),
        ("0.7748", "0.77479979", ("77.48000 %", "77.47998 %")),
        ("-0.1", "0.1", ("▲10.00 %", "10.00 %")),
    ],
)
def test_what_has_moved_never_reads_as_if_it_had_not(before: str, after: str, sides: tuple[str, str]) -> None:
    moved = moved_indicators.moved("roe", Decimal(before), Decimal(after), (None, None), Speech("en"))
    assert (moved.before, moved.after) == sides


@pytest.mark.parametrize(
    ("after", "state", "said"),
    [
        ("0.081", "statutory_rate", "8.10 %（法定実効税率で計算）"),
        (None, "missing_input", "元データなし"),
        (None, None, "—"),
    ],
)
def test_what_stood_in_is_said_with_the_value_and_a_reason_in_its_place(
    after: str | None, state: str | None, said: str
) -> None:
    value = after and Decimal(after)
    moved = moved_indicators.moved("roic", Decimal("0.081"), value, (None, state), Speech("ja"))
    assert (moved.before, moved.after) == ("8.10 %", said)


@pytest.mark.parametrize(
    ("companies", "told", "would"),
    [
        (
            (1, 1),
            "変わった財務指標：自己資本利益率（ROE） 12.00 % → 6.00 %、自己資本利益率（ROE） 12.00 % → 6.00 %",
            "次の財務指標が変わります：自己資本利益率（ROE） 12.00 % → 6.00 %、"
            "自己資本利益率（ROE） 12.00 % → 6.00 %",
        ),
        (
            (1, 2),
            "変わった財務指標：複数の企業の 1,234 件",
            "複数の企業の財務指標が変わります：1,234 件",
        ),
    ],
)
def test_a_value_without_its_company_is_told_of_one_company_alone(
    companies: tuple[int, int], told: str, would: str
) -> None:
    one = {"name": "roe", "before": "0.12", "after": "0.06", "was": None, "is_now": None}
    is_of_one = companies[0] == companies[1]
    moves = [one | {"company_id": number} for number in companies]
    kept = {"moves": moves, "moved": 2 if is_of_one else 1234, "new": 0, "gone": 0}
    assert moved_indicators.sentence(kept, Speech("ja")) == told
    assert list(moved_indicators.rehearsed(kept, Speech("ja"))) == [would]


def test_what_comes_and_goes_is_told_by_its_periods_and_as_no_move() -> None:
    kept = {"moves": [], "moved": 0, "new": 1, "gone": 2}
    assert list(moved_indicators.rehearsed(kept, Speech("en"))) == [
        "Computed for the first time: 1 period.",
        "Taken away: those of 2 periods.",
    ]
    moving = [OfCompany(1, [], 1, 0), OfCompany(2, [], 2, 0)]
    assert moved_indicators.foreseen_of(moving, Speech("ja")) == ["新たに計算：3 期間。"]
