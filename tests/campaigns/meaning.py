"""Forms as their pages have them, filled in so that saving them stores something: what a campaign spoils."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from tests.factories import CHANGES, MAKERS
from tests.screens.browsing import Browser
from webapp import db
from webapp.models.findings.finding_decision import FindingDecision
from webapp.rules import finding
from webapp.screens.record import registry

WHY = {"change_reason": "a test"}
TOKENS = ("row_version", "save_token")
# What a list of choices knows.
NEW: Mapping[type[db.Base], Mapping[str, Any]] = {FindingDecision: {"rule": finding.STEWARD_AGAINST_SOURCE}}
SHOWN = re.compile(r'name="bulk-shown" value="([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Form:
    """A form as its page has it, where that page is, and what is typed into it so that there is something to store."""

    query: str
    fields: Mapping[str, str]
    typed: Mapping[str, str] = field(default_factory=dict)
    # Whether what is sent is stored, or only looked at.
    stores: bool = True


@dataclass(frozen=True, slots=True)
class _Page:
    """The pages of one screen, as somebody sees them who wants to change this row."""

    browser: Browser
    model: type[db.Base]
    path: str
    key: str

    def forms(self) -> Iterator[tuple[str, Form]]:
        """View -> its form."""
        row, whole = urlencode({"id": self.key}), self.browser.form(f"{self.path}/edit/", id=self.key)
        changes = {name: value for name, value in self._changes().items() if name in whole}
        yield "edit_view", Form(row, whole, changes | WHY)
        yield "check_view", Form(row, whole, changes, stores=False)
        yield "create_view", Form("", self._new_one())
        yield "delete_view", Form("seen=1", {"id": self.key, "confirmed": "1", **WHY})
        yield "action_view", Form("seen=1", {"action": "delete", "rowid": self.key, "confirmed": "1"})
        yield "ajax_lookup", Form("name=company_id", {}, stores=False)
        name, value = next(iter(changes.items()))
        cell = self.browser.form(f"{self.path}/cell/", id=self.key, name=name)
        yield "cell_view", Form(f"{row}&name={name}", cell, {name: value})
        chosen = {"bulk-rows": "chosen", "rowid": self.key, "bulk-field": name, f"bulk-how-{name}": "set"}
        yield "bulk_view", self._of_many("bulk", name, {**chosen, name: value})
        place = {"rowid": self.key, "paste-row": self.key, "paste-column": name, "paste-text": value}
        yield "paste_view", self._of_many("paste", name, place)

    def _changes(self) -> dict[str, str]:
        return {
            name: str(value)
            for name, value in CHANGES[self.model].items()
            if not isinstance(value, dict | bool)
        }

    def _new_one(self) -> dict[str, str]:
        """The form of a record that there was until now."""
        row = stored(self.model, **NEW.get(self.model, {}))
        key, new = key_of(row), self.browser.form(f"{self.path}/new/")
        # What is part of the key cannot be edited.
        named = {name: str(getattr(row, name, "")) for name in new}
        whole = self.browser.form(f"{self.path}/edit/", id=key)
        self.browser.post(f"{self.path}/delete/", {"id": key, "confirmed": "1", **WHY}, seen="1")
        return {**named, **whole, **WHY, **{name: new[name] for name in TOKENS}}

    def _of_many(self, view: str, column: str, fields: dict[str, str]) -> Form:
        """What was looked at already, in a list that shows this column, and is to be written."""
        sent = {**fields, "figures_unit": "1", "bulk-step": "preview"}
        preview = self.browser.post(f"{self.path}/{view}/", sent, columns=column)
        shown = SHOWN.search(preview.text)
        assert shown is not None, (preview.status, self.path, fields)
        return Form(
            urlencode({"columns": column}), {**sent, **WHY, "bulk-step": "write", "bulk-shown": shown[1]}
        )


def stored(model: type[db.Base], **values: Any) -> Any:
    """A row that is made for it."""
    row = MAKERS[model](**values)
    db.session.commit()
    return row


def key_of(row: Any) -> str:
    """As addresses write it."""
    return ",".join(str(getattr(row, column.name)) for column in row.__table__.primary_key.columns)


def real_forms(app: Flask, keys: Mapping[type[db.Base], str]) -> dict[str, Form]:
    """Endpoint -> the form of its page; whether a token goes with it is decided for each request."""
    browser, forms = Browser(app, "admin"), {}
    for screen in registry.declared():
        if screen.model in keys:
            page = _Page(browser, screen.model, f"/admin/{screen.path}", keys[screen.model])
            for view, form in page.forms():
                forms[f"{screen.path.replace('-', '_')}.{view}"] = without_token(form)
    return forms


def without_token(form: Form) -> Form:
    return replace(form, fields={name: value for name, value in form.fields.items() if name != "csrf_token"})
