"""Wishes worked out one by one: what becomes of each row, and what is remarked on it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from webapp import db
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes import revisions, row_checks, row_codec, row_labels
from webapp.services.changes.filed import withdrawn_reports
from webapp.services.changes.filed.withdrawn_reports import NOTHING, Beside
from webapp.services.changes.following import steward_values
from webapp.services.changes.proposals import Conflict, Item, KeyOf, Wish
from webapp.services.changes.revisions import Withdrawn
from webapp.services.changes.row_codec import Key


@dataclass(slots=True)
class Draft:
    """One wish worked out: the item (None where nothing changes), the whole row it leads to, what is remarked."""

    wish: Wish
    item: Item | None
    row: Mapping[str, Any]
    findings: list[Finding]

    @property
    def is_blocked(self) -> bool:
        return bool(self.findings) and any(finding.is_blocking for finding in self.findings)

    @property
    def reported(self) -> Item:
        """The item with what is remarked on it."""
        assert self.item is not None
        return replace(self.item, findings=tuple(one for one in self.findings if not one.is_blocking))

    @property
    def key(self) -> Key | None:
        """The row's key, as far as it is known before it is stored."""
        return self.wish.key if self.item is None else self.item.key

    @property
    def as_revision(self) -> revisions.Change:
        """The statement before and after."""
        assert self.item is not None
        return revisions.as_change(self.item, self.row)

    @property
    def may_be_current(self) -> bool:
        """Whether it may matter to which revision of a statement is current."""
        return self.item is not None and revisions.is_touched(self.item)

    def be_current(self, is_current: bool) -> None:
        """Be current, or not, whatever was wanted."""
        assert self.item is not None
        # A report and its restatement that come together wish nothing of it: which is current is no news to anybody.
        if self.may_be_current and revisions.IS_CURRENT in self.wish.values:
            self.findings += revisions.remarks(is_current=is_current)
        self.item = revisions.being(self.item, self.row, is_current=is_current)
        self.row = {**self.row, revisions.IS_CURRENT: is_current}


@dataclass(slots=True)
class Drafts:
    """The wishes worked out so far, in turn: a later one may refer to the row of an earlier one.

    `meanwhile`: what others changed since their editors looked, and what stays.
    """

    all: list[Draft] = field(default_factory=list)
    by_wish: dict[int, Draft] = field(default_factory=dict)
    meanwhile: list[Conflict] = field(default_factory=list)

    @property
    def good(self) -> Iterator[tuple[Item, Mapping[str, Any]]]:
        """What changes and is not refused: the item, and the row it leads to."""
        return ((one.item, one.row) for one in self.all if one.item is not None and not one.is_blocked)

    def lay_anew(self, withdrawn: Withdrawn, beside: Beside = NOTHING) -> list[Finding]:
        """Let statements follow from documents that fall, or stand again; what is remarked on all of it."""
        number, remarks = len(self.all), list[Finding]()
        for laid in withdrawn_reports.following(withdrawn, beside):
            if laid.wish is None:
                remarks += laid.remarks
                continue
            self.add(laid.wish, laid.row, first=laid.wish)
            self.all[-1].findings += laid.remarks
        self.all[number:] = [draft for draft in self.all[number:] if draft.item is not None]
        return remarks

    def add(self, wish: Wish, row: Mapping[str, Any] | None, *, first: Wish) -> None:
        """Work a wish out; others may refer to it as it was `first` wished."""
        values, lacking = wish.values, list[str]()
        if wish.has_references:
            values, lacking = self._with_known_keys(wish.values)
        draft = drafted(wish, values, row)
        draft.findings += [Finding(name, "refers to a row that is refused itself") for name in lacking]
        self.all.append(draft)
        self.by_wish[id(first)] = draft

    def _with_known_keys(self, values: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[str]]:
        """The values with keys in place of references where rows have one already, and those whose row is refused."""
        references = {name: value for name, value in values.items() if isinstance(value, KeyOf)}
        owners = {name: self._owner(reference) for name, reference in references.items()}
        known = {name: draft.key[0] for name, draft in owners.items() if draft.key is not None}
        return {**values, **known}, [name for name, draft in owners.items() if draft.is_blocked]

    def _owner(self, reference: KeyOf) -> Draft:
        owner = self.by_wish.get(id(reference.wish))
        if owner is None:
            raise ValueError("a wish refers to one that is not in its change set, or comes after it")
        return owner


def laid_anew(withdrawn: Withdrawn, beside: Beside) -> tuple[list[Item], list[Finding]]:
    """The items by which statements follow from documents that fall, or stand again, and what is remarked on them.

    `beside`: the statements that the same change set leaves otherwise than they are stored.
    """
    drafts = Drafts()
    remarks = drafts.lay_anew(withdrawn, beside)
    good = [(draft.reported, draft.row) for draft in drafts.all if not draft.is_blocked]
    return row_labels.labelled(good), remarks


def drafted(wish: Wish, values: Mapping[str, Any], row: Mapping[str, Any] | None) -> Draft:
    """Work a wish out whose values refer to no other wish."""
    draft = _worked_out(wish, values, row)
    if wish.carried and draft.item is not None:
        draft.findings += steward_values.remarks_on(wish.carried)
    return draft


def _worked_out(wish: Wish, values: Mapping[str, Any], row: Mapping[str, Any] | None) -> Draft:
    if wish.action == change.CREATE:
        return _created(wish, values)
    assert row is not None
    if wish.action == change.DELETE:
        before = {column.name: row[column.name] for column in row_codec.curated_columns(wish.model)}
        return Draft(wish, Item(wish, wish.key, row["version"], before, {}), row, [])
    if wish.action in change.VOUCHING:
        return Draft(wish, steward_values.vouched(wish, values, row), row, [])
    return _changed(wish, values, row)


def _created(wish: Wish, values: Mapping[str, Any]) -> Draft:
    model = wish.model
    columns = row_codec.curated_columns(model)
    after = {column.name: values.get(column.name, row_codec.default_of(column)) for column in columns}
    after |= _derived(model, after)
    findings = list(row_checks.check(model, after, after))
    if row_codec.is_counted(model) or any(f.is_blocking for f in findings):
        key = wish.key
    else:
        key = row_codec.key_of(model, after)
    return Draft(wish, Item(wish, key, None, {}, after), after, findings)


def _changed(wish: Wish, values: Mapping[str, Any], row: Mapping[str, Any]) -> Draft:
    model = wish.model
    merged = {**row, **values}
    merged |= _derived(model, merged)
    names = [column.name for column in row_codec.curated_columns(model)]
    after = {name: merged[name] for name in names if merged[name] != row[name]}
    if not after:
        return Draft(wish, None, merged, [])
    before = {name: row[name] for name in after}
    item = Item(wish, wish.key, row["version"], before, after)
    keys = [column.name for column in row_codec.key_columns(model) if column.name in after]
    findings = [Finding(name, "cannot be changed; add a new row instead") for name in keys]
    return Draft(wish, item, merged, [*findings, *row_checks.check(model, merged, after)])


def _derived(model: type[db.Base], row: Mapping[str, Any]) -> dict[str, Any]:
    rules = getattr(model, "rules", None)
    return rules.derive(row) if rules is not None and hasattr(rules, "derive") else {}
