"""A year's report, an amendment of it, and the next report, which restates both, for tests that withdraw one."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from tests.databases import inside, taken_back, taken_back_within
from tests.services.intake import reports
from tests.services.intake.reports import annual, before, figures, take
from webapp import db

ORIGINAL, AMENDMENT, LATER = "S100AAAA", "S100BBBB", "S100CCCC"


def original() -> Any:
    return annual(2024, ORIGINAL, *figures(100))


def amendment(sales: int = 99) -> Any:
    return annual(2024, AMENDMENT, *figures(sales, assets=95), day="2024-08-01", amends=ORIGINAL)


def later(sales_before: int = 97, **dei: str) -> Any:
    """The report of the next year, which gives the sales of this one otherwise and does not repeat its assets."""
    lines = [line for line in before(figures(sales_before)) if line[0] != reports.ASSETS]
    return annual(2025, LATER, *figures(120), *lines, **dei)


class AfterAnAmendment:
    """Tests that begin with all three, imported once for the whole class."""

    @pytest.fixture(scope="class")
    @classmethod
    def restated(cls, engine: Engine) -> Iterator[Connection]:
        with taken_back(engine) as connection:
            with inside(connection, engine):
                reports.company()
                for report in (original, amendment, later):
                    take(report())
                db.session.commit()
            yield connection

    @pytest.fixture
    def connection(self, restated: Connection, engine: Engine) -> Iterator[Connection]:
        """Within that transaction a test has its own, which is rolled back."""
        with taken_back_within(restated, engine):
            yield restated
