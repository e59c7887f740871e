"""What companies report themselves of what is computed here: beside which figure an indicator stands, and how near."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from webapp.label import Label
from webapp.rules.expressions import EXACT

# 有価証券報告書 prints percentages to one decimal, so that half a unit is lost; and what was cut off before that.
OF_A_PERCENTAGE = Decimal("0.0006")
# Averages of shares are counted by day; what is reckoned of the counts at both ends stands as near.
OF_A_SHARE = Decimal("0.005")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The figure of the statement in which the company says the same.

    `near`: so far apart both still agree, of the figure itself where `is_relative`. `differs`: where the company's
    definition is another one.
    """

    field: str
    near: Decimal
    differs: Label
    is_relative: bool = False

    def agrees(self, computed: Decimal, reported: Decimal) -> bool:
        """Whether both say the same."""
        allowed = EXACT.multiply(self.near, reported.copy_abs()) if self.is_relative else self.near
        return abs(computed - reported) <= allowed


# 企業内容等の開示に関する内閣府令 第三号様式 記載上の注意(5), 第二号様式 記載上の注意(25): 主要な経営指標等の推移.
REPORTED: Mapping[str, Reported] = {
    "roe": Reported(
        field="roe_reported",
        near=OF_A_PERCENTAGE,
        differs=Label(
            "会社は小数第1位までで開示します。期末の自己資本だけを分母とする会社では、その分の差が出ます。",
            "Companies print one decimal. Some divide by closing equity alone, and differ by that.",
        ),
    ),
    "equity_ratio": Reported(
        field="equity_ratio_reported",
        near=OF_A_PERCENTAGE,
        differs=Label(
            "純資産合計から新株予約権と非支配株主持分を除いた自己資本で計算します。会社は小数第1位までで開示します。",
            "Equity is net assets without subscription rights and non-controlling interests; one decimal is printed.",
        ),
    ),
    "eps": Reported(
        field="eps_basic",
        near=OF_A_SHARE,
        is_relative=True,
        differs=Label(
            "会社は優先配当などを利益から除き、株式分割があれば期首に行われたものとして計算します"
            "（企業会計基準第2号 第12項、第30-2項）。期中平均株式数がなければ、開示された値をそのまま用います。",
            "Companies leave preferred dividends out of profit, and take a split as made when the year began"
            " (ASBJ Statement No. 2). Where average shares are not known, what is disclosed is taken as it is.",
        ),
    ),
    "bps": Reported(
        field="bps",
        near=OF_A_SHARE,
        is_relative=True,
        differs=Label(
            "会社は優先株式の払込金額などを純資産から除きます（企業会計基準適用指針第4号 第35項）。"
            "期末後の株式分割を反映して開示する会社もあります。",
            "Companies leave what belongs to preferred shares out of net assets (ASBJ Guidance No. 4). Some have"
            " a split after the year in it.",
        ),
    ),
    "per": Reported(
        field="per_reported",
        near=OF_A_SHARE,
        is_relative=True,
        differs=Label(
            "会社は期末日の株価によります。期末日に取引がなければ、直近の終値で計算します。",
            "Companies take the price of the last day of the year; without a trade then, the last close before it.",
        ),
    ),
    "payout_ratio": Reported(
        field="payout_ratio_reported",
        near=OF_A_PERCENTAGE,
        differs=Label(
            "有価証券報告書の配当性向は提出会社（個別）の数値です。連結では連結の１株当たり当期純利益で計算するので、差が出ます。",
            "The payout ratio of an annual report is that of the filer alone; here it is reckoned with the"
            " statement’s own earnings per share, so that consolidated ones differ.",
        ),
    ),
}
