"""The edit form of a statement beside stock Flask-Admin's, without and with AJAX look-up, and saving it.

A save is measured twice: as it is, and without the rules beside other rows, findings and indicators that follow from
it, which have a goal of their own beside that.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html.parser import HTMLParser
from unittest import mock

import psycopg

from tests.bench import stock
from tests.bench.applications import Applications, PageFailed, listening, without_sign_in
from tests.bench.measuring import Measurement, in_turn, ms
from webapp.forms import record_form
from webapp.models.change_set import ChangeSet
from webapp.services.changes import applying, statements_beside
from webapp.services.changes.following import steward_values
from webapp.services.changes.row_writing import TableOfItems
from webapp.services.changes.statements_beside import Beside, Row

ROUNDS = 20
# What takes seconds is known after a few.
ROUNDS_OF_SLOW = 3
MOST_STATEMENTS = 4
# Of the edit form's time; and with what follows, half as much again.
MOST_OF_FORM, MOST_OF_ALL = 1.2, 1.8
VERSION, CHANGED, TOKEN = "row_version", "revenue", "save_token"
# Statements whose table, the first that is named, is one of change sets, and settings of the transaction.
BOOKKEEPING = re.compile(
    r"(WITH head AS \()?(INSERT INTO|UPDATE) change_set|SELECT set_config|SET LOCAL"
    r"|SELECT ((?!\sFROM\s).)*\sFROM change_set",
    re.DOTALL,
)


def measure(here: Applications) -> Iterator[Measurement]:
    """Opening the form, opening it in the stock application twice, and saving one changed figure twice; all in turn."""
    with psycopg.connect(here.url) as connection:
        found = connection.execute("SELECT max(id) / 2 FROM financial_statements").fetchone()
    assert found is not None
    path = f"/admin/statements/edit/?id={found[0]}"
    save = _saving(here, path)
    calls: dict[str, Callable[[], object]] = {
        "edit": partial(here.ours.get, path),
        "ajax": partial(here.stock.get, path.replace("statements", stock.AJAX_PATH)),
        "save": save,
        "bare": partial(_without_what_follows, save),
    }
    slow = {"stock": partial(here.stock.get, path)}
    every = in_turn(ROUNDS, calls, warm_up=2) | in_turn(ROUNDS_OF_SLOW, slow, warm_up=1)
    costs = {name: cost.wall for name, cost in every.items()}
    edit, saved = costs["edit"], costs["save"]
    for name, kind, most in (("stock", "stock Flask-Admin", 1 / 40), ("ajax", "Flask-Admin with AJAX", 1.0)):
        beside = f"{kind}: {ms(costs[name])}, ours {ms(edit)}"
        yield Measurement(f"statement edit form, time beside {kind}", edit / costs[name], "x", beside, most)
    bare = costs["bare"]
    beside = f"our edit form: {ms(edit)}, saving {ms(bare)} with its change set and the disk"
    yield Measurement("statement saved, time without what follows", bare / edit, "x", beside, MOST_OF_FORM)
    beside = f"saving {ms(saved)}, {saved / bare:.2f}x what it takes without"
    name = "statement saved with its rules, findings and indicators"
    yield Measurement(f"{name}, time", saved / edit, "x", beside, MOST_OF_ALL)
    beside = "and one that finds out who asks"
    count = len(here.statements_of(path))
    yield Measurement("statement edit form, SQL statements", count, "", beside, MOST_STATEMENTS)
    own, others = _statements_of(partial(_without_what_follows, save))
    beside = f"and {others} for the change set, and one that finds out who asks"
    yield Measurement(
        "statement saved without what follows, SQL statements", own, "", beside, MOST_STATEMENTS
    )
    yield Measurement(f"{name}, SQL statements", _statements_of(save)[0], "", beside)


def _statements_of(save: Callable[[], None]) -> tuple[int, int]:
    """How many SQL statements a save sends of its own, and how many for its change set."""
    # Now and then a request looks whether the database is at its release; the next one does not.
    save()
    with listening() as heard:
        save()
    sent = without_sign_in(heard)
    own = [statement for statement in sent if not BOOKKEEPING.match(statement)]
    return len(own), len(sent) - len(own)


def _without_what_follows(save: Callable[[], None]) -> None:
    """A save of the row, its change set and its history alone."""

    def note(change_set: ChangeSet, tables: Sequence[TableOfItems], _gone: int) -> None:
        steward_values.note(change_set, tables)

    def look(rows: Sequence[Row]) -> Iterator[Beside]:
        return (Beside([], is_below=False) for _row in rows)

    with mock.patch.object(applying, "_follow", note), mock.patch.object(statements_beside, "look", look):
        save()


def _saving(here: Applications, path: str) -> Callable[[], None]:
    """A call that sends the form back with another figure each time, as a browser would."""
    form = _Form()
    form.feed(here.ours.get(path).decode())
    if not {VERSION, CHANGED, TOKEN} <= form.fields.keys():
        raise PageFailed(f"{path} has no field {VERSION}, {CHANGED} or {TOKEN}.")
    sent = dict(form.fields)
    stood = int(sent[CHANGED].replace(",", ""))

    def save() -> None:
        # Near to what stood there: what is many times that of the year before is refused.
        sent[CHANGED] = str(stood + int(sent[VERSION]))
        # As of a form that was just opened: the same one again would be the same save.
        sent[TOKEN] = record_form.new_token()
        here.ours.post(path, sent)
        # What the form would hold when opened again.
        sent[VERSION] = str(int(sent[VERSION]) + 1)

    return save


class _Form(HTMLParser):
    """What a browser would send of the form whose fields may be saved."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._is_inside = False
        self._select: str | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = "record" in given.get("class", "").split()
        elif self._is_inside and given.get("name") and tag == "input":
            self.fields[given["name"]] = given.get("value", "")
        elif self._is_inside and tag == "select":
            self._select = given.get("name")
        elif self._select and tag == "option" and ("selected" in given or self._select not in self.fields):
            self.fields[self._select] = given.get("value", "")
        elif self._is_inside and tag == "textarea":
            self._textarea = given.get("name")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] = self.fields.get(self._textarea, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None
