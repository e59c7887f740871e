"""In what a fact of a report is counted, as people say it: a file has JPYPerShares, and pure of ratios and heads alike.

Sources: EDINETタクソノミの設定規約書, 単位; of what has no unit the elements' own names and labels say it.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from webapp.label import Label
from webapp.words import numbers
from webapp.words.speech import Speech
from webapp.words.units import YEN

PURE, PER_SHARE = "pure", "PerShares"
CURRENCY = re.compile(r"([A-Z]{3})(PerShares)?")
UNITS: Mapping[str, Label] = {"shares": Label("株", "shares")}
SHARE = Label("株", "share")
TIMES = Label("倍", "times")
# A fraction in the file, which is printed in hundredths. 株主総利回り and 賃金の差異 are too.
PERCENT = re.compile(r"Ratio|RateOf|TotalShareholderReturn|TotalReturnOn|DifferencesInWages")
HUNDRED, MOST = Decimal(100), 4
# What is no fraction, by the element's name; the first that fits.
OF_PURE: Mapping[re.Pattern[str], Label] = {
    re.compile(r"PriceEarningsRatio"): TIMES,
    re.compile(r"NumberOf\w*(Employees|Workers|Directors|Officers|Auditors|Accountants|Shareholders)"): Label(
        "人", "people"
    ),
    re.compile(r"Years"): Label("年", "years"),
    re.compile(r"Months"): Label("か月", "months"),
    re.compile(r"NumberOf\w*(Companies|Subsidiaries|Associates)"): Label("社", "companies"),
    re.compile(r"NumberOf\w*VotingRights"): Label("個", "votes"),
    re.compile(r"NumberOfIssues"): Label("銘柄", "issues"),
    re.compile(r"^[^:]*:NumberOf"): Label("", ""),
}


def of(element: str, unit: str, number: Decimal | None, speech: Speech) -> str:
    """The word that stands behind a number; of a fraction what it is in percent. An id that nobody knows stays."""
    if unit == PURE:
        return _of_pure(element, number, speech)
    money = CURRENCY.fullmatch(unit)
    if money is None:
        return speech.say(UNITS.get(unit) or Label(unit, unit))
    word = speech.say(YEN.in_currency(money[1]))
    return (
        word
        if money[2] is None
        else f"{word}／{SHARE.ja}" if speech.is_japanese else f"{word} per {SHARE.en}"
    )


def _of_pure(element: str, number: Decimal | None, speech: Speech) -> str:
    named = next((label for shape, label in OF_PURE.items() if shape.search(element)), None)
    if named is not None:
        return speech.say(named)
    if number is None or not PERCENT.search(element):
        return ""
    return speech.in_brackets("", f"{numbers.printed(number * HUNDRED, most=MOST)}%").strip()
