"""What a list calls companies whose names are another source's: kept by the findings on them, of which a rule decides.

A list that changes nothing has no change set, and yet has said something.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.rules import masters, names
from webapp.services.changes.following import filed_findings, master_findings
from webapp.services.changes.following.filed_findings import COLUMNS

RULE = masters.BY_ID[masters.SOURCES_DIFFER]
FIELD = "name_ja"
SAID = "jsonb_to_recordset(CAST(:said AS jsonb)) AS i (company_id bigint, value text, folded text)"
DISPUTED = text("SELECT company_id FROM findings WHERE rule = :rule AND company_id IS NOT NULL")
# Closed at first: whether there is something to look at, the rule says.
REMEMBERED = text(
    f"INSERT INTO findings (origin, {COLUMNS}, digest, status, first_seen_at, last_seen_at, closed_at)"
    f" SELECT '', :rule, 'companies', n.company_id::text, :field, n.company_id, :severity, :message, n.params,"
    f" n.observed, n.expected, {filed_findings.DIGEST.format(observed='n.observed', expected='n.expected')},"
    " 'closed', now(), now(), now() FROM (SELECT i.company_id, to_jsonb(c.name_ja) AS observed,"
    " to_jsonb(i.value) AS expected, jsonb_build_object('value', i.value, 'folded', i.folded) AS params"
    f" FROM {SAID} JOIN companies c ON c.id = i.company_id) n"
    " ON CONFLICT ON CONSTRAINT uq_findings_identity DO UPDATE SET params = excluded.params"
)


def disputed() -> frozenset[int]:
    """The companies of which a list has said another name at some time: what it says now is news either way."""
    return frozenset(db.session.scalars(DISPUTED, {"rule": RULE.id}))


def remember(says: Iterable[Mapping[str, Any]]) -> None:
    """Keep which names a list gives companies, and look at those. `says`: row_key, field and value of each."""
    said = [
        {"company_id": int(one["row_key"]), "value": one["value"], "folded": names.key(one["value"])}
        for one in says
        if one["field"] == FIELD
    ]
    if said:
        facts = {"rule": RULE.id, "field": FIELD, "severity": RULE.severity, "message": RULE.message}
        db.session.execute(REMEMBERED, {**facts, "said": json.dumps(said)})
        master_findings.look_at([one["company_id"] for one in said])
