"""In which column a fact stands: as people say it, whatever the id of its context."""

import pytest

from webapp.words import filed_contexts
from webapp.words.speech import of_language

OF_FILER = "jpcrp030000-asr_E01573-000"


@pytest.mark.parametrize(
    ("context", "japanese", "english"),
    [
        ("CurrentYearDuration", "当期", "Current year"),
        ("Prior1YearInstant", "前期末", "End: Prior year"),
        ("Prior2YearDuration", "前々期", "Two years before"),
        ("Prior4YearInstant", "4期前末", "End: 4 years before"),
        ("CurrentYTDDuration", "当四半期累計期間", "Current year to date"),
        ("Prior1QuarterInstant", "前年同四半期末", "End: Same quarter of the prior year"),
        ("CurrentQuarterDuration", "当四半期", "Current quarter"),
        ("InterimInstant", "当中間期末", "End: Current half-year"),
        ("Prior1InterimDuration", "前中間期", "Prior half-year"),
        ("FilingDateInstant", "提出日現在", "On the day of filing"),
        (
            "RecordDateInstant_OrdinaryShareMember",
            "基準日現在・普通株式",
            "On the record date · Ordinary Share",
        ),
        ("CurrentYearInstant_NonConsolidatedMember", "当期末・個別", "End: Current year · Non-consolidated"),
        (
            "CurrentYearInstant_NonConsolidatedMember_CapitalStockMember",
            "当期末・個別・資本金",
            "End: Current year · Non-consolidated · Capital Stock",
        ),
        (
            "Prior1YearDuration_OtherComponentsOfEquityIFRSMember",
            "前期・その他の資本の構成要素",
            "Prior year · Other Components Of Equity",
        ),
        (
            "CurrentYearInstant_No10MajorShareholdersMember",
            "当期末・大株主（第10位）",
            "End: Current year · Major shareholder No. 10",
        ),
        (
            f"CurrentYearDuration_{OF_FILER}WaterTreatmentChemicalsBusinessReportableSegmentsMember",
            "当期・セグメント：Water Treatment Chemicals",
            "Current year · Segment: Water Treatment Chemicals",
        ),
        (
            f"CurrentYearDuration_{OF_FILER}ReserveForBMember",
            "当期・Bの積立金",
            "Current year · Reserve For B",
        ),
        ("CurrentYearInstant_Row12Member", "当期末・12件目", "End: Current year · Row 12"),
        (
            "CurrentYearInstant_OrdinarySharesSharesLessThanOneUnitMember",
            "当期末・普通株式、単元未満株式",
            "End: Current year · Ordinary Shares Shares Less Than One Unit",
        ),
        (
            "RecordDateInstant_ClassAPreferredSharesMember",
            "基準日現在・A種優先株式",
            "On the record date · Class A preferred shares",
        ),
        (
            "CurrentYearDuration_EffectivePortionOfCashFlowHedgesIFRSMember",
            "当期・キャッシュ・フロー・ヘッジの有効部分",
            "Current year · Effective Portion Of Cash Flow Hedges",
        ),
        ("Prior1YearInstant_XyzMember", "前期末・Xyz", "End: Prior year · Xyz"),
        ("SomethingElse", "", ""),
        ("", "", ""),
    ],
)
def test_a_context_is_said_as_its_period_scope_and_members(context: str, japanese: str, english: str) -> None:
    labels = {"ReserveForB": "Bの積立金", "CapitalStock": "資本金、何か"}
    said = [filed_contexts.of(context, of_language(language), labels=labels) for language in ("ja", "en")]
    assert said == [japanese, english]


def test_what_the_id_leaves_open_is_said_by_whoever_knows_it() -> None:
    spoken = of_language("ja")
    assert filed_contexts.of("CurrentYearDuration", spoken, "連結") == "当期・連結"
    assert filed_contexts.of("CurrentYearDuration_NonConsolidatedMember", spoken, "連結") == "当期・個別"
