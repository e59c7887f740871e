"""Keep the names and codes that pass: whoever changes one leaves the old one behind, in the same change set."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text

from webapp import db
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.rules import calendar, change, company_name, names
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Intent, Item, Wish

Row = Mapping[str, Any]
CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Passing:
    """A name or code that a company has no more."""

    company_id: int
    kind: str
    value: str


def following(items: Sequence[Item], intent: Intent) -> Iterator[tuple[Wish, Row | None]]:
    """What follows from these items for former names, with the stored rows that change or go with a company."""
    touched = {item.key for item in items if item.model is CompanyName and item.key is not None}
    passing = [one for item in items for one in _passing(item)]
    gone = {item.key[0] for item in items if _is_gone(item) and item.key is not None}
    if not passing and not gone:
        return
    stored = list(_stored({one.company_id for one in passing} | gone))
    for row in stored:
        if row["company_id"] in gone and (row["id"],) not in touched:
            yield Wish(CompanyName, change.DELETE, {}, (row["id"],)), row
    known = {(row["company_id"], row["kind"], row["value"]): row for row in stored}
    for one in passing:
        same = known.get((one.company_id, one.kind, one.value))
        if same is not None and (same["id"],) in touched:
            continue
        ends = {"valid_until": intent.as_of_on or calendar.today()}
        if same is not None:
            yield Wish(CompanyName, change.UPDATE, ends, (same["id"],)), same
            continue
        begins = {"valid_from": _last_end(one, stored), "source": intent.source}
        values = {"company_id": one.company_id, "kind": one.kind, "value": one.value}
        yield Wish(CompanyName, change.CREATE, {**values, **begins, **ends}), None


def _passing(item: Item) -> Iterator[Passing]:
    """The names and codes of a company's item that it takes away; another way to write a name is no other name."""
    if item.model is not Company or item.action not in (change.UPDATE, change.CLOSE) or item.key is None:
        return
    for kind in company_name.KEPT:
        old, new = item.before.get(kind), item.after.get(kind)
        if old is None or kind not in item.after or old == new:
            continue
        if kind in company_name.CODES or new is None or names.key(old) != names.key(new):
            yield Passing(item.key[0], kind, old)


def _is_gone(item: Item) -> bool:
    return item.model is Company and item.action == change.DELETE


def _last_end(one: Passing, stored: Iterable[Row]) -> Any:
    """The day until which the one before it was valid, where that is known."""
    ends = (
        row["valid_until"]
        for row in stored
        if (row["company_id"], row["kind"]) == (one.company_id, one.kind) and row["valid_until"] is not None
    )
    return max(ends, default=None)


def _stored(company_ids: Iterable[int]) -> Iterator[Row]:
    table, ids = row_codec.table_of(CompanyName), sorted(company_ids)
    for start in range(0, len(ids), CHUNK):
        rows = select(table).where(table.c.company_id.in_(ids[start : start + CHUNK])).order_by(table.c.id)
        for row in db.session.execute(rows.with_for_update(key_share=True)).mappings():
            yield {str(name): value for name, value in row.items()}


def forget(change_set_id: int, companies: Sequence[str]) -> None:
    """Take what followed for former names of these companies, by their keys as text, out of a stored change set."""
    forgetting = text(
        "DELETE FROM change_set_items n WHERE n.change_set_id = :id AND n.table_name = 'company_names'"
        " AND coalesce(n.after ->> 'company_id', n.before ->> 'company_id', (SELECT c.company_id::text"
        " FROM company_names c WHERE c.id = n.row_key::bigint)) = ANY(:companies)"
    )
    db.session.execute(forgetting, {"id": change_set_id, "companies": list(companies)})


def of_items(change_set_id: int, positions: Sequence[int]) -> Sequence[int]:
    """The places of a change set's items that follow from its items of companies at these places."""
    if not positions:
        return ()
    # Each part by itself, so that no item is compared with every other, whatever the planner believes of them.
    following = text(
        "SELECT n.position FROM change_set_items n WHERE n.change_set_id = :id AND n.table_name = 'company_names'"
        " AND coalesce(n.after ->> 'company_id', n.before ->> 'company_id', (SELECT t.company_id::text"
        " FROM company_names t WHERE t.id = n.row_key::bigint)) IN (SELECT c.row_key FROM change_set_items c"
        " WHERE c.change_set_id = :id AND c.table_name = 'companies' AND c.position = ANY(:positions))"
    )
    return db.session.scalars(following, {"id": change_set_id, "positions": list(positions)}).all()
