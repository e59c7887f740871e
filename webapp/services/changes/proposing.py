"""Propose a change: wanted rows beside stored rows become items with findings. Nothing is written here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Column, select

from webapp import db
from webapp.models.company import Company
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_conflicts
from webapp.services.changes.proposals import (
    Author,
    Conflict,
    Intent,
    Item,
    Moved,
    Proposal,
    Refused,
    Wanted,
)
from webapp.services.changes.row_codec import Key

__all__ = ["Author", "Conflict", "Intent", "Item", "Moved", "Proposal", "Refused", "Wanted", "propose"]

CHUNK = 5000
Stored = Mapping[Key, Mapping[str, Any]]


def propose(
    model: type[db.Base],
    wanted: Iterable[Wanted],
    intent: Intent,
    *,
    stored: Stored | None = None,
    is_partial: bool = False,
) -> Proposal:
    """What would change if these rows were written.

    `stored` may hold the rows as they are, by key, where the caller has them all in hand; otherwise they are read and
    kept from others until the transaction ends, so that what is true here is still true when it is applied.

    Raises Refused with every blocking finding, or leaves those rows out if `is_partial`; raises Moved for the first
    row that is not as its editor saw it.
    """
    wishes = list(wanted)
    if stored is None:
        keys = [wish.key for wish in wishes if wish.key is not None]
        stored = fetch(model, keys, is_locking=True)
    drafts: list[_Draft] = []
    for wish in wishes:
        row = stored.get(wish.key) if wish.key is not None else None
        if wish.action != change.CREATE:
            _require_as_seen(model, wish, row)
        drafts.append(_draft(model, wish, row))
    refused = [
        (wish, draft.findings)
        for wish, draft in zip(wishes, drafts, strict=True)
        if any(finding.is_blocking for finding in draft.findings)
    ]
    blocking = [*_about_intent(intent)]
    if not is_partial:
        blocking += [finding for _, findings in refused for finding in findings if finding.is_blocking]
    if blocking:
        raise Refused(blocking)
    good = [draft for draft in drafts if not any(finding.is_blocking for finding in draft.findings)]
    changed = [draft for draft in good if draft.item is not None]
    items = _labelled(model, changed)
    return Proposal(model, intent, items, unchanged=len(good) - len(changed), refused=refused)


def _require_as_seen(model: type[db.Base], wish: Wanted, row: Mapping[str, Any] | None) -> None:
    """Raise Moved where the row is gone, or holds values that its editor neither saw nor wants.

    A later version alone is no conflict: a release fills columns that this code, or the form, does not know.
    """
    if row is not None and wish.base_version in (None, row["version"]):
        return
    moved = row_conflicts.moved(model, wish, row)
    if row is None or any(conflict.yours != conflict.theirs for conflict in moved.conflicts):
        raise moved


def fetch(
    model: type[db.Base], keys: Sequence[Key], *, is_locking: bool = False
) -> dict[Key, Mapping[str, Any]]:
    """The stored rows of these keys, as mappings by key."""
    table = row_codec.table_of(model)
    found: dict[Key, Mapping[str, Any]] = {}
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        rows = select(table).where(row_codec.has_key(model, part))
        if is_locking:
            # In one order, so that two who want the same rows do not wait for each other.
            rows = rows.order_by(*row_codec.key_columns(model)).with_for_update(key_share=True)
        for row in db.session.execute(rows).mappings():
            values = {str(name): value for name, value in row.items()}
            found[row_codec.key_of(model, values)] = values
    return found


def check(model: type[db.Base], row: Mapping[str, Any], fields: Iterable[str]) -> Iterator[Finding]:
    """Every finding on a row: the rules of these fields first, then what lies between the fields."""
    columns = row_codec.table_of(model).columns
    for name in fields:
        yield from _check_value(columns[name], row.get(name))
    rules = getattr(model, "rules", None)
    if rules is not None and hasattr(rules, "check"):
        yield from rules.check(row)


def _about_intent(intent: Intent) -> Iterator[Finding]:
    for name, rule in (("reason", change.REASON), ("source", change.SOURCE)):
        value = getattr(intent, name)
        saying = rule.broken_by(value) if value is not None else None
        if saying is not None:
            yield Finding(f"change_{name}", saying.message, saying.params)


@dataclass(slots=True)
class _Draft:
    """One wish worked out: the item (None where nothing changes), the whole row it leads to, what is remarked."""

    item: Item | None
    row: Mapping[str, Any]
    findings: list[Finding]


def _draft(model: type[db.Base], wish: Wanted, row: Mapping[str, Any] | None) -> _Draft:
    if wish.action == change.CREATE:
        return _created(model, wish)
    assert row is not None
    if wish.action == change.DELETE:
        before = {column.name: row[column.name] for column in row_codec.curated_columns(model)}
        return _Draft(Item(change.DELETE, wish.key, row["version"], before, {}, ""), row, [])
    return _changed(model, wish, row)


def _created(model: type[db.Base], wish: Wanted) -> _Draft:
    after = {column.name: _given(column, wish.values) for column in row_codec.curated_columns(model)}
    after |= _derived(model, after)
    findings = list(check(model, after, after))
    if row_codec.is_counted(model) or any(f.is_blocking for f in findings):
        key = wish.key
    else:
        key = row_codec.key_of(model, after)
    return _Draft(Item(change.CREATE, key, None, {}, after, ""), after, findings)


def _changed(model: type[db.Base], wish: Wanted, row: Mapping[str, Any]) -> _Draft:
    merged = {**row, **wish.values}
    merged |= _derived(model, merged)
    names = [column.name for column in row_codec.curated_columns(model)]
    after = {name: merged[name] for name in names if merged[name] != row[name]}
    if not after:
        return _Draft(None, merged, [])
    before = {name: row[name] for name in after}
    item = Item(wish.action, wish.key, row["version"], before, after, "")
    keys = [column.name for column in row_codec.key_columns(model) if column.name in after]
    findings = [Finding(name, "cannot be changed; add a new row instead") for name in keys]
    return _Draft(item, merged, [*findings, *check(model, merged, after)])


def _given(column: Column[Any], values: Mapping[str, Any]) -> Any:
    value = values.get(column.name)
    if value is None and column.name not in values and column.default is not None:
        default = column.default.arg  # type: ignore[attr-defined]  # our defaults are plain values or dict/list
        return default(None) if callable(default) else default
    return value


def _derived(model: type[db.Base], row: Mapping[str, Any]) -> dict[str, Any]:
    rules = getattr(model, "rules", None)
    return rules.derive(row) if rules is not None and hasattr(rules, "derive") else {}


def _check_value(column: Column[Any], value: Any) -> Iterator[Finding]:
    if value is None:
        if not column.nullable:
            yield Finding(column.name, "is needed")
        return
    rule = column.info.get("rule")
    saying = rule.broken_by(value) if rule is not None else None
    if saying is not None:
        yield Finding(column.name, saying.message, saying.params)


def _labelled(model: type[db.Base], drafts: Sequence[_Draft]) -> list[Item]:
    """The items with what people call their rows; a row that belongs to a company carries the company's name."""
    owners = {draft.row["company_id"] for draft in drafts if draft.row.get("company_id") is not None}
    companies = _company_names(owners) if owners else {}
    items = []
    for draft in drafts:
        assert draft.item is not None
        label = model.naming.of_values(draft.row, companies.get(draft.row.get("company_id", 0), ""))
        remarks = tuple(finding for finding in draft.findings if not finding.is_blocking)
        items.append(replace(draft.item, label=label, findings=remarks))
    return items


def _company_names(ids: set[int]) -> dict[int, str]:
    names: Iterable[Any]
    if len(ids) == 1:
        # A form has just read its record's company, and the session still has it.
        (only,) = ids
        names = [db.session.get(Company, only)]
    else:
        columns = (Company.id, Company.ticker_symbol, Company.edinet_code, Company.name_ja)
        names = db.session.execute(select(*columns).where(Company.id.in_(ids)))
    return {
        row.id: " ".join(filter(None, (row.ticker_symbol or row.edinet_code, row.name_ja)))
        for row in names
        if row is not None
    }
