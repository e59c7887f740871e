"""What a feed did, on its change set's page: ranges, fields, some rows before and after, and where all of them are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from webapp.models.change_set import ChangeSet
from webapp.models.change_set_item import ChangeSetItem
from webapp.screens.record import displayed_values, registry
from webapp.screens.record.displayed_values import Change, Difference
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import formatters, keys, labels

ACTION = row_codec.table_of(ChangeSetItem).c.action


@dataclass(frozen=True, slots=True)
class Sample:
    """One of the rows: its name, where it is shown, what happened, and the fields before and after."""

    label: str
    url: str | None
    action: str
    action_label: str
    rows: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class ShownFeed:
    """A feed in a few figures: labels with texts, fields with their numbers, samples, and the list's address."""

    ranges: Sequence[tuple[str, str]]
    fields: Sequence[tuple[str, int]]
    samples: Sequence[Sample]
    list_url: str | None


def of(change_set: ChangeSet) -> ShownFeed | None:
    """What is shown of a feed; None of a change set with items."""
    feed = change_set.feed
    if feed is None:
        return None
    columns = row_codec.table_of(row_codec.model_of(change_set.table_name)).columns
    fields = [
        (speech().say(labels.of_column(columns[name])), int(number))
        for name, number in feed.get("fields", {}).items()
        if name in columns
    ]
    return ShownFeed(
        ranges=[_range(columns[name], span) for name, span in feed.get("ranges", {}).items()],
        fields=fields,
        samples=_samples(change_set, feed.get("samples", ())),
        list_url=_list_url(change_set, feed.get("ranges", {})) if change_set.status == "applied" else None,
    )


def _range(column: Any, span: Mapping[str, Any]) -> tuple[str, str]:
    spoken = speech()
    label, number = spoken.say(labels.of_column(column)), f"{span['values']:,}"
    if "first" not in span:
        return label, number
    first, last = (formatters.day(date.fromisoformat(span[end]), spoken) for end in ("first", "last"))
    return label, spoken.gettext("%(first)s to %(last)s (%(count)s)", first=first, last=last, count=number)


def _samples(change_set: ChangeSet, samples: Sequence[Mapping[str, Any]]) -> list[Sample]:
    model = row_codec.model_of(change_set.table_name)
    view = registry.view_of(model)
    differences = displayed_values.of_changes([Change(model, one["before"], one["after"]) for one in samples])
    is_shown = view is not None and change_set.status == "applied"
    return [
        Sample(
            label=one["label"],
            url=(
                view.get_url(f"{view.endpoint}.details_view", id=one["row_key"])
                if view is not None and is_shown and keys.parse(model, one["row_key"]) is not None
                else None
            ),
            action=one["action"],
            action_label=labels.word(ACTION, one["action"], speech()),
            rows=rows,
        )
        for one, rows in zip(samples, differences, strict=True)
    ]


def _list_url(change_set: ChangeSet, ranges: Mapping[str, Any]) -> str | None:
    """Where its rows are listed that nobody has changed since; days narrow the list to what an index finds."""
    view = registry.view_of(row_codec.model_of(change_set.table_name))
    if view is None or not ranges:
        return None
    narrowed: dict[str, Any] = {
        "flt0_change_set_from": change_set.id,
        "flt1_change_set_to": change_set.id,
    }
    for name, span in ranges.items():
        if "first" in span:
            narrowed |= {f"flt2_{name}_from": span["first"], f"flt3_{name}_to": span["last"]}
    return url_for(f"{view.endpoint}.index_view", **narrowed)
