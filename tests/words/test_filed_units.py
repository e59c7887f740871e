"""In what facts are counted: as people say it, whatever the file calls it."""

from decimal import Decimal

import pytest

from webapp.words import filed_units
from webapp.words.speech import of_language

CRP = "jpcrp_cor:"


@pytest.mark.parametrize(
    ("element", "unit", "number", "japanese", "english"),
    [
        ("jppfs_cor:Assets", "JPY", 7, "円", "yen"),
        ("jppfs_cor:Assets", "USD", 7, "米ドル", "US dollars"),
        ("jppfs_cor:Assets", "THB", 7, "THB", "THB"),
        (f"{CRP}NetAssetsPerShareSummaryOfBusinessResults", "JPYPerShares", 7, "円／株", "yen per share"),
        (
            f"{CRP}NetAssetsPerShareSummaryOfBusinessResults",
            "USDPerShares",
            7,
            "米ドル／株",
            "US dollars per share",
        ),
        (f"{CRP}NumberOfSharesHeld", "shares", 100, "株", "shares"),
        (f"{CRP}EquityToAssetRatioSummaryOfBusinessResults", "pure", "0.778", "（77.8%）", "(77.8%)"),
        (f"{CRP}RateOfReturnOnEquitySummaryOfBusinessResults", "pure", "-0.0552", "（▲5.52%）", "(▲5.52%)"),
        (f"{CRP}TotalShareholderReturn", "pure", "1.926", "（192.6%）", "(192.6%)"),
        (f"{CRP}PriceEarningsRatioSummaryOfBusinessResults", "pure", "22.3", "倍", "times"),
        (f"{CRP}NumberOfEmployees", "pure", 28, "人", "people"),
        (f"{CRP}NumberOfShareholdersTotal", "pure", 28, "人", "people"),
        (f"{CRP}NumberOfConsolidatedSubsidiaries", "pure", 4, "社", "companies"),
        (f"{CRP}NumberOfVotingRightsIssuedSharesVotingRights", "pure", 4, "個", "votes"),
        (f"{CRP}AverageAgeYears", "pure", "43.1", "年", "years"),
        ("jpdei_cor:NumberOfSubmissionDEI", "pure", 1, "", ""),
        ("jpcrp030000-asr_E01766-000:Anything", "pure", 5, "", ""),
        (f"{CRP}GrossScope3GreenhouseGasEmissions", "tCO2e", 5, "tCO2e", "tCO2e"),
    ],
)
def test_a_unit_is_said_as_people_say_it_and_an_unknown_one_as_the_file_does(
    element: str, unit: str, number: object, japanese: str, english: str
) -> None:
    said = [
        filed_units.of(element, unit, Decimal(str(number)), of_language(language))
        for language in ("ja", "en")
    ]
    assert said == [japanese, english]
