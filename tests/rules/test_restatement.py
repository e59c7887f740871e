"""Of which class a restatement is."""

from decimal import Decimal

import pytest

from webapp.rules import restatement


def changed(**pairs: tuple[float | str, float | str]) -> dict[str, tuple[Decimal, Decimal]]:
    return {name: (Decimal(str(before)), Decimal(str(after))) for name, (before, after) in pairs.items()}


@pytest.mark.parametrize(
    ("figures", "standard", "kind"),
    [
        # Real ones: OKI and Nintendo 2018, OKI 2021, Fujitsu 2017 and 2024, TDK 2024, Fujitsu 2018 (a reverse split).
        (changed(total_assets=(371778, 366512), current_assets=(230420, 224743)), "JGAAP", "CLA"),
        (changed(profit=(-172, -786), net_assets=(113265, 111598), revenue=(1, 2)), "JGAAP", "RES"),
        (changed(revenue=(4509694, 4132972), income_before_taxes=(135147, 124162)), "IFRS", "DIS"),
        (
            changed(
                eps_basic=("328.70", "65.74"), eps_diluted=("328.19", "65.64"), bps=("4500.19", "900.04")
            ),
            "IFRS",
            "SPL",
        ),
        (changed(cash_and_equivalents_end=(452671, 452557), eps_basic=("82.53", "825.32")), "IFRS", "CLA"),
        # 日本基準 shows no discontinued operations apart; gross and net revenue are presentation.
        (changed(revenue=(4, 3), income_before_taxes=(2, 1)), "JGAAP", "CLA"),
        (changed(revenue=(4, 3), cost_of_revenue=(2, 1)), "IFRS", "CLA"),
        # Figures of a share that change by no one ratio, or by hardly any, are of no split.
        (changed(eps_basic=("100.00", "50.00"), bps=("900.00", "300.00")), "JGAAP", "RES"),
        (changed(eps_basic=("100.00", "101.00")), "JGAAP", "RES"),
        (changed(eps_basic=("-2.38", "2.38")), "JGAAP", "RES"),
        # Counts of shares grow by what figures of a share fall by.
        (changed(eps_basic=("100.00", "20.00"), average_shares=(1000, 5000)), "JGAAP", "SPL"),
    ],
)
def test_a_restatement_is_classed_by_the_figures_that_change(
    figures: dict[str, tuple[Decimal, Decimal]], standard: str, kind: str
) -> None:
    assert restatement.class_of(figures, standard) == kind


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        # One into five: five times what is rounded to a hundredth, and that of before, may lie between.
        ("50.00", "10.00", "SPL"), ("50.00", "10.012", "SPL"), ("50.00", "9.988", "SPL"), ("50.00", "10.013", "RES"),
        ("50.00", "10.02", "RES"),
    ],
)  # fmt: skip
def test_figures_of_a_share_may_differ_from_a_split_by_what_they_are_rounded_by(
    before: str, after: str, kind: str
) -> None:
    figures = changed(bps=("1000.00", "200.00"), eps_basic=(before, after))
    assert restatement.class_of(figures, "JGAAP") == kind


@pytest.mark.parametrize(("before", "kind"), [("10.00", "SPL"), ("10.10", "SPL"), ("10.15", "RES")])
def test_of_ten_shares_that_became_one_the_figure_of_before_is_rounded_ten_times_as_much(
    before: str, kind: str
) -> None:
    figures = changed(bps=("100.00", "1000.00"), eps_basic=(before, "100.00"))
    assert restatement.class_of(figures, "JGAAP") == kind


def test_what_was_nothing_says_nothing_of_a_split_and_every_figure_of_a_share_may_change_by_it() -> None:
    split = changed(eps_basic=("100.00", "20.00"), dps_interim=(0, 1))
    assert restatement.class_of(split, "JGAAP") == "SPL"
    assert restatement.class_of(changed(dps_interim=(0, 1)), "JGAAP") == "RES"
    every = {name: (Decimal(500), Decimal(100)) for name in restatement.PER_SHARE}
    counts = {name: (Decimal(1000), Decimal(5000)) for name in restatement.SHARES}
    assert restatement.class_of(every | counts, "JGAAP") == "SPL"
