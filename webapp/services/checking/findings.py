"""Filed findings between steward and source: those that stand, and those that a source's word opens or closes."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.rules import calendar, finding, masters
from webapp.services.changes.following import filed_findings, source_findings, source_names


def reopen_expired() -> int:
    """Let what was accepted until a day that has passed be open again; how many findings those are."""
    return filed_findings.settle(
        "f.status = 'waived' AND f.waived_until < :today", {"today": calendar.today()}
    )


def disagreeing(origin: str) -> dict[tuple[str, str], set[str]]:
    """The fields in which a steward's value stands open against a source, by table and key of the row."""
    standing = text(
        "SELECT table_name, row_key, field FROM findings WHERE rule = :rule AND origin = :origin AND closed_at IS NULL"
    )
    fields: dict[tuple[str, str], set[str]] = {}
    facts = {"rule": finding.STEWARD_AGAINST_SOURCE, "origin": origin}
    for table_name, row_key, field in db.session.execute(standing, facts):
        fields.setdefault((table_name, row_key), set()).add(field)
    return fields


def compare(origin: str, says: Sequence[Mapping[str, Any]], change_set_id: int | None = None) -> None:
    """File where stored values that stewards set differ from what a source says, and close where they agree.

    `says`: table, row_key, field and value, as JSON. What is asked is what is stored now, whoever changed it since.
    The change set that says so, if there is one, takes it back when it is undone.
    """
    if says:
        source_findings.take(says, origin)
        source_findings.file(change_set_id)
    if origin == masters.OF_JPX:
        source_names.remember((one for one in says if one["table"] == "companies"), change_set_id)
