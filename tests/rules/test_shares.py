"""What is right between the fields of a corporate action, and between the counts of a company's shares."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from webapp.rules import corporate_action, shares

SPLIT: dict[str, Any] = {
    "kind": "split",
    "ex_on": date(2022, 9, 29),
    "effective_on": date(2022, 10, 1),
    "ratio_from": Decimal(1),
    "ratio_to": Decimal(10),
}


def test_a_split_and_a_merger_without_a_ratio_are_well() -> None:
    assert list(corporate_action.check(SPLIT)) == []
    assert (
        list(corporate_action.check({**SPLIT, "kind": "merger", "ratio_from": None, "ratio_to": None})) == []
    )
    assert list(corporate_action.check({**SPLIT, "kind": "allotment", "ratio_to": Decimal("0.5")})) == []


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"ratio_to": None}, "ratio_to", "the shares before and after belong together: give both or none"),
        (
            {"ratio_from": None, "ratio_to": None},
            "ratio_to",
            "is needed: without it prices before and after cannot be compared",
        ),
        ({"ratio_from": Decimal(0)}, "ratio_from", "must be above zero"),
        ({"ratio_to": Decimal(1)}, "ratio_to", "a split makes more shares of one"),
        ({"kind": "reverse_split"}, "ratio_to", "a reverse split makes one share of several"),
        ({"effective_on": date(2022, 9, 28)}, "effective_on", "must not be before the ex-date"),
    ],
)
def test_an_action_that_cannot_be_is_refused(changes: dict[str, Any], field: str, sentence: str) -> None:
    (found,) = corporate_action.check({**SPLIT, **changes})
    assert (found.field, found.message, found.is_blocking) == (field, sentence, True)


@pytest.mark.parametrize(
    ("counts", "fields"),
    [
        ({"issued": 100, "treasury": 100}, []),
        ({"issued": 100, "treasury": None}, []),
        ({"issued": 100, "treasury": 101}, ["treasury"]),
        ({"issued": 0, "treasury": 0}, ["issued"]),
    ],
)
def test_own_shares_are_some_of_those_issued(counts: dict[str, int | None], fields: list[str]) -> None:
    assert [finding.field for finding in shares.check(counts)] == fields
