"""Every periodic job is a call of a service that may be made at any time and says how much it did."""

import inspect

import pytest
from sqlalchemy import Connection

from webapp.jobs.deferred import DEFERRED
from webapp.jobs.periodic import AT_NIGHT, PERIODIC


def test_there_are_jobs_to_do() -> None:
    assert list(PERIODIC) == [
        "forget old sign-in attempts",
        "decline forgotten imports",
        "reopen findings accepted until a day",
        "look at what large changes moved",
        "look at prices of late",
        "look for statements that are missing",
        "repair what was written from outside",
        "look at all prices",
        "count how often rules are kept",
        "forget old jobs",
        "forget old uploads",
    ]
    assert not PERIODIC.keys() & DEFERRED.keys()
    assert AT_NIGHT.keys() < PERIODIC.keys()


@pytest.mark.parametrize("job", PERIODIC.values(), ids=PERIODIC)
def test_a_job_is_a_service_call(job: object) -> None:
    assert callable(job)
    assert inspect.getmodule(job).__name__.startswith("webapp.services.")  # type: ignore[union-attr]  # a function of a file


@pytest.mark.parametrize("job", PERIODIC.values(), ids=PERIODIC)
def test_a_job_with_nothing_to_do_says_so(connection: Connection, job: object) -> None:
    assert callable(job)
    assert job() == 0
