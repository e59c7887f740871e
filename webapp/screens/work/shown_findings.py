"""Findings that were kept as JSON, as people read them."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from webapp.rules import findings
from webapp.screens.record import displayed_values, registry
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import keys, labels, remarks


class _Stored(NamedTuple):
    """The sentence of a finding that a change set keeps."""

    message: str
    params: dict[str, Any]
    field: str


def of(tables: Sequence[str], finding: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown of it: the sentence, the field or heading, the record with its address, the line and the value."""
    columns = displayed_values.columns_of(tables)
    field = finding.get("field") or ""
    line = finding.get("line")
    return {
        "message": remarks.sentence(
            _Stored(
                str(finding.get("message", "")), findings.params_from(finding.get("params") or {}), field
            ),
            columns,
            speech(),
        ),
        "is_blocking": bool(finding.get("is_blocking")),
        # What is no column of ours is a heading of the file.
        "where": speech().say(labels.of_column(columns[field])) if field in columns else field,
        "record": finding.get("record") or "",
        "url": _url_of(tables, finding.get("row_key")),
        "line": speech().gettext("line %(line)s", line=f"{line:,}") if line else "",
        "value": (finding.get("params") or {}).get("value") if finding.get("is_blocking") else None,
    }


def _url_of(tables: Sequence[str], row_key: str | None) -> str | None:
    """Where the record of a finding is shown, if it is one that is stored and has a screen."""
    if not tables:
        return None
    model = row_codec.model_of(tables[0])
    view = registry.view_of(model)
    if view is None or keys.parse(model, row_key) is None:
        return None
    return str(view.get_url(f"{view.endpoint}.details_view", id=row_key))
