"""What the rules say of a record while it is typed: the same as they would once it is saved. Nothing is written."""

from collections.abc import Mapping
from typing import Any

from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.rules.findings import Finding
from webapp.services.changes import row_checks, row_codec, statements_beside


def remarks(model: type[db.Base], typed: Mapping[str, Any], row: Mapping[str, Any] | None) -> list[Finding]:
    """What is found on a row with these values typed over it; over a blank one where it is new.

    What is not filled in yet is no finding, as somebody is still typing.
    """
    blank = {column.name: row_codec.default_of(column) for column in row_codec.curated_columns(model)}
    stored = blank if row is None else row
    whole = {**stored, **typed}
    changed = [name for name, value in typed.items() if value is not None and value != stored.get(name)]
    findings = list(row_checks.check(model, whole, changed))
    if model is FinancialStatement:
        findings += next(statements_beside.look([whole])).findings
    own = [one for one in findings if one.rule is not None or one.field in changed]
    return row_checks.as_typed(own, changed)
