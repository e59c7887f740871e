"""Every rule can be told: what stands beside what, and of which statements it is asked."""

import pytest

from webapp.rules.accounting.catalogue import BY_ID, RULES
from webapp.rules.accounting.rule import Rule
from webapp.words import speech
from webapp.words.watched import rule_words

JAPANESE, ENGLISH = speech.of_language("ja"), speech.of_language("en")


@pytest.mark.parametrize(
    ("rule", "formula", "scope"),
    [
        ("B1", "資産合計 ＝ 負債純資産合計", "すべての財務諸表"),
        ("B2", "資産合計 ＝ 負債合計 + 純資産合計 ± 表示単位 × 2", "すべての財務諸表"),
        ("Y-revenue", "売上高 ÷ 売上高（前年同期） 範囲内 0.45–2.20", "通期"),
    ],
)
def test_a_rule_is_told_by_the_names_of_its_figures(rule: str, formula: str, scope: str) -> None:
    assert rule_words.formula(BY_ID[rule], JAPANESE) == formula
    assert rule_words.scope(BY_ID[rule].scope, JAPANESE) == scope


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_every_rule_can_be_told_in_both_languages(rule: Rule) -> None:
    assert rule_words.formula(rule, JAPANESE)
    assert rule_words.formula(rule, ENGLISH)
    assert rule_words.scope(rule.scope, ENGLISH)
