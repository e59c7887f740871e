"""A change set as one entry of a list on Home."""

from datetime import datetime
from typing import Any

from flask import url_for

from webapp.models.change_set import ChangeSet
from webapp.screens.work import summaries
from webapp.web.speaking import speech
from webapp.words import formatters, stored_sentences


def entry(change_set: ChangeSet, last_applied_at: datetime | None = None) -> dict[str, Any]:
    """What it did, who wanted it and when it was last added to, and where it is shown."""
    at = last_applied_at or change_set.applied_at or change_set.created_at
    return {
        "id": change_set.id,
        "title": f"#{change_set.id} {summaries.what(change_set, speech())}",
        "url": url_for("change_sets.details_view", id=change_set.id),
        "kind": summaries.title(change_set),
        "who": stored_sentences.in_language("author_name", change_set.author_name, speech()),
        "when": formatters.instant(at, speech()),
        "state": summaries.tone(change_set),
        "state_label": summaries.state(change_set),
    }
