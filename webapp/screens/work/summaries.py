"""A change set in a few words: what it did, to which record, in which state it is."""

from typing import Any

from sqlalchemy.orm import joinedload

from webapp.label import Label
from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.rules import change
from webapp.screens.record import names_now
from webapp.screens.record.displayed_values import is_silent
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import labels
from webapp.words.speech import Speech

HEADER = row_codec.table_of(ChangeSet).c
ITEM = row_codec.table_of(ChangeSetItem).c
MOST_FIELDS = 2
# What a digest stands for: the zip of a report that came with its figures.
IN_SHORT = {"file_hash": Label("書類ファイル", "document file")}
# The counts of rows that have an item.
TOUCHED = frozenset({"created", "updated", "closed", "deleted", "verified", "released"})
# The state as the style sheet knows it.
TONES = {"proposed": "waiting"}


def title(change_set: ChangeSet) -> str:
    """What a change set did, in a few words."""
    kind = labels.word(HEADER.kind, change_set.kind, speech())
    of_others = [name for name in change_set.tables if not row_codec.model_of(name).follows_others]
    return speech().pair(labels.of_tables(of_others or change_set.tables, speech()), kind)


def tone(change_set: ChangeSet) -> str:
    """The state as a word of the style sheet."""
    return TONES.get(change_set.status, change_set.status)


def state(change_set: ChangeSet) -> str:
    """The state as people read it."""
    return labels.word(HEADER.status, change_set.status, speech())


def counted(change_set: ChangeSet, speech: Speech) -> list[tuple[str, int]]:
    """How many rows it touches, by what happens to them; nothing is left out but zeros."""
    return [
        (speech.say(label), int(change_set.counts[name]))
        for name, label in labels.COUNTS.items()
        if change_set.counts.get(name)
    ]


def what(change_set: ChangeSet, speech: Speech) -> str:
    """The first record with the fields that changed, and how many records more."""
    item = change_set.first_item
    if item is None:
        return labels.of_tables(change_set.tables, speech)
    name = names_now.of_item(item, speech)
    columns = row_codec.table_of(row_codec.model_of(item.table_name)).columns
    fields = [column for column in columns if column.name in (item.field_names or ())]
    shown = [
        speech.say(IN_SHORT.get(column.name) or labels.of_column(column))
        for column in fields
        if not is_silent(column)
    ]
    touched = sum(int(number) for name, number in change_set.counts.items() if name in TOUCHED)
    others = (change_set.sitting_size or touched) - 1
    few = shown[: 1 if others > 0 else MOST_FIELDS]
    said = speech.listed(few) or labels.word(ITEM.action, item.action, speech)
    if shown and item.action in change.VOUCHING:
        # That the field itself stayed is not to be taken for a change of it.
        said = speech.in_brackets(said, labels.word(ITEM.action, item.action, speech))
    if others > 0:
        return speech.gettext(
            "%(record)s %(fields)s and %(count)s more", record=name, fields=said, count=f"{others:,}"
        )
    if len(shown) > MOST_FIELDS:
        more = len(shown) - MOST_FIELDS
        return speech.ngettext(
            "%(record)s %(fields)s and %(num)s more field",
            "%(record)s %(fields)s and %(num)s more fields",
            more,
            record=name,
            fields=said,
        )
    return f"{name} {said}"


def loading(entity: Any = ChangeSet) -> tuple[Any, ...]:
    """Loader options for what is said of a change set, or of an alias of it."""
    read = (
        ChangeSetItem.table_name,
        ChangeSetItem.row_key,
        ChangeSetItem.action,
        ChangeSetItem.label_text,
        ChangeSetItem.field_names,
        # What is added or deleted is named by them.
        ChangeSetItem.before,
        ChangeSetItem.after,
    )
    return (joinedload(entity.first_item).load_only(*read, raiseload=True),)
