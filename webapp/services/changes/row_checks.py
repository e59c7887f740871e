"""Everything that is found on one row: the rules of its fields, and those of what lies between them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Column

from webapp import db
from webapp.rules.accounting import catalogue
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import KeyOf


def check(model: type[db.Base], row: Mapping[str, Any], fields: Iterable[str]) -> Iterator[Finding]:
    """Every finding on a row: the rules of these fields first, then what lies between the fields."""
    columns = row_codec.table_of(model).columns
    for name in fields:
        yield from _check_value(columns[name], row.get(name))
    rules = getattr(model, "rules", None)
    if rules is not None and hasattr(rules, "check"):
        yield from rules.check(row)


def as_typed(findings: Iterable[Finding], fields: Collection[str]) -> list[Finding]:
    """The findings on a row of which these fields were typed: a grave rule of accounting refuses them then.

    What a source states is stored as stated, and stays to be looked at.
    """
    return [
        replace(finding, is_blocking=True) if catalogue.refuses(finding, fields) else finding
        for finding in findings
    ]


def _check_value(column: Column[Any], value: Any) -> Iterator[Finding]:
    if value is None:
        if not column.nullable:
            yield Finding(column.name, "is needed")
        return
    rule = column.info.get("rule")
    if rule is None or isinstance(value, KeyOf):
        return  # of a key that the database counts up there is nothing to check
    saying = rule.broken_by(value)
    if saying is not None:
        yield Finding(column.name, saying.message, saying.params)
