"""What a later report leaves unsaid of a statement that it restates in part."""

from typing import Any

import pytest

from webapp.rules.accounting.unsaid import unknown

FILED = {
    "accounting_standard": "JGAAP",
    "scope": "consolidated",
    "period_type": "Q1",
    "industry_format": "",
    "rounding_unit": 1,
    "total_assets": 100_000,
    "liabilities_and_net_assets": 100_000,
    "current_assets": 60_000,
    "noncurrent_assets": 40_000,
    "total_liabilities": 30_000,
    "current_liabilities": 20_000,
    "noncurrent_liabilities": 10_000,
    "net_assets": 70_000,
    "shareholders_equity": 68_000,
    "non_controlling_interests": 2_000,
}
# What the summary gives of the assets is not what the balance sheet of then adds up to.
OF_ASSETS = {"liabilities_and_net_assets", "total_liabilities", "current_assets", "noncurrent_assets"}


@pytest.mark.parametrize(
    ("restated", "given", "left_out"),
    [
        ({"total_assets": 95_000}, {"total_assets", "net_assets"}, OF_ASSETS),
        # Where the whole balance sheet is given, all of it is known.
        (
            {"total_assets": 95_000, "liabilities_and_net_assets": 95_000, "noncurrent_assets": 35_000,
             "total_liabilities": 25_000, "noncurrent_liabilities": 5_000},
            {"total_assets", "net_assets", *OF_ASSETS, "current_liabilities", "noncurrent_liabilities"},
            set(),
        ),
        # Net assets without their parts: what counts as nothing where it is missing stays.
        (
            {"total_assets": 98_000, "net_assets": 68_000},
            {"total_assets", "net_assets"},
            (OF_ASSETS - {"total_liabilities"}) | {"shareholders_equity"},
        ),
        ({"revenue": 7_000}, {"revenue"}, set()),
    ],
)  # fmt: skip
def test_what_no_more_fits_what_is_given_anew_is_not_known(
    restated: dict[str, Any], given: set[str], left_out: set[str]
) -> None:
    assert unknown(FILED | restated, FILED, given) == left_out


def test_what_did_not_fit_when_it_was_filed_stays_as_it_was_filed() -> None:
    filed = FILED | {"current_assets": 61_000}
    assert (
        unknown(filed | {"net_assets": 70_000, "revenue": 7_000}, filed, {"revenue", "net_assets"}) == set()
    )
    assert "current_assets" not in unknown(filed | {"total_assets": 95_000}, filed, {"total_assets"})


def test_a_part_that_counts_as_nothing_goes_where_nothing_else_is_unsaid() -> None:
    filed = FILED | {"accounting_standard": "IFRS", "equity_attributable_to_owners": 68_000}
    restated = filed | {"equity_attributable_to_owners": 65_000}
    given = {"equity_attributable_to_owners", "net_assets"}
    assert unknown(restated, filed, given) == {"non_controlling_interests"}
