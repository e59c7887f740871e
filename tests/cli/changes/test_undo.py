"""stockcode undo: a change set is taken back as one, from the command line."""

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, text

from tests import factories
from tests.cli.conftest import Stockcode
from webapp import db
from webapp.cli.commands.changes import undo as command
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.services.changes import applying, proposing, undoing
from webapp.services.changes.proposals import Wish
from webapp.services.queueing import long_changes, watching

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def speaking_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def made(connection: Connection) -> str:
    """The number of a change set that renamed two companies."""
    rows = [factories.company(name_en="Before") for _ in range(2)]
    carry(*(Wish(Company, "update", {"name_en": "After"}, (row.id,)) for row in rows))
    return str(newest())


def carry(*wishes: Wish) -> None:
    applying.carry_out(proposing.propose(wishes, factories.intent()))
    db.session.commit()


def newest() -> int:
    return db.session.scalars(select(func.max(ChangeSet.id))).one()


def names() -> list[str | None]:
    return list(db.session.scalars(select(Company.name_en).order_by(Company.id)))


def test_it_shows_what_undoing_would_do_and_undoes_it_with_a_reason(stockcode: Stockcode, made: str) -> None:
    looked = stockcode("undo", made, "--dry-run")
    assert (looked.exit_code, looked.stdout) == (0, "  Updated: 2\nDry run: nothing was written.\n")
    assert names() == ["After", "After"]
    done = stockcode("undo", made, "--yes", "--reason", "the wrong list")
    assert (done.exit_code, names()) == (0, ["Before", "Before"]), done.stderr
    undoing = db.session.get_one(ChangeSet, newest())
    assert (undoing.undoes_id, undoing.reason) == (int(made), "the wrong list")
    assert f"Change set #{made} was undone, as change set #{undoing.id}." in done.stdout


def test_with_json_one_object_tells_what_came_of_it(stockcode: Stockcode, made: str) -> None:
    told = json.loads(stockcode("undo", made, "--yes", "--json").stdout)
    assert (told["undoes"], told["change_set"], told["status"]) == (int(made), newest(), "applied")
    assert told["counts"]["updated"] == 2
    again = stockcode("undo", made, "--yes", "--json")
    assert (again.exit_code, json.loads(again.stdout)["status"]) == (1, "refused")
    assert f"was undone already, by change set {newest()}" in again.stderr


def test_what_somebody_has_touched_since_refuses_the_whole_or_stays(stockcode: Stockcode, made: str) -> None:
    first = db.session.scalars(select(func.min(Company.id))).one()
    carry(Wish(Company, "update", {"name_en": "Theirs"}, (first,)))
    refused = stockcode("undo", made, "--yes")
    assert (refused.exit_code, names()) == (1, ["Theirs", "After"])
    assert "changed or referred to since: 1; untouched: 1" in refused.stderr
    done = stockcode("undo", made, "--yes", "--others")
    assert (done.exit_code, names()) == (0, ["Theirs", "Before"]), done.stderr


def test_a_worker_undoes_it_later(stockcode: Stockcode, made: str) -> None:
    done = stockcode("undo", made, "--yes", "--later", "--others")
    job = watching.of_change_set(int(made))
    assert job is not None
    assert (done.exit_code, job.name, done.stdout.splitlines()[-1]) == (
        0, long_changes.UNDO, f"Job {job.id} will undo it.",
    )  # fmt: skip
    again = stockcode("undo", made, "--yes", "--later")
    assert (again.exit_code, "The same job waits already." in again.stderr) == (1, True)


def test_looking_and_undoing_may_take_as_long_as_a_worker_may(
    stockcode: Stockcode, made: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed: list[str] = []

    def noting(act: Callable[..., Any]) -> Callable[..., Any]:
        def noted(*given: Any, **named: Any) -> Any:
            allowed.append(db.session.scalars(text("SHOW statement_timeout")).one())
            return act(*given, **named)

        return noted

    for name in ("look", "carry_out"):
        monkeypatch.setattr(undoing, name, noting(getattr(undoing, name)))
    done = stockcode("undo", made, "--yes")
    assert (done.exit_code, names(), allowed) == (0, ["Before", "Before"], ["15min", "15min"])


@pytest.mark.parametrize(("answer", "left"), [("y\n", "Before"), ("n\n", "After")])
def test_whoever_is_asked_decides(
    stockcode: Stockcode, made: str, monkeypatch: pytest.MonkeyPatch, answer: str, left: str
) -> None:
    monkeypatch.setattr(command, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    done = stockcode("undo", made, given=answer)
    assert (done.exit_code, names()) == (0, [left, left]), done.stderr


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("999999999", "--yes"), 1, "There is no change set 999999999."),
        (("1", "--json"), 2, "Nobody is there to ask"),
        (("1", "--later"), 2, "--later goes with --yes"),
        (("0", "--yes"), 2, "0 is not in the range"),
    ],
)
def test_what_is_not_undone_is_told_with_a_true_exit_code(
    stockcode: Stockcode, words: tuple[str, ...], code: int, said: str
) -> None:
    done = stockcode("undo", *words)
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr
