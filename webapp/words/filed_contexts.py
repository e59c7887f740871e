"""Which months and whose a fact is, in words: in a report this is a context, which has an id and no label.

Source: EDINETタクソノミの設定規約書, コンテキストの命名規約. Members of axes have no label in the file either: one that
is an element too has that one's, others are called as in the taxonomies, or by their names.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from webapp.label import Label
from webapp.models import code_words
from webapp.words.speech import Speech

COLUMN = re.compile(
    r"(?:(?:Current|Prior(?P<ago>[1-9]))?(?P<of>Year|YTD|Quarter|Interim)|(?P<day>FilingDate|RecordDate))"
    r"(?P<kind>Duration|Instant)",
    re.ASCII,
)
# A filer's own member has the prefix of its file before its name: jpcrp030000-asr_E01573-000ChemicalsMember.
MEMBER = re.compile(
    r"_(?:[a-z]+[0-9]*-[a-z0-9]+_[A-Z][0-9]{5}-[0-9]{3})?([A-Za-z0-9]+)Member(?=_|$)", re.ASCII
)
NON_CONSOLIDATED = "NonConsolidated"
SEGMENT = re.compile(r"(.+?)(Business)?ReportableSegments?")
SHAREHOLDER = re.compile(r"No([0-9]+)MajorShareholders")
# One of the rows of a table that has as many as there are banks, or holdings.
ROW = re.compile(r"Row([0-9]+)")
# Of some kinds of preferred shares the taxonomies have only the first.
PREFERRED = re.compile(r"Class([A-Z])PreferredShares")
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NO_LABELS: Mapping[str, str] = MappingProxyType({})
DAYS = {
    "FilingDate": Label("提出日現在", "On the day of filing"),
    "RecordDate": Label("基準日現在", "On the record date"),
}
# This period, that of a year before, and two; then what is counted, and the ends of all of them.
DURATIONS: Mapping[str, tuple[Label, Label, Label, Label]] = {
    "Year": (
        Label("当期", "Current year"),
        Label("前期", "Prior year"),
        Label("前々期", "Two years before"),
        Label("{}期前", "{} years before"),
    ),
    "YTD": (
        Label("当四半期累計期間", "Current year to date"),
        Label("前年同四半期累計期間", "Prior year to date"),
        Label("前々年同四半期累計期間", "To date, two years before"),
        Label("{}年前の同四半期累計期間", "To date, {} years before"),
    ),
    "Quarter": (
        Label("当四半期", "Current quarter"),
        Label("前年同四半期", "Same quarter of the prior year"),
        Label("前々年同四半期", "Same quarter, two years before"),
        Label("{}年前の同四半期", "Same quarter, {} years before"),
    ),
    "Interim": (
        Label("当中間期", "Current half-year"),
        Label("前中間期", "Prior half-year"),
        Label("前々中間期", "Half-year, two years before"),
        Label("{}年前の中間期", "Half-year, {} years before"),
    ),
}
END = Label("{}末", "End: {}")
SEGMENT_NAME, SHAREHOLDER_NAME = Label("セグメント", "Segment"), Label(
    "大株主（第{}位）", "Major shareholder No. {}"
)
NUMBERED = (
    (SHAREHOLDER, SHAREHOLDER_NAME),
    (ROW, Label("{}件目", "Row {}")),
    (PREFERRED, Label("{}種優先株式", "Class {} preferred shares")),
)
# In Japanese as the taxonomies call them; in English by their own names.
MEMBERS = {
    "ShareholdersEquity": "株主資本",
    "CapitalStock": "資本金",
    "CapitalSurplus": "資本剰余金",
    "LegalCapitalSurplus": "資本準備金",
    "OtherCapitalSurplus": "その他資本剰余金",
    "RetainedEarnings": "利益剰余金",
    "LegalRetainedEarnings": "利益準備金",
    "GeneralReserve": "別途積立金",
    "RetainedEarningsBroughtForward": "繰越利益剰余金",
    "TreasuryStock": "自己株式",
    "TreasuryShares": "自己株式",
    "ValuationAndTranslationAdjustments": "評価・換算差額等",
    "ValuationDifferenceOnAvailableForSaleSecurities": "その他有価証券評価差額金",
    "DeferredGainsOrLossesOnHedges": "繰延ヘッジ損益",
    "ForeignCurrencyTranslationAdjustment": "為替換算調整勘定",
    "RevaluationReserveForLand": "土地再評価差額金",
    "RemeasurementsOfDefinedBenefitPlans": "退職給付に係る調整累計額",
    "SubscriptionRightsToShares": "新株予約権",
    "NonControllingInterests": "非支配株主持分",
    "EquityAttributableToOwnersOfParent": "親会社の所有者に帰属する持分",
    "OtherComponentsOfEquity": "その他の資本の構成要素",
    "ExchangeDifferencesOnTranslationOfForeignOperations": "在外営業活動体の換算差額",
    "ReportableSegments": "報告セグメント",
    "TotalOfReportableSegmentsAndOthers": "報告セグメント及びその他の合計",
    "OperatingSegmentsNotIncludedInReportableSegmentsAndOtherRevenueGeneratingBusinessActivities": "その他",
    "ReconcilingItems": "調整項目",
    "UnallocatedAmountsAndElimination": "全社・消去",
    "CorporateShared": "全社（共通）",
    "OtherReportableSegments": "その他の報告セグメント",
    "OtherOperatingSegments": "その他",
    "OtherOperatingSegmentsAxis": "その他",
    "ConsolidatedAccountingGroup": "連結会計グループ",
    "EffectivePortionOfCashFlowHedges": "キャッシュ・フロー・ヘッジの有効部分",
    "FinancialAssetsMeasuredAtFairValueThroughOtherComprehensiveIncome": (
        "その他の包括利益を通じて公正価値で測定する金融資産"
    ),
    "NetChangeInFairValueOfEquityInstrumentsDesignatedAsMeasuredAtFairValueThroughOtherComprehensiveIncome": (
        "その他の包括利益を通じて公正価値で測定する資本性金融商品の公正価値の純変動"
    ),
    "ShareOfOtherComprehensiveIncomeOfInvestmentsAccountedForUsingEquityMethod": (
        "持分法適用会社におけるその他の包括利益に対する持分"
    ),
    "ReserveForSpecialDepreciation": "特別償却準備金",
    "OrdinaryShare": "普通株式",
    "SharesWithNoVotingRights": "無議決権株式",
    "SharesWithRestrictedVotingRightsTreasurySharesEtc": "議決権制限株式（自己株式等）",
    "SharesWithRestrictedVotingRightsOther": "議決権制限株式（その他）",
    "SharesWithFullVotingRightsTreasurySharesEtc": "完全議決権株式（自己株式等）",
    "OrdinarySharesSharesWithFullVotingRightsTreasurySharesEtc": "普通株式、完全議決権株式（自己株式等）",
    "OrdinarySharesTreasurySharesSharesWithFullVotingRightsTreasurySharesEtc": (
        "（自己保有株式）普通株式、完全議決権株式（自己株式等）"
    ),
    "OrdinarySharesReciprocalHoldingSharesWithFullVotingRightsTreasurySharesEtc": (
        "（相互保有株式）普通株式、完全議決権株式（自己株式等）"
    ),
    "SharesWithFullVotingRightsOther": "完全議決権株式（その他）",
    "OrdinarySharesSharesWithFullVotingRightsOther": "普通株式、完全議決権株式（その他）",
    "SharesLessThanOneUnit": "単元未満株式",
    "OrdinarySharesSharesLessThanOneUnit": "普通株式、単元未満株式",
    "DirectorsExcludingOutsideDirectors": "取締役（社外取締役を除く）",
    "CorporateAuditorsExcludingOutsideCorporateAuditors": "監査役（社外監査役を除く）",
    "DirectorsExcludingAuditAndSupervisoryCommitteeMembersAndOutsideDirectors": (
        "取締役（監査等委員及び社外取締役を除く）"
    ),
    "DirectorsAppointedAsAuditAndSupervisoryCommitteeMembersExcludingOutsideDirectors": (
        "取締役（監査等委員）（社外取締役を除く）"
    ),
    "OutsideCorporateAuditors": "社外監査役",
    "OutsideDirectorsAndOtherOfficers": "社外役員",
    "OutsideDirectors": "社外取締役",
    "ExecutiveOfficers": "執行役",
}


def of(context: str, speech: Speech, scope: str = "", labels: Mapping[str, str] = NO_LABELS) -> str:
    """A context in words: its period, of the group or the filer alone, and each member; "" where it says none.

    `scope` is known where the id does not say it. `labels` are what the file calls elements, by their local names.
    """
    match = COLUMN.match(context)
    if match is None:
        return ""
    members = MEMBER.findall(context[match.end() :])
    said = [_column(match, speech), scope if NON_CONSOLIDATED not in members else _alone(speech)]
    said += [_member(name, speech, labels) for name in members if name != NON_CONSOLIDATED]
    return ("・" if speech.is_japanese else " · ").join(filter(None, said))


def _alone(speech: Speech) -> str:
    return speech.say(code_words.SCOPES["non_consolidated"])


def _column(match: re.Match[str], speech: Speech) -> str:
    if match["day"] is not None:
        return speech.say(DAYS[match["day"]])
    names, ago = DURATIONS[match["of"]], int(match["ago"] or 0)
    months = speech.say(names[min(ago, len(names) - 1)]).format(ago)
    return months if match["kind"] == "Duration" else speech.say(END).format(months)


def _member(name: str, speech: Speech, labels: Mapping[str, str]) -> str:
    plain = name.removesuffix("IFRS")
    if speech.is_japanese and (known := MEMBERS.get(plain) or labels.get(name)):
        return known
    for pattern, label in NUMBERED:
        if (numbered := pattern.fullmatch(plain)) is not None:
            return speech.say(label).format(numbered[1])
    if (segment := SEGMENT.fullmatch(plain)) is not None:
        return speech.pair(speech.say(SEGMENT_NAME), WORDS.sub(" ", segment[1]))
    return WORDS.sub(" ", plain)
