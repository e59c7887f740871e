"""All statements and companies looked at: sets are joined, never each row held beside all others."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

from webapp.services.changes.following import accounting_findings, indicators, master_findings

pytestmark = pytest.mark.usefixtures("connection")

EVERYTHING: dict[str, Callable[[], Any]] = {
    "Delete on financial_indicators": indicators.compute,
    "Update on findings": accounting_findings.look_at_all,
    "Update on findings of companies": master_findings.look_at_all,
}


@contextmanager
def planned(connection: Connection) -> Iterator[list[list[str]]]:
    """How PostgreSQL carries out each long statement, under the settings of its moment."""
    plans: list[list[str]] = []

    def explain(_connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.lstrip().startswith("WITH"):
            with cursor.connection.cursor() as beside:
                beside.execute(f"EXPLAIN {statement}", parameters)
                plans.append([line for (line,) in beside])

    event.listen(connection.engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        event.remove(connection.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("what", EVERYTHING)
def test_what_stands_no_more_is_found_by_one_join_whatever_the_planner_believes_of_its_table(
    connection: Connection, what: str
) -> None:
    with planned(connection) as plans:
        EVERYTHING[what]()
    [plan] = plans
    sought = what.removesuffix(" of companies")
    [place] = [place for place, line in enumerate(plan) if sought in line]
    assert re.search(r"(Hash|Merge) (Right )?Anti Join", plan[place + 1]), plan[place : place + 6]
