"""The edit form of a statement beside stock Flask-Admin's, without and with AJAX look-up, and saving it."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser

import psycopg

from tests.bench import stock
from tests.bench.applications import Applications, PageFailed, listening, without_sign_in
from tests.bench.measuring import Measurement, in_turn, ms
from webapp.forms import record_form

ROUNDS = 20
# What takes seconds is known after a few.
ROUNDS_OF_SLOW = 3
MOST_STATEMENTS = 4
VERSION, CHANGED, TOKEN = "row_version", "revenue", "save_token"
# Statements whose table, the first that is named, is one of change sets, and settings of the transaction.
BOOKKEEPING = re.compile(
    r"(WITH head AS \()?(INSERT INTO|UPDATE) change_set|SELECT set_config|SET LOCAL"
    r"|SELECT ((?!\sFROM\s).)*\sFROM change_set",
    re.DOTALL,
)


def measure(here: Applications) -> Iterator[Measurement]:
    """Opening the form, opening it in the stock application twice, and saving one changed figure; all in turn."""
    with psycopg.connect(here.url) as connection:
        found = connection.execute("SELECT max(id) / 2 FROM financial_statements").fetchone()
    assert found is not None
    path = f"/admin/statements/edit/?id={found[0]}"
    save = _saving(here, path)
    calls: dict[str, Callable[[], object]] = {
        "edit": partial(here.ours.get, path),
        "ajax": partial(here.stock.get, path.replace("statements", stock.AJAX_PATH)),
        "save": save,
    }
    slow = {"stock": partial(here.stock.get, path)}
    every = in_turn(ROUNDS, calls, warm_up=2) | in_turn(ROUNDS_OF_SLOW, slow, warm_up=1)
    costs = {name: cost.wall for name, cost in every.items()}
    edit, saved = costs["edit"], costs["save"]
    for name, kind, most in (("stock", "stock Flask-Admin", 1 / 40), ("ajax", "Flask-Admin with AJAX", 1.0)):
        beside = f"{kind}: {ms(costs[name])}, ours {ms(edit)}"
        yield Measurement(f"statement edit form, time beside {kind}", edit / costs[name], "x", beside, most)
    beside = f"our edit form: {ms(edit)}, saving {ms(saved)} with its change set and the disk"
    yield Measurement("statement saved, time", saved / edit, "x", beside, 1.2)
    beside = "and one that finds out who asks"
    count = len(here.statements_of(path))
    yield Measurement("statement edit form, SQL statements", count, "", beside, MOST_STATEMENTS)
    with listening() as heard:
        save()
    sent = without_sign_in(heard)
    own = [statement for statement in sent if not BOOKKEEPING.match(statement)]
    beside = f"and {len(sent) - len(own)} for the change set, and one that finds out who asks"
    yield Measurement("statement saved, SQL statements", len(own), "", beside, MOST_STATEMENTS)


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
