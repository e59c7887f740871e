"""What a list and a page of findings need beside their sentences: what to load for them, and where a field stands."""

from typing import Any

from flask import url_for
from sqlalchemy.orm import joinedload

from webapp.models.company import Company
from webapp.models.findings.finding import FiledFinding
from webapp.screens.record import registry
from webapp.services.changes import row_codec
from webapp.words import keys

READS = ("rule", "table_name", "row_key", "field", "company_id", "message", "params", "observed", "expected")


def loads() -> tuple[Any, ...]:
    """Loader options for the names that sentences need."""
    return (
        joinedload(FiledFinding.company).load_only(*map(_column, Company.naming.columns), raiseload=True),
    )


def _column(name: str) -> Any:
    return getattr(Company, name)


def address_of_field(finding: FiledFinding) -> str | None:
    """Where the field is mended; where it is looked at, for those who may not; None where nobody can."""
    model = row_codec.model_of(finding.table_name)
    view = registry.view_of(model)
    is_nowhere = finding.params.get("is_stored") is False
    if view is None or is_nowhere or keys.parse(model, finding.row_key) is None:
        return None
    way = next((way for way in ("edit_view", "details_view") if way in view.allowed()), None)
    anchor = finding.field if way == "edit_view" else None
    return None if way is None else url_for(f"{view.endpoint}.{way}", id=finding.row_key, _anchor=anchor)
