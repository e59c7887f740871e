"""Indicators that have moved, as people read them."""

from decimal import Decimal

import pytest

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
