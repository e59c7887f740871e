"""What is done at once has a connection and a transaction of its own each."""

from collections.abc import Callable, Iterator
from threading import Barrier, Event
from time import monotonic, sleep

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.engine import URL

from tests import factories
from webapp import db
from webapp.cli import side_by_side
from webapp.models.company import Company

SECONDS = 60
GOOD, BAD = "成功", "失敗"


@pytest.fixture(scope="module", autouse=True)
def _committed(migrated_database: Callable[[], URL], engine: Engine) -> Iterator[None]:
    own = db.make_engine(migrated_database())
    db.bind(own)
    yield
    db.bind(engine)
    own.dispose()


def made(name: str) -> Callable[[], None]:
    def make() -> None:
        factories.company(name_ja=name)
        if name == BAD:
            raise ValueError(name)

    return make


def test_none_waits_for_another() -> None:
    meeting = Barrier(2)

    def met() -> int:
        meeting.wait(SECONDS)
        return int(db.session.scalars(text("SELECT pg_backend_pid()")).one())

    assert len(set(side_by_side.done([met, met]))) == 2


def test_of_two_the_one_that_fails_leaves_nothing_and_the_other_is_kept() -> None:
    with pytest.raises(ValueError, match=BAD):
        side_by_side.done([made(BAD), made(GOOD)])
    assert names() == [GOOD]


def test_whoever_gives_up_waiting_ends_what_the_database_is_doing() -> None:
    asleep = text(
        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
        " AND datname = current_database()"
    )

    def interrupted() -> None:
        until = monotonic() + SECONDS
        while not db.session.scalar(asleep):
            db.session.rollback()
            assert monotonic() < until
        raise KeyboardInterrupt

    def sleeping() -> None:
        db.session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": SECONDS})
        made(GOOD)()

    before = names()
    with pytest.raises(KeyboardInterrupt):
        side_by_side.done([interrupted, sleeping])
    assert names() == before


def test_whoever_gives_up_waiting_ends_what_begins_only_then() -> None:
    given_up = Event()

    def interrupted() -> None:
        given_up.set()
        raise KeyboardInterrupt

    def between_two_statements() -> None:
        given_up.wait(SECONDS)
        sleep(0.5)
        db.session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": SECONDS})
        made(GOOD)()

    before, begun = names(), monotonic()
    with pytest.raises(KeyboardInterrupt):
        side_by_side.done([interrupted, between_two_statements])
    assert names() == before
    assert monotonic() - begun < SECONDS


def names() -> list[str]:
    stored = list(db.session.scalars(select(Company.name_ja)))
    db.session.remove()
    return stored
