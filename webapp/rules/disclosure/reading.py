"""Rules of what a report says and when, and of a day's prices beside those of other days: declared as data.

They remark and refuse nothing: while a file is read, and in the list of findings for as long as it is so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.label import Label
from webapp.rules.fields import Saying
from webapp.rules.finding import REVIEW
from webapp.rules.findings import Finding

# 制限値幅 of the exchange, to which a close is held.
LIMITS = "東京証券取引所 呼値の制限値幅に関する規則"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRule:
    """A rule of files; its sentence has %(name)s places, which are filled where it is broken. No field: of any."""

    id: str
    label: Label
    field: str | None
    message: str
    source: str
    severity: str = REVIEW

    def broken(self, **params: object) -> Finding:
        """What people are told where it is broken."""
        return Finding(self.field, self.message, params, is_blocking=False, rule=self.id)


SUMMARY = ReadingRule(
    id="S1",
    label=Label(
        "主要な経営指標等の推移と財務諸表の一致（売上高・資産合計・営業活動によるキャッシュ・フロー）",
        "A report’s summary says what its statements say (revenue, total assets, operating cash flow)",
    ),
    field=None,
    # To the summary's own unit, below which it is cut off: 924 of 924.
    message=Saying(
        "%(figure)s (%(scope)s) is %(value)s in the statement and %(summary)s in the summary"
    ).message,
    source="企業内容等の開示に関する内閣府令 第三号様式 記載上の注意(5), 第二号様式 記載上の注意(25)",
)
# The same, of a stored figure.
DIFFERS_FROM_SUMMARY = Saying(
    "%(total)s is %(observed)s in the statement and %(expected)s in the summary of its report"
).message
LIMIT = ReadingRule(
    id="PRICE_LIMIT",
    label=Label("株価の制限値幅", "A price within the day’s limit"),
    field="close",
    message=Saying("has moved by more than the limit of ±%(limit)s from the last close, %(base)s").message,
    source=LIMITS,
)
SPLIT = ReadingRule(
    id="PRICE_SPLIT",
    label=Label("株価と株式分割・併合", "A price, and splits"),
    field="close",
    message=Saying(
        "stands at about the last close of %(base)s by %(split)s, and no corporate action says why"
    ).message,
    source="会社法 第180条, 第183条",
)
STALE = ReadingRule(
    id="PRICE_STALE",
    label=Label("売買のない日の連続", "Days on end without a trade"),
    field="close",
    message=Saying("has not been traded for %(days)s days").message,
    source=Saying("measured on daily prices of the Tokyo Stock Exchange").message,
)
MISSING = ReadingRule(
    id="PRICE_MISSING",
    label=Label("立会日の行の欠落", "A row for every session"),
    field="traded_on",
    message=Saying("the sessions before this day have no row: %(number)s from %(first)s on").message,
    source="東京証券取引所 業務規程 (休業日)",
)
SESSION = ReadingRule(
    id="PRICE_SESSION",
    label=Label("立会日の株価", "Prices of days with a session"),
    field="traded_on",
    message=Saying("the exchange has no session on this day").message,
    source="東京証券取引所 業務規程 (休業日)",
)
LATE = ReadingRule(
    id="F-late",
    label=Label("提出期限後の提出", "A report after its deadline"),
    field="submitted_at",
    message=Saying("was submitted on %(submitted)s, and was due on %(due)s").message,
    # A later day may have been granted, of which no file says anything: whoever knows accepts it for that reason.
    source="金融商品取引法 第24条第1項, 第24条の4の7第1項 (旧), 第24条の5第1項",
)
OF_PRICES = (LIMIT, SPLIT, STALE, MISSING, SESSION)
RULES = (SUMMARY, LATE, *OF_PRICES)
BY_ID: Mapping[str, ReadingRule] = {rule.id: rule for rule in RULES}
