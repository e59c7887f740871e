"""What happened to a record, newest first, and whose word each of its fields is.

Of its old versions the change sets that ended them are told, before and after; of what changes no row, what it says.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Select,
    and_,
    bindparam,
    case,
    cast,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import joinedload

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.models.columns import Curated
from webapp.models.row_version import RowVersion
from webapp.models.steward_value import StewardValue
from webapp.rules import change
from webapp.screens.record import change_set_pages, displayed_values
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import formatters, keys, labels, statement_labels, stored_sentences
from webapp.words.statement_labels import NO_BASIS, Basis

MOST = 20
MOST_FIELDS = 5
HOW = row_codec.table_of(StewardValue).c.how
# The change set, when, and the role in the database.
Moment = tuple[int | None, datetime, str]


def of_row(row: Any) -> list[dict[str, Any]]:
    """The latest events of a curated record: who, what, when, url, fields, more."""
    if not isinstance(row, Curated) or not isinstance(row, db.Base):
        return []
    model = type(row)
    key = row_codec.row_key(keys.of_row(row))
    moments: list[Moment] = []
    versions = []
    for one in _versions_and_acts(model, key):
        moments.append((one.ended_by_change_set_id, one.valid_to, one.ended_by_role))
        versions += [] if one.is_act else [one]
    if len(versions) < MOST:
        moments.append(_beginning(row, versions))
    return _events(model, key, moments, statement_labels.of_record(row))


def _events(
    model: type[db.Base], key: str, moments: Sequence[Moment], basis: Basis = NO_BASIS
) -> list[dict[str, Any]]:
    moments = sorted(moments, key=lambda moment: moment[1], reverse=True)[:MOST]
    change_sets = _change_sets(model, key, [number for number, _at, _role in moments])
    differences = _differences(model, change_sets, basis)
    address_of = change_set_pages.addresses_of_items()
    return [_event(moment, change_sets, differences, address_of) for moment in moments]


def of_gone(model: type[db.Base], key: str) -> list[dict[str, Any]]:
    """The same of a record that is there no more, by its key as text."""
    moments: list[Moment] = []
    versions = []
    for one in _versions_and_acts(model, key):
        moments.append((one.ended_by_change_set_id, one.valid_to, one.ended_by_role))
        versions += [] if one.is_act else [one]
    if versions and len(versions) < MOST:
        moments.append((versions[-1].begun_by_change_set_id, versions[-1].valid_from, ""))
    return _events(model, key, moments)


def _versions_and_acts(model: type[db.Base], key: str) -> Sequence[Any]:
    """Old versions, and when somebody verified or released a field, which changes no row; newest first."""
    return db.session.execute(_newest(), _of_row(model, key)).all()


def _of_row(model: type[db.Base], key: str) -> dict[str, Any]:
    return {"table": row_codec.table_of(model).name, "key": key}


# Made once, like the other statements here: every form and every page of a record asks them.
@cache
def _newest() -> Select[Any]:
    table: BindParameter[str] = bindparam("table")
    key: BindParameter[str] = bindparam("key")
    # Not the old rows themselves: a statement's is of ninety fields.
    versions = (
        select(
            RowVersion.begun_by_change_set_id,
            RowVersion.ended_by_change_set_id,
            RowVersion.valid_from,
            RowVersion.valid_to,
            RowVersion.ended_by_role,
            RowVersion.id.label("place"),
            literal(False).label("is_act"),
        )
        .where(RowVersion.table_name == table, RowVersion.row_key == key)
        .order_by(RowVersion.valid_to.desc(), RowVersion.id.desc())
        .limit(MOST)
    )
    at = ChangeSet.applied_at
    acts = (
        select(cast(null(), BigInteger), ChangeSet.id, at, at, literal(""), ChangeSet.id, literal(True))
        .join(ChangeSetItem)
        .where(
            ChangeSetItem.table_name == table,
            ChangeSetItem.row_key == key,
            ChangeSetItem.action.in_(change.VOUCHING),
            ChangeSet.status == "applied",
        )
        .order_by(ChangeSet.id.desc())
        .limit(MOST)
    )
    both = union_all(versions.subquery().select(), acts.subquery().select()).subquery()
    return select(both).order_by(both.c.valid_to.desc(), both.c.place.desc())


def _beginning(row: Curated, versions: Sequence[Any]) -> Moment:
    """When the record was made: its first old version knows, or the row itself where it never changed."""
    if not versions:
        return row.change_set_id, row.changed_at, ""
    first = versions[-1]
    return first.begun_by_change_set_id, first.valid_from, ""


def _change_sets(model: type[db.Base], key: str, numbers: Sequence[int | None]) -> dict[int, Any]:
    """What change sets say of themselves and of this row, by their numbers."""
    known = [number for number in numbers if number is not None]
    if not known:
        return {}
    facts = {**_of_row(model, key), "numbers": known}
    return {one.id: one for one in db.session.execute(_of_numbers(), facts)}


@cache
def _of_numbers() -> Select[Any]:
    of_row = and_(
        ChangeSetItem.change_set_id == ChangeSet.id,
        ChangeSetItem.table_name == bindparam("table"),
        ChangeSetItem.row_key == bindparam("key"),
    )
    header = (ChangeSet.id, ChangeSet.author_name, ChangeSet.kind, ChangeSet.reason)
    item = (ChangeSetItem.action, ChangeSetItem.position, *map(_if_changed, ("before", "after")))
    change_sets = select(*header, *item).outerjoin(ChangeSetItem, of_row)
    return change_sets.where(ChangeSet.id.in_(bindparam("numbers", expanding=True)))


def _if_changed(name: str) -> Any:
    """The values of an item before or after, where the row was there and stayed: a new one is its own page."""
    values = getattr(ChangeSetItem, name)
    return case((ChangeSetItem.action.in_(change.OF_STORED_ROWS), values)).label(name)


def _differences(
    model: type[db.Base], change_sets: Mapping[int, Any], basis: Basis
) -> dict[int, list[displayed_values.Difference]]:
    """Fields before and after, by the number of the change set."""
    changes = [
        displayed_values.Change(model, one.before, one.after, basis)
        for one in change_sets.values()
        if one.after is not None
    ]
    numbers = [one.id for one in change_sets.values() if one.after is not None]
    return dict(zip(numbers, displayed_values.of_changes(changes), strict=True))


def _event(
    moment: Moment,
    change_sets: Mapping[int, Any],
    differences: Mapping[int, Any],
    address_of: Callable[[int, int | None], str],
) -> dict[str, Any]:
    number, at, role = moment
    change_set = change_sets.get(number) if number is not None else None
    if change_set is None:
        who = speech().gettext("Outside this admin") + (f" ({role})" if role else "")
        return {"who": who, "what": "", "when": formatters.instant(at, speech()), "url": None}
    fields = differences.get(change_set.id, [])
    return {
        "who": stored_sentences.in_language("author_name", change_set.author_name, speech()),
        "what": _what(change_set),
        "when": formatters.instant(at, speech()),
        "url": address_of(change_set.id, change_set.position),
        "fields": fields[:MOST_FIELDS],
        "more": max(0, len(fields) - MOST_FIELDS),
    }


def _what(change_set: Any) -> str:
    # Of what changes no row, the verb says more than that it was done on a page.
    is_vouched = change_set.action in change.VOUCHING
    column = (
        row_codec.table_of(ChangeSetItem).c.action if is_vouched else row_codec.table_of(ChangeSet).c.kind
    )
    parts = [labels.word(column, change_set.action if is_vouched else change_set.kind, speech())]
    if change_set.reason:
        reason = stored_sentences.in_language("reason", change_set.reason, speech())
        parts.append(speech().quoted(str(reason)))
    return " · ".join(parts)


class Mark(NamedTuple):
    """Whose word a field is: in a word, in a sentence, and where its change set is shown."""

    word: str
    how: str
    sentence: str
    url: str


def marks(row: Any) -> Mapping[str, Mark]:
    """The fields of a record that stewards have set or verified, by name."""
    if not isinstance(row, Curated) or not isinstance(row, db.Base):
        return {}
    facts = _of_row(type(row), row_codec.row_key(keys.of_row(row)))
    return {value.field: _mark(value) for value in db.session.scalars(_by_stewards(), facts)}


@cache
def _by_stewards() -> Select[Any]:
    of_row = StewardValue.table_name == bindparam("table"), StewardValue.row_key == bindparam("key")
    return select(StewardValue).where(*of_row).options(joinedload(StewardValue.change_set))


def _mark(value: StewardValue) -> Mark:
    by, spoken = value.change_set, speech()
    word = labels.word(HOW, value.how, spoken)
    who = stored_sentences.author(by.author_name, spoken)
    when = formatters.instant(by.applied_at, spoken)
    sentence = " · ".join(str(part) for part in (word, who, when, by.reason) if part)
    return Mark(word, value.how, sentence, change_set_pages.address_of_item(by.id, None))
