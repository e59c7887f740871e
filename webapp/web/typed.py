"""What somebody typed into a form that could not be received: it stands on the page that says so, to be sent again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from flask import request

from webapp import db
from webapp.label import Label
from webapp.web.speaking import speech
from webapp.words import labels
from webapp.words.marked import _

# Never shown again, but asked for anew: what proves who somebody is.
SECRETS = {"password": _("Password"), "present": _("Present password"), "new": _("New password")}
# Of this the page has a new one.
CSRF_TOKEN = "csrf_token"  # noqa: S105 - the name of a field
# The name that stands beside the key of a record which was chosen.
NAME_BESIDE = "-name"
SAVE_TOKEN = "save_token"  # noqa: S105 - the name of a field
# What forms ask beside their columns.
OTHERS = {
    "change_reason": _("Reason for the change"),
    "reason": _("Reason for the change"),
    "name": _("Name"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it was sent; one without a label is sent again unseen."""

    name: str
    value: str
    label: str | None

    @property
    def is_secret(self) -> bool:
        """Whether it proves who somebody is."""
        return self.name in SECRETS


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent, and where to."""

    address: str
    fields: tuple[Field, ...]

    @property
    def came_from(self) -> str | None:
        """The page before the form, as its address or the form itself says; not yet known to be one of ours."""
        said = [
            *parse_qsl(urlsplit(self.address).query),
            *((field.name, field.value) for field in self.fields),
        ]
        return next((value for name, value in said if name == "url" and value), None)

    @property
    def is_saved_once(self) -> bool:
        """Whether it may be sent any number of times and is saved once."""
        return any(field.name == SAVE_TOKEN and field.value for field in self.fields)


def typed() -> Typed | None:
    """The form of this request, its secrets blank; None where nothing of it was typed."""
    address = request.full_path.rstrip("?")
    if request.method != "POST" or address.startswith("//"):
        return None
    sent = [pair for pair in request.form.items(multi=True) if pair[0] != CSRF_TOKEN]
    if all(name in SECRETS for name, _value in sent):
        return None
    return Typed(address, tuple(_field(name, value) for name, value in sent))


def _field(name: str, value: str) -> Field:
    if name in SECRETS:
        return Field(name, "", speech().gettext(SECRETS[name]))
    return Field(name, value, _label(name) if value else None)


def _label(name: str) -> str | None:
    """What people call a field; None for keys, tokens and buttons."""
    spoken = speech()
    if name in OTHERS:
        return spoken.gettext(OTHERS[name])
    known = _columns(frozenset(request.form))
    label = known.get(name.removesuffix(NAME_BESIDE))
    return None if label is None or f"{name}{NAME_BESIDE}" in request.form else spoken.say(label)


@lru_cache(maxsize=100)
def _columns(sent: frozenset[str]) -> Mapping[str, Label]:
    """Name -> label of every column; where several tables have one, as it is called in that with most of these."""
    tables = db.Base.metadata.tables.values()
    return {
        column.name: labels.of_column(column)
        for table in sorted(tables, key=lambda table: (len(sent & set(table.columns.keys())), table.name))
        for column in table.columns
        if "label" in column.info and not column.primary_key
    }
