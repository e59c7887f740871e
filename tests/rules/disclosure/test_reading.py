"""Rules of what files say: each has its sentence and source, and refuses nothing."""

import re

import pytest

from webapp.rules import masters
from webapp.rules.accounting import catalogue
from webapp.rules.disclosure import reading
from webapp.rules.disclosure.reading import ReadingRule
from webapp.rules.finding import SEVERITY


@pytest.mark.parametrize("rule", reading.RULES, ids=lambda rule: rule.id)
def test_a_rule_of_files_remarks_under_its_id_and_refuses_nothing(rule: ReadingRule) -> None:
    places = re.findall(r"%\((\w+)\)s", rule.message)
    found = rule.broken(**dict.fromkeys(places, "x"))
    assert (found.rule, found.field, found.is_blocking) == (rule.id, rule.field, False)
    assert str(found)
    assert rule.source
    assert SEVERITY.broken_by(rule.severity) is None


def test_no_two_rules_have_one_id() -> None:
    assert not reading.BY_ID.keys() & {*catalogue.BY_ID, *masters.BY_ID}
    assert len(reading.BY_ID) == len(reading.RULES)
