"""Generated revisions: each is refused with a sentence, or applied so that record, schema, rows and exit code agree.

Some run with the release step's other tests; `make fuzz-release` tries five hundred, and kills two hundred.
"""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL

from tests.conftest import TOLD
from tests.migrations.fuzzing import places, writing
from tests.migrations.fuzzing.acts import Act, plain
from tests.migrations.fuzzing.forking import Runs
from tests.migrations.fuzzing.killing import Killing
from tests.migrations.fuzzing.places import Place
from tests.migrations.fuzzing.trying import House, Trial
from tests.migrations.fuzzing.writing import Plan
from tests.migrations.projects import Project

pytestmark = [pytest.mark.release, pytest.mark.long]

SEED = int(os.environ.get("SEED", "1"))
REVISIONS, KILLS = int(os.environ.get("REVISIONS", "15")), int(os.environ.get("KILLS", "5"))
A_ROUND = 30


def rounds(count: int) -> list[range]:
    """Seeds, in parts that two workers can share."""
    return [range(SEED + done, SEED + min(done + A_ROUND, count)) for done in range(0, count, A_ROUND)]


def first(seeds: range) -> str:
    return f"SEED={seeds[0]}"


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    runs = Runs()
    yield runs
    runs.stop()


@pytest.fixture
def house(tmp_path: Path, runs: Runs, new_database: Callable[[], URL]) -> House:
    place, mirror = Place(new_database()), Place(new_database())
    return House.make(Project.make(tmp_path, place.url), runs, place, mirror)


@pytest.mark.parametrize("seeds", rounds(REVISIONS), ids=first)
def test_whatever_is_said_of_a_generated_revision_is_so(
    house: House, seeds: range, record_property: Callable[[str, object], None]
) -> None:
    for seed in seeds:
        Trial(house, writing.plan(seed)).go()
    record_property(TOLD, dict(house.tally))
    assert house.faults == [], "\n".join(house.faults)


@pytest.mark.parametrize("seeds", rounds(KILLS), ids=first)
def test_whoever_is_killed_and_runs_again_comes_to_the_same_end(
    house: House, seeds: range, record_property: Callable[[str, object], None]
) -> None:
    for seed in seeds:
        Killing(house, seed).go()
    record_property(TOLD, dict(house.tally))
    assert house.faults == [], "\n".join(house.faults)


def test_a_revision_that_is_not_what_it_is_taken_for_would_be_found(house: House) -> None:
    other = Act(plain("CREATE TABLE one (id int)"), plain("DROP TABLE one"), "CREATE TABLE one (id bigint)")
    one_way = Act(plain("CREATE TABLE one (id int)"), plain("SELECT 1"), "CREATE TABLE one (id int)")
    fails = Act(plain("SELECT 1 / 0"), "pass", "SELECT 1")
    for act in (other, one_way, fails):
        Trial(house, Plan(0, (act,))).go()
    said = [fault.splitlines()[0].partition(": ")[2] for fault in house.faults]
    assert said == [
        "it made something else than its SQL",
        "it went down to something else",
        "refused without a reason",
    ]


def test_a_session_that_is_ending_is_waited_for_and_one_that_stays_is_found(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(house.place.plain, application_name="stockcode-release") as session:
        session.execute("SELECT pg_advisory_lock(1)")
        monkeypatch.setattr(places, "ENDING_SECONDS", 0.1)
        assert house.place.left() == 2
        monkeypatch.setattr(places, "ENDING_SECONDS", 30.0)
        ends = threading.Timer(0.3, session.close)
        ends.start()
        assert house.place.left() == 0
        ends.join()


def test_an_end_that_is_another_after_a_kill_would_be_found(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = f"with op.get_context().autocommit_block():\n    {plain('UPDATE first SET n = n + 1')}"
    # Most places to be killed at are behind the block.
    counts = [Plan(0, (Act(outside, "pass"), *[Act(plain("SELECT 1"), "pass")] * 50))]
    Killing(house, 1, counts).go()
    assert (house.faults, house.tally["refused by the lint"]) == ([], 1)

    monkeypatch.setattr(Killing, "lint_refuses", lambda *_: False)
    for seed in range(4):
        Killing(house, seed, counts).go()
    assert any("it ends otherwise after a kill" in fault for fault in house.faults), house.tally
