"""An import beside stewards at work: their edits stay, its other rows are written, and nobody waits for a question."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.engine import URL

from tests.factories import AUTHOR, intent
from tests.files.builders import company as filer
from tests.files.builders import edinet_text
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Moved, Wish
from webapp.services.intake import importing
from webapp.services.intake.importing import Request

LISTED = {"上場区分": "上場", "証券コード": "13760"}


def submitted(*rows: dict[str, str], day: str = "2023年10月31日") -> int:
    content = edinet_text(*rows, day=day).encode("cp932")
    stored = importing.submit(importing.preview(Request("edinet-codes", "list.csv", content, AUTHOR)))
    assert stored is not None
    db.session.commit()
    return stored.id


def confirmed(number: int) -> Any:
    return door.settle(lambda: importing.confirm(number, AUTHOR))


def company(edinet_code: str = "E00004") -> Company:
    return db.session.scalars(select(Company).where(Company.edinet_code == edinet_code)).one()


def by_hand(row: Company, *, kind: str = "edit", **values: Any) -> None:
    action = "delete" if kind == "delete" else "update"
    assert isinstance(door.carry([Wish(Company, action, values, (row.id,))], intent(kind)), Applied)


@pytest.mark.usefixtures("connection")
def test_a_field_that_is_not_in_the_list_may_be_edited_while_the_question_stands() -> None:
    confirmed(submitted(filer(LISTED)))
    number = submitted(filer(LISTED | {"資本金": "1500"}), day="2026年2月26日")
    by_hand(company(), website_url="https://example.jp/")
    assert confirmed(number) is None
    assert (company().capital_stock, company().website_url) == (1500000000, "https://example.jp/")


@pytest.mark.usefixtures("connection")
def test_a_field_of_the_list_that_a_steward_edits_meanwhile_stays_and_is_in_the_findings() -> None:
    confirmed(submitted(filer(LISTED), filer({"上場区分": "非上場", "証券コード": ""}, code="E00005")))
    later = (filer(LISTED | {"資本金": "1500", "提出者名（英字）": "LATER"}), filer(code="E00005"))
    number = submitted(*later, day="2026年2月26日")
    by_hand(company(), name_en="By hand")
    assert confirmed(number) is None
    assert (company().capital_stock, company().name_en) == (1500000000, "By hand")
    change_set = db.session.get_one(ChangeSet, number)
    assert ("name_en", "LATER") in [(one["field"], one["params"].get("value")) for one in change_set.findings]
    assert change_set.counts["kept"] == 1


@pytest.mark.usefixtures("connection")
def test_a_company_that_a_steward_deletes_meanwhile_stays_deleted_and_the_rest_is_written() -> None:
    other = {"上場区分": "非上場", "証券コード": "", "資本金": "100"}
    confirmed(submitted(filer(LISTED), filer(other, code="E00005")))
    number = submitted(
        filer(LISTED | {"資本金": "1500"}),
        filer(other | {"資本金": "200"}, code="E00005"),
        day="2026年2月26日",
    )
    by_hand(company("E00005"), kind="delete")
    assert confirmed(number) is None
    assert company().capital_stock == 1500000000
    assert db.session.scalars(select(Company.edinet_code)).all() == ["E00004"]
    assert "has been deleted meanwhile" in db.session.get_one(ChangeSet, number).findings[-1]["message"]


@pytest.mark.usefixtures("connection")
def test_two_imports_that_want_different_things_do_not_write_over_each_other() -> None:
    confirmed(submitted(filer(LISTED)))
    first = submitted(filer(LISTED | {"資本金": "1500"}), day="2026年2月26日")
    second = submitted(filer(LISTED | {"資本金": "1600"}), day="2026年2月26日")
    assert confirmed(first) is None
    assert isinstance(confirmed(second), Moved)
    assert company().capital_stock == 1500000000


@pytest.fixture(scope="module")
def committed(migrated_database: Callable[[], URL]) -> Iterator[Engine]:
    """A database of its own, for what is committed."""
    engine = db.make_engine(migrated_database())
    yield engine
    engine.dispose()


def filers(capital: int) -> list[dict[str, str]]:
    facts = {
        "上場区分": "非上場",
        "証券コード": "",
        "資本金": str(capital),
        "提出者名（英字）": f"NAME {capital}",
    }
    return [filer(facts, code=f"E{number:05d}") for number in range(1, 201)]


@pytest.mark.long
def test_eight_of_eight_imports_succeed_beside_ten_edits_a_second(committed: Engine, engine: Engine) -> None:
    """Each of the edits stays, and each import writes all the rest."""
    db.bind(committed)
    confirmed(submitted(*filers(1000)))
    numbers = list(db.session.scalars(select(Company.id).order_by(Company.id)))
    db.session.remove()
    ended, edits, imports = threading.Event(), {}, []

    def work() -> None:
        rng = random.Random(7)
        while not ended.is_set():
            number, name = rng.choice(numbers), rng.choice(["name_en", "website_url"])
            value = f"https://example.jp/{len(edits)}"
            edits[number, name] = (
                door.carry([Wish(Company, "update", {name: value}, (number,))], intent()),
                value,
            )
            db.session.remove()
            time.sleep(0.1)

    steward = threading.Thread(target=work)
    steward.start()
    for month in range(1, 9):
        number = submitted(*filers(1000 + month), day=f"2025年{month}月1日")
        time.sleep(0.2)
        imports.append(confirmed(number))
    ended.set()
    steward.join()
    assert imports == [None] * 8
    assert len(edits) >= 8
    stored = {row.id: row for row in db.session.scalars(select(Company))}
    assert all(isinstance(outcome, Applied) for outcome, _value in edits.values())
    assert all(getattr(stored[number], name) == value for (number, name), (_outcome, value) in edits.items())
    assert {row.capital_stock for row in stored.values()} == {1008000000}
    db.session.remove()
    db.bind(engine)
