"""Propose a change: wanted rows beside stored rows become items with findings. Nothing is written here."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import change
from webapp.services.changes import (
    references,
    revisions,
    row_checks,
    row_codec,
    row_conflicts,
    row_labels,
    statements_beside,
)
from webapp.services.changes.drafts import Drafts, drafted
from webapp.services.changes.following import former_names, share_counts
from webapp.services.changes.proposals import Intent, Proposal, Refused, Wish
from webapp.services.changes.row_codec import Key
from webapp.services.changes.stored import rows_in_hand

CHUNK = 5000
Stored = row_codec.Stored
StoredByModel = Mapping[type[db.Base], Stored]


def propose(
    wishes: Iterable[Wish],
    intent: Intent,
    *,
    stored: StoredByModel | None = None,
    is_partial: bool = False,
) -> Proposal:
    """What would change if these rows were written; rows that others refer to come before those that refer to them.

    `stored` may hold the rows as they are, by model and key, where the caller has them all in hand; otherwise they are
    read and kept from others until the transaction ends, so that what is true here is still true when it is applied.
    What somebody else changed since the editor looked stays, where the editor did not change the same field.

    Raises Refused with every blocking finding, or leaves those rows out if `is_partial`; raises Moved for the first
    row of which both changed one field, or that is gone.
    """
    in_order = references.sorted_by(wishes, lambda wish: wish.model)
    if stored is None:
        stored = fetch_all(in_order)
    drafts = _drafted(in_order, intent, stored)
    if intent.kind in change.SETTING:
        _let_follow(drafts, below=_refuse_as_typed(drafts))
    _settle_revisions(drafts)
    _keep_former_names(drafts, intent)
    good = [draft for draft in drafts.all if not draft.is_blocked]
    refused = [(draft.wish, draft.findings) for draft in drafts.all if draft.is_blocked]
    of_rows = [] if is_partial else [finding for _wish, findings in refused for finding in findings]
    blocking = [*intent.broken(), *(finding for finding in of_rows if finding.is_blocking)]
    if blocking:
        raise Refused(blocking)
    changed = [draft for draft in good if draft.item is not None]
    return Proposal(
        intent,
        row_labels.labelled([(draft.reported, draft.row) for draft in changed]),
        unchanged=len(good) - len(changed),
        refused=refused,
        meanwhile=drafts.meanwhile,
    )


def _drafted(wishes: Iterable[Wish], intent: Intent, stored: StoredByModel) -> Drafts:
    drafts = Drafts()
    for wish in wishes:
        row = stored[wish.model].get(wish.key) if wish.key is not None else None
        own = wish
        if wish.action != change.CREATE:
            wish.require_version(intent)
            own, of_others = row_conflicts.beside(wish, row)
            drafts.meanwhile += of_others
        drafts.add(own, row, first=wish)
    return drafts


def _refuse_as_typed(drafts: Drafts) -> set[Key | None]:
    """Hold what a person types against the rules once more: what is stored beside it counts, and grave ones refuse.

    The keys of those statements over which others are laid.
    """
    changed = [draft for draft in drafts.all if draft.item is not None and draft.item.after]
    statements = [draft for draft in changed if draft.wish.model is FinancialStatement]
    beside = list(statements_beside.look([draft.row for draft in statements]))
    for draft, one in zip(statements, beside, strict=True):
        draft.findings += one.findings
    for draft in changed:
        assert draft.item is not None
        draft.findings = row_checks.as_typed(draft.findings, draft.item.after)
    return {draft.key for draft, one in zip(statements, beside, strict=True) if one.is_below}


def _let_follow(drafts: Drafts, below: set[Key | None]) -> None:
    """Let what a person corrects in a statement hold in those that are laid over it; imports say what is in each."""
    corrected = {
        item.key[0]: ({**row, **item.before}, row)
        for item, row in drafts.good
        if revisions.corrects_figures(item) and item.key is not None and item.key in below
    }
    drafts.all += [drafted(wish, wish.values, row) for wish, row in revisions.following(corrected)]


def _settle_revisions(drafts: Drafts) -> None:
    """Let one revision of a statement be current: what is wanted otherwise, and whose place is taken, changes too."""
    withdrawing = {
        status[0]: (draft, status[1])
        for draft in drafts.all
        if draft.item is not None
        and not draft.is_blocked
        and (status := revisions.withdrawal(draft.item)) is not None
    }
    withdrawn = {doc_id: is_withdrawn for doc_id, (_draft, is_withdrawn) in withdrawing.items()}
    if withdrawn:
        # What is said of all that follows is said where it comes from.
        document, _is_withdrawn = next(iter(withdrawing.values()))
        document.findings += drafts.lay_anew(withdrawn)
    # Of each row there is one item: what changes figures alone may be what is current no more, too.
    of_statements = [
        place
        for place, draft in enumerate(drafts.all)
        if draft.item is not None and not draft.is_blocked and revisions.is_of_statement(draft.item)
    ]
    touching = [place for place in of_statements if drafts.all[place].may_be_current]
    if not touching and not withdrawn:
        return
    drafts.all += [drafted(wish, wish.values, row) for wish, row in share_counts.following(withdrawn)]
    settled = revisions.settle([drafts.all[place].as_revision for place in of_statements], withdrawn)
    for place, is_current in settled.of_changes.items():
        drafts.all[of_statements[place]].be_current(is_current)
    others = [
        (is_current, drafted(wish := revisions.wish_for(row, is_current=is_current), wish.values, row))
        for row, is_current in settled.of_others
    ]
    # What is current no more is written before what takes its place.
    first = touching[0] if touching else len(drafts.all)
    drafts.all[first:first] = [draft for is_current, draft in others if not is_current]
    drafts.all += [draft for is_current, draft in others if is_current]


def _keep_former_names(drafts: Drafts, intent: Intent) -> None:
    """Let names and codes that pass stay findable."""
    items = [draft.item for draft in drafts.all if draft.item is not None and not draft.is_blocked]
    drafts.all += [drafted(wish, wish.values, row) for wish, row in former_names.following(items, intent)]


def fetch_all(wishes: Iterable[Wish]) -> StoredByModel:
    """The stored rows of these wishes by model and key, locked table by table in the order of the wishes."""
    keys: dict[type[db.Base], list[Key]] = {}
    for wish in wishes:
        of_model = keys.setdefault(wish.model, [])
        if wish.key is not None:
            of_model.append(wish.key)
    return {model: fetch(model, of_model, is_locking=True) for model, of_model in keys.items()}


def fetch(
    model: type[db.Base], keys: Sequence[Key], *, is_locking: bool = False
) -> dict[Key, Mapping[str, Any]]:
    """The stored rows of these keys, as mappings by key."""
    rows_by_key = rows_in_hand.locked(model, keys) if is_locking else {}
    others = [key for key in keys if key not in rows_by_key] if rows_by_key else keys
    for start in range(0, len(others), CHUNK):
        rows = select(row_codec.table_of(model)).where(
            row_codec.has_key(model, others[start : start + CHUNK])
        )
        for row in db.session.execute(rows_in_hand.locking(model, rows) if is_locking else rows).mappings():
            values = {str(name): value for name, value in row.items()}
            rows_by_key[row_codec.key_of(model, values)] = values
    return rows_by_key
