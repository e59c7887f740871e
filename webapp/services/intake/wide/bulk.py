"""Many rows at once: what whoever has chosen them on a screen wants, looked at before it is written.

Nothing waits between the two looks: what was shown is known by its digest, and only that is written.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from webapp import db
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes import door, proposals, proposing, row_codec, row_labels
from webapp.services.changes.door import Applied, Refusal, Written
from webapp.services.changes.proposals import Intent, Item, Proposal, Wish
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key

# More are imported, as a file.
MOST_ROWS = 10_000
SET, CLEAR, REPLACE, FILL = "set", "clear", "replace", "fill"

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of each row that is to change, which rows are refused before that, and what is remarked on all."""

    values: Mapping[Key, Values]
    refused: Sequence[tuple[Wish, list[Finding]]] = ()
    remarks: Sequence[Finding] = ()


# The rows as they are, in the order in which they were chosen -> what is wanted of them.
Wanting = Callable[[Sequence[tuple[Key, Values]]], Wanted]


@dataclass(frozen=True, slots=True)
class Doing:
    """What is done to one field of every row.

    set: it is `value`. clear: it is empty. replace: in texts `instead` stands where `sought` stood. fill: where it is
    empty, it is as in the row above.
    """

    field: str
    how: str
    value: Any = None
    sought: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Previewed:
    """What would be written: the rows that change, those that are refused, how many are gone, and what is remarked.

    `moves`: which indicators would move, as a change set keeps it.
    """

    proposal: Proposal
    stored: Stored
    gone: int = 0
    remarks: Sequence[Finding] = ()
    moves: Mapping[str, Any] | None = None

    @cached_property
    def digest(self) -> str:
        """By which it is known again that nothing else would be written than was shown."""
        return proposals.digest_of(item.as_json() for item in self.proposal.items)

    def names_of(self, items: Sequence[Item], language: str) -> list[str]:
        """What these rows are called."""
        rows = [(item.wish, self.stored.get(item.key or (), {})) for item in items]
        return row_labels.of_rows(rows, language)

    def refused(self, most: int, language: str) -> list[tuple[str, Finding]]:
        """The rows that are refused, as many as are asked for, each by its name and a reason."""
        refused = self.proposal.refused[:most]
        rows = [(wish, self.stored.get(wish.key or (), {})) for wish, _findings in refused]
        names = row_labels.of_rows(rows, language)
        return [
            (name, finding)
            for name, (_wish, findings) in zip(names, refused, strict=True)
            for finding in findings
            if finding.is_blocking
        ]


def named(model: type[db.Base], keys: Sequence[Key], language: str) -> list[tuple[Key, str]]:
    """What the rows of these keys are called, as far as they are stored."""
    stored = proposing.fetch(model, keys)
    rows = [(key, Wish(model, change.UPDATE, {}, key)) for key in keys if key in stored]
    names = row_labels.of_rows([(wish, stored[key]) for key, wish in rows], language)
    return [(key, name) for (key, _wish), name in zip(rows, names, strict=True)]


def preview(
    model: type[db.Base], keys: Sequence[Key], wanting: Wanting, intent: Intent
) -> Previewed | Refusal:
    """What would come of it, the database's own refusals too; nothing is written."""

    def work() -> Previewed:
        previewed = _previewed(model, keys, wanting, intent)
        if previewed.proposal.is_empty:
            return previewed
        written = door.write(previewed.proposal)
        return replace(previewed, moves=written.moves) if isinstance(written, Applied) else previewed

    return door.settle(work, is_rehearsal=True)


def carry(
    model: type[db.Base], keys: Sequence[Key], wanting: Wanting, intent: Intent, *, shown: str
) -> Written | Previewed | Refusal:
    """Write what was shown, by its digest; where it would be something else by now, that is to be shown first."""

    def work() -> Written | Previewed:
        previewed = _previewed(model, keys, wanting, intent)
        return door.write(previewed.proposal) if previewed.digest == shown else previewed

    return door.settle(work)


def doing(doings: Sequence[Doing]) -> Wanting:
    """The wish to do the same to all rows."""

    def want(rows: Sequence[tuple[Key, Values]]) -> Wanted:
        values: dict[Key, dict[str, Any]] = {}
        for one in doings:
            above = None
            for key, row in rows:
                value = _done(one, row[one.field], above)
                above = row[one.field] if row[one.field] is not None else above
                if value != row[one.field]:
                    values.setdefault(key, {})[one.field] = value
        return Wanted(values)

    return want


def _done(one: Doing, value: Any, above: Any) -> Any:
    """What a field holds afterwards."""
    if one.how == SET:
        return one.value
    if one.how == CLEAR:
        return None
    if one.how == FILL:
        return above if value is None else value
    if not isinstance(value, str):
        return value
    # An empty text is no text; a rule says so where the field must not be empty.
    return unicodedata.normalize("NFC", value.replace(one.sought, one.instead)).strip() or None


def _previewed(model: type[db.Base], keys: Sequence[Key], wanting: Wanting, intent: Intent) -> Previewed:
    stored = proposing.fetch(model, keys, is_locking=True)
    rows = [(key, stored[key]) for key in keys if key in stored]
    answer = wanting(rows)
    values = answer.values
    wishes = [
        Wish(model, change.UPDATE, values[key], key, row["version"]) for key, row in rows if key in values
    ]
    proposal = proposing.propose(wishes, intent, stored={model: stored}, is_partial=True)
    proposal.unchanged += len(rows) - len(wishes) - len(answer.refused)
    proposal.refused = [*answer.refused, *proposal.refused]
    return Previewed(proposal, stored, gone=len(keys) - len(rows), remarks=answer.remarks)


def is_possible(model: type[db.Base], field: str, how: str) -> bool:
    """Whether this can be done to a field: what must have a value is not emptied, and only texts are searched."""
    column = row_codec.table_of(model).columns[field]
    if how == CLEAR:
        return bool(column.nullable)
    is_text = column.type.python_type is str and not column.foreign_keys
    return is_text and not hasattr(column.info.get("rule"), "words") if how == REPLACE else True
