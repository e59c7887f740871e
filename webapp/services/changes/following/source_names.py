"""What a list calls companies whose names are another source's: kept by the findings on them, of which a rule decides.

A list that changes nothing has no change set, and yet has said something: only what a change set has said is taken
back with it, and what a list before it had said stands again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.rules import masters, names
from webapp.services.changes.following import filed_findings, master_findings
from webapp.services.changes.following.filed_findings import COLUMNS

RULE = masters.BY_ID[masters.SOURCES_DIFFER]
FIELD = "name_ja"
SAID = "jsonb_to_recordset(CAST(:said AS jsonb)) AS i (company_id bigint, value text, folded text, change_set text)"
DISPUTED = text("SELECT company_id FROM findings WHERE rule = :rule AND company_id IS NOT NULL")
# Closed at first: whether there is something to look at, the rule says.
REMEMBERED = text(
    f"INSERT INTO findings (origin, {COLUMNS}, digest, status, first_seen_at, last_seen_at, closed_at)"
    f" SELECT '', :rule, 'companies', n.company_id::text, :field, n.company_id, :severity, :message, n.params,"
    f" n.observed, n.expected, {filed_findings.DIGEST.format(observed='n.observed', expected='n.expected')},"
    " 'closed', now(), now(), now() FROM (SELECT i.company_id, to_jsonb(c.name_ja) AS observed,"
    " to_jsonb(i.value) AS expected, jsonb_build_object('value', i.value, 'folded', i.folded,"
    " 'change_set', i.change_set) AS params"
    f" FROM {SAID} JOIN companies c ON c.id = i.company_id) n"
    " ON CONFLICT ON CONSTRAINT uq_findings_identity DO UPDATE SET params = excluded.params"
)
OF_NAMES = f"n.origin = '{masters.OF_JPX}' AND n.\"table\" = 'companies' AND n.field = '{FIELD}'"
# What is taken back, and what was said last beside it; a name that came without a change set since is of neither.
TAKEN_BACK = text(
    "SELECT n.row_key, l.value #>> '{}' AS value, l.change_set_id FROM source_undone n LEFT JOIN source_said l"
    ' ON l.origin = n.origin AND l."table" = n."table" AND l.row_key = n.row_key AND l.field = n.field'
    f" WHERE {OF_NAMES} AND NOT EXISTS (SELECT FROM findings f WHERE f.rule = :rule AND f.table_name = 'companies'"
    " AND f.row_key = n.row_key AND f.params ->> 'change_set' IS NULL)"
)
FORGOTTEN = text(
    "DELETE FROM findings f WHERE f.rule = :rule AND f.table_name = 'companies' AND f.row_key = ANY(:keys)"
)


def disputed() -> frozenset[int]:
    """The companies of which a list has said another name at some time: what it says now is news either way."""
    return frozenset(db.session.scalars(DISPUTED, {"rule": RULE.id}))


def remember(says: Iterable[Mapping[str, Any]], change_set_id: int | None) -> None:
    """Keep which names a list gives companies, and look at those. `says`: row_key, field and value of each."""
    _remember(
        [(int(one["row_key"]), one["value"], change_set_id) for one in says if one["field"] == FIELD],
    )


def take_back() -> None:
    """Of the names that an undone list had given companies, let stand what lists before it had said, if they had.

    Both are in the tables of the session's own from which what sources said is taken back.
    """
    taken_back = db.session.execute(TAKEN_BACK, {"rule": RULE.id}).all()
    _remember([(int(key), value, number) for key, value, number in taken_back if number is not None])
    forgotten = [key for key, _value, number in taken_back if number is None]
    if forgotten:
        db.session.execute(FORGOTTEN, {"rule": RULE.id, "keys": forgotten})


def _remember(names_said: Sequence[tuple[int, str, int | None]]) -> None:
    said = [
        {"company_id": company, "value": name, "folded": names.key(name), "change_set": number}
        for company, name, number in names_said
    ]
    if names_said:
        facts = {"rule": RULE.id, "field": FIELD, "severity": RULE.severity, "message": RULE.message}
        db.session.execute(REMEMBERED, {**facts, "said": json.dumps(said)})
        master_findings.look_at([company for company, _name, _number in names_said])
