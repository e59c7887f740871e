"""Findings at rest: filed once, closed when they no longer hold, back with what was decided on them."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from tests import factories, people
from tests.factories import AUTHOR, intent
from tests.files.builders import company as filer
from tests.files.builders import edinet_text
from webapp import db
from webapp.models.company import Company
from webapp.models.findings.finding import FiledFinding
from webapp.models.findings.finding_decision import FindingDecision
from webapp.rules import calendar
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.following import filed_findings
from webapp.services.changes.following.filed_findings import Scope
from webapp.services.changes.proposals import Wish
from webapp.services.checking import findings
from webapp.services.intake import importing
from webapp.services.intake.importing import Request

pytestmark = pytest.mark.usefixtures("connection")

LISTED = {"上場区分": "上場", "証券コード": "13760"}
OF_TEST = Scope("f.rule = 'a_test'")
OF_VALUES = (
    f"SELECT {filed_findings.COLUMNS} FROM jsonb_to_recordset(CAST(:found AS jsonb)) AS g (rule text, table_name text,"
    " row_key text, field text, company_id bigint, severity text, message text, params jsonb, observed jsonb,"
    " expected jsonb)"
)


def found(row: Any, observed: Any = 1, field: str | None = "name_en") -> dict[str, Any]:
    return {
        "rule": "a_test",
        "table_name": "companies",
        "row_key": str(row.id),
        "field": field,
        "company_id": row.id,
        "severity": "review",
        "message": "a steward set this value; the source says otherwise",
        "params": {},
        "observed": observed,
        "expected": 2,
    }


def refreshed(*of_rules: dict[str, Any], scope: Scope = OF_TEST) -> None:
    filed_findings.refresh(scope, OF_VALUES, {"found": json.dumps(of_rules)})
    db.session.expire_all()


def filed(**narrow: Any) -> list[FiledFinding]:
    return list(db.session.scalars(select(FiledFinding).filter_by(**narrow).order_by(FiledFinding.id)))


def decided(one: FiledFinding, **values: Any) -> int:
    names = ("rule", "origin", "table_name", "row_key", "field", "digest")
    wish = Wish(FindingDecision, "create", {name: getattr(one, name) for name in names} | values)
    outcome = door.carry([wish], intent("create"))
    assert isinstance(outcome, Applied), outcome
    db.session.expire_all()
    return outcome.number


def imported(*rows: dict[str, str], day: str = "2023年10月31日") -> None:
    content = edinet_text(*rows, day=day).encode("cp932")
    stored = importing.submit(importing.preview(Request("edinet-codes", "list.csv", content, AUTHOR)))
    if stored is not None:
        assert door.settle(lambda: importing.confirm(stored.id, AUTHOR)) is None
    db.session.expire_all()


def company() -> Company:
    return db.session.scalars(select(Company).where(Company.edinet_code == "E00004")).one()


def by_hand(action: str = "update", **values: Any) -> int:
    outcome = door.carry([Wish(Company, action, values, (company().id,))], intent())
    assert isinstance(outcome, Applied)
    db.session.expire_all()
    return outcome.number


def test_what_is_found_again_stays_one_finding_with_its_first_day_and_what_is_not_closes() -> None:
    first, second = factories.company(), factories.company()
    refreshed(found(first), found(second), found(second, field=None))
    assert len(filed(status="open")) == 3
    db.session.execute(text("UPDATE findings SET first_seen_at = '2026-01-05', last_seen_at = '2026-01-05'"))
    refreshed(found(first))
    (open_one,) = filed(status="open")
    assert open_one.first_seen_at.date() == date(2026, 1, 5)
    assert open_one.last_seen_at.date() > date(2026, 1, 5)
    assert len(filed(status="closed")) == 2
    refreshed(found(first), found(second, field=None))
    (again,) = filed(field=None)
    assert (again.status, again.closed_at, again.first_seen_at.date()) == ("open", None, date(2026, 1, 5))


def test_another_scope_and_another_source_are_left_alone() -> None:
    row = factories.company()
    refreshed(found(row))
    refreshed(scope=Scope("f.rule = 'another'"))
    refreshed(scope=Scope("f.rule = 'a_test'", "another source"))
    assert [one.status for one in filed()] == ["open"]


def test_a_waiver_holds_for_these_figures_and_until_its_day_while_owner_and_due_day_go_on() -> None:
    row, owner = factories.company(), people.user("steward")
    refreshed(found(row))
    later = calendar.today() + timedelta(days=30)
    facts = {"owner_id": owner.id, "due_on": later}
    decided(filed()[0], waived_until=later, reason="as filed", **facts)
    assert [(one.status, one.owner_id, one.due_on) for one in filed()] == [("waived", owner.id, later)]
    db.session.execute(text("DELETE FROM findings"))
    refreshed(found(row))
    assert [one.status for one in filed()] == ["waived"], "made anew, it is known again"
    refreshed(found(row, observed=7))
    assert [(one.status, one.owner_id, one.waived_until) for one in filed()] == [("open", owner.id, None)]
    refreshed(found(row))
    db.session.execute(text("UPDATE findings SET waived_until = '2026-01-05'"))
    db.session.execute(text("UPDATE finding_decisions SET waived_until = '2026-01-05'"))
    findings.reopen_expired()
    db.session.expire_all()
    assert [one.status for one in filed()] == ["open"]


def test_a_decision_that_is_undone_is_none() -> None:
    row = factories.company()
    refreshed(found(row))
    number = decided(filed()[0], waived_until=calendar.today(), reason="as filed")
    assert [one.status for one in filed()] == ["waived"]
    assert isinstance(door.undo(number, AUTHOR, "a mistake"), Applied)
    db.session.expire_all()
    assert [(one.status, one.waived_until) for one in filed()] == [("open", None)]


def test_findings_keep_nobody_from_deleting_or_undoing_and_go_with_their_row() -> None:
    row = factories.company()
    number = row.change_set_id
    refreshed(found(row))
    assert isinstance(door.undo(number, AUTHOR, "a mistake"), Applied)
    assert filed() == []


def test_a_source_that_differs_from_a_steward_is_a_finding_with_both_values() -> None:
    imported(filer(LISTED | {"提出者名（英字）": "OF THE LIST"}))
    by_hand(name_en="By hand", capital_stock=None)
    assert filed() == []
    imported(filer(LISTED | {"提出者名（英字）": "LATER", "資本金": "1500"}), day="2026年2月26日")
    by_field = {one.field: one for one in filed(status="open")}
    assert by_field["name_en"].observed == "By hand"
    assert by_field["name_en"].expected == "LATER"
    assert (by_field["capital_stock"].observed, by_field["capital_stock"].expected) == (None, "1500000000")
    assert {(one.rule, one.origin, one.company_id) for one in by_field.values()} == {
        ("steward_against_source", "edinet-codes", company().id)
    }


def test_it_closes_when_the_source_comes_round_and_when_the_field_is_released() -> None:
    imported(filer(LISTED | {"提出者名（英字）": "OLD", "資本金": "100"}))
    by_hand(name_en="By hand", capital_stock=5)
    imported(filer(LISTED | {"提出者名（英字）": "LATER", "資本金": "100"}), day="2025年2月26日")
    assert {one.field for one in filed(status="open")} == {"name_en", "capital_stock"}
    imported(filer(LISTED | {"提出者名（英字）": "By hand", "資本金": "100"}), day="2026年2月26日")
    assert [one.field for one in filed(status="open")] == ["capital_stock"]
    released = by_hand("release", capital_stock=company().capital_stock)
    assert filed(status="open") == []
    assert isinstance(door.undo(released, AUTHOR, "a mistake"), Applied)
    db.session.expire_all()
    assert [one.field for one in filed(status="open")] == ["capital_stock"]


def test_it_closes_when_the_steward_agrees_and_opens_when_that_is_undone() -> None:
    imported(filer(LISTED | {"提出者名（英字）": "OLD"}))
    by_hand(name_en="By hand")
    imported(filer(LISTED | {"提出者名（英字）": "LATER"}), day="2026年2月26日")
    agreed = by_hand(name_en="LATER")
    assert [one.status for one in filed()] == ["closed"]
    assert isinstance(door.undo(agreed, AUTHOR, "a mistake"), Applied)
    db.session.expire_all()
    assert [(one.status, one.observed) for one in filed()] == [("open", "By hand")]


def test_what_a_list_said_is_taken_back_with_it_and_what_one_before_it_said_stands_again() -> None:
    imported(filer(LISTED | {"提出者名（英字）": "OLD"}))
    by_hand(name_en="By hand")
    stands: dict[int, Any] = {}
    for name, capital, day in (("FIRST", "1500", "2025年2月26日"), ("SECOND", "1600", "2026年2月26日")):
        imported(filer(LISTED | {"提出者名（英字）": name, "資本金": capital}), day=day)
        stands[company().change_set_id] = name
    first, second = stands

    def undone(number: int) -> int:
        outcome = door.undo(number, AUTHOR, "a mistake")
        assert isinstance(outcome, Applied), outcome
        db.session.expire_all()
        return outcome.number

    def filed_of_name() -> list[tuple[Any, ...]]:
        return [(one.status, one.observed, one.expected) for one in filed(field="name_en")]

    assert filed_of_name() == [("open", "By hand", "SECOND")]
    of_second = undone(second)
    assert filed_of_name() == [("open", "By hand", "FIRST")]
    of_first = undone(first)
    assert [status for status, *_values in filed_of_name()] == ["closed"]
    for number, name in ((of_first, "FIRST"), (of_second, "SECOND")):
        undone(number)
        assert filed_of_name() == [("open", "By hand", name)]


def test_what_waits_to_be_decided_files_nothing_yet_and_what_is_declined_never() -> None:
    imported(filer(LISTED | {"提出者名（英字）": "OLD", "資本金": "100"}))
    by_hand(name_en="By hand")
    content = edinet_text(
        filer(LISTED | {"提出者名（英字）": "LATER", "資本金": "200"}), day="2026年2月26日"
    ).encode("cp932")
    stored = importing.submit(importing.preview(Request("edinet-codes", "list.csv", content, AUTHOR)))
    assert stored is not None
    assert filed() == []
    importing.decline(stored.id, AUTHOR)
    assert filed() == []
