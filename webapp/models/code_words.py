"""What the code words are called that stand in names of records; the other ones are in webapp/words/labels.py."""

from collections.abc import Mapping

from webapp.label import Label
from webapp.naming import Naming, word
from webapp.rules import finding, masters
from webapp.rules.accounting import catalogue
from webapp.rules.disclosure import reading

PERIOD_TYPES = {
    "FY": Label("通期", "Full year"),
    "Q1": Label("第1四半期", "Q1"),
    "Q2": Label("第2四半期", "Q2"),
    "Q3": Label("第3四半期", "Q3"),
    "Q4": Label("第4四半期", "Q4"),
    "HY": Label("半期", "Half year"),
}
SCOPES = {
    "consolidated": Label("連結", "Consolidated"),
    "non_consolidated": Label("個別", "Non-consolidated"),
}
STANDARDS = {
    "JGAAP": Label("日本基準", "Japanese GAAP"),
    "IFRS": Label("IFRS", "IFRS"),
    "USGAAP": Label("米国基準", "US GAAP"),
    "JMIS": Label("修正国際基準", "JMIS"),
    "FOREIGN": Label("その他外国基準", "Other foreign standard"),
}
# What most filers report by, and what a name that says nothing of it means.
USUAL_STANDARD = "JGAAP"
BASES = {
    "FY": PERIOD_TYPES["FY"],
    "TTM": Label("直近12か月", "Trailing 12 months"),
    "QTR": Label("四半期（3か月）", "Quarter, three months"),
    "FORECAST": Label("予想", "Forecast"),
}


ACTIONS = {
    "split": Label("株式分割", "Split"),
    "reverse_split": Label("株式併合", "Reverse split"),
    "allotment": Label("株式無償割当て", "Gratis allotment"),
    "rights": Label("ライツ・オファリング", "Rights offering"),
    "merger": Label("合併", "Merger"),
    "exchange": Label("株式交換・株式移転", "Share exchange or transfer"),
    "spin_off": Label("スピンオフ", "Spin-off"),
}


# Those of sources first, as they are filed of every kind of record.
RULES: dict[str, Label] = {
    rule: declared.label
    for of_kind in (finding.OF_SOURCES, catalogue.BY_ID, masters.BY_ID, reading.BY_ID)
    for rule, declared in of_kind.items()
}


def in_japanese(words: Mapping[str, Label]) -> dict[str, str]:
    """Each word as it stands in a name."""
    return {word: label.ja for word, label in words.items()}


def in_english(words: Mapping[str, Label]) -> dict[str, str]:
    """The same in the middle of an English name; Q1 and US GAAP stay as they are."""
    return {word: _within(label.en) for word, label in words.items()}


def _within(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text


# What is about a rule is called after it.
OF_RULE = Naming(
    (word("rule", in_japanese(RULES)),),
    english=(word("rule", {rule: label.en for rule, label in RULES.items()}),),
)
