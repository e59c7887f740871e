"""What a change set is made from: who wants what, and the words in which a wish is refused."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from webapp import db
from webapp.label import Label
from webapp.rules import change
from webapp.rules.findings import Finding
from webapp.services.changes.database_refusals import Taken
from webapp.services.changes.row_codec import Key, encode, row_key

COUNTED_AS = {
    change.CREATE: "created",
    change.UPDATE: "updated",
    change.CLOSE: "closed",
    change.DELETE: "deleted",
    change.VERIFY: "verified",
    change.RELEASE: "released",
}
# What every change set counts, also where there is none of it.
ALWAYS_COUNTED = ("created", "updated", "closed", "deleted")


@dataclass(frozen=True, slots=True)
class Author:
    """Who wants or decides on a change: a user in a role, or the command line and the seed, which have no account."""

    name: str
    user_id: int | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """What kind of change it is, by whom, why and from what source.

    `save_token`: of the form that it was sent with. `undoes_id`: the change set that it takes back. `is_of_cell`: one
    of the cells that somebody edits in a sitting.
    """

    kind: str
    author: Author
    reason: str | None = None
    source: str | None = None
    import_file_id: int | None = None
    save_token: str | None = None
    undoes_id: int | None = None
    is_of_cell: bool = False
    # The day that its source is of, where that is another than today.
    as_of_on: date | None = None

    def broken(self) -> Iterator[Finding]:
        """What is wrong with its reason and its source."""
        for name, rule in (("reason", change.REASON), ("source", change.SOURCE)):
            value = getattr(self, name)
            saying = rule.broken_by(value) if value is not None else None
            if saying is not None:
                yield Finding(f"change_{name}", saying.message, saying.params)


@dataclass(frozen=True, slots=True)
class Wish:
    """One row as somebody wants it.

    `values`: column name to typed value, only the columns that matter; a value may be the KeyOf another wish. `key`:
    primary key in its order, None for a new row whose key is counted up; one that comes back has its old key.
    `base_version`: the version the author saw; None where nobody looked (imports). `line`: where it stands in the
    imported file. `carried`: the fields whose values people set by hand in another row, and by which change set.
    """

    model: type[db.Base]
    action: str
    values: Mapping[str, Any] = field(default_factory=dict)
    key: Key | None = None
    base_version: int | None = None
    line: int | None = None
    carried: Mapping[str, int] = field(default_factory=dict)

    @property
    def has_references(self) -> bool:
        """Whether a value is the key of another wish's row; a list of companies asks ten thousand times."""
        return KeyOf in map(type, self.values.values())

    def require_version(self, intent: Intent) -> None:
        """Refuse what somebody wants of a row without saying which version they saw: it might be any other by now."""
        if (
            self.base_version is None
            and intent.author.user_id is not None
            and intent.kind in change.OF_A_PAGE
        ):
            raise Refused([Finding(None, "This form is incomplete. Open the record again.")])


@dataclass(frozen=True, slots=True)
class KeyOf:
    """The key, of one column, of the row that another wish of the same change set makes or changes."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a proposal: only the fields that change, before and after, as typed values.

    What refers to a row that gets its number only when the change set is stored, holds a KeyOf until then.
    """

    wish: Wish
    key: Key | None
    base_version: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    label: str = ""
    # The same in both languages, where the row is the only one of its proposal.
    name: Label | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def model(self) -> type[db.Base]:
        return self.wish.model

    @property
    def action(self) -> str:
        return self.wish.action

    def as_json(self) -> dict[str, Any]:
        return {
            "action": self.action,
            "row_key": None if self.key is None else row_key(self.key),
            "base_version": self.base_version,
            "before": encode(self.before),
            "after": encode(self.after),
        }


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else changed meanwhile: what it was, is, and is wanted to be; `by`: nobody of this admin.

    `is_of_both`: the editor has changed it too, to something else. Otherwise what they made of it simply stays.
    """

    field: str
    base: Any
    theirs: Any
    yours: Any
    by: str | None = None
    is_of_both: bool = True


@dataclass(slots=True)
class Proposal:
    """The rows that would change, what was remarked on them, and how many stay as they are.

    `refused` holds the wishes left out for their blocking findings; only a partial proposal has any. `meanwhile`: what
    others changed since an editor looked, and what stays beside the editor's own changes.
    """

    intent: Intent
    items: list[Item]
    unchanged: int = 0
    refused: list[tuple[Wish, list[Finding]]] = field(default_factory=list)
    meanwhile: list[Conflict] = field(default_factory=list)

    @property
    def record(self) -> Label | None:
        """What its rows are called, where they have one name: a statement and the one that it corrects have."""
        names = {item.name for item in self.counted}
        return names.pop() if len(names) == 1 else None

    @property
    def counted(self) -> list[Item]:
        """The items that people are told of: without those that follow from others, unless there are only such."""
        return [item for item in self.items if not item.model.follows_others] or self.items

    @property
    def is_empty(self) -> bool:
        return not self.items

    @property
    def models(self) -> list[type[db.Base]]:
        """The models of the rows that would change, in the order of the rows."""
        return list(dict.fromkeys(item.wish.model for item in self.items))

    @property
    def counts(self) -> dict[str, int]:
        """created, updated, closed, deleted and unchanged rows; verified and released ones where there are any."""
        counts = dict.fromkeys(ALWAYS_COUNTED, 0)
        for item in self.counted:
            name = COUNTED_AS[item.action]
            counts[name] = counts.get(name, 0) + 1
        return counts | {"unchanged": self.unchanged}

    @property
    def fields(self) -> dict[str, int]:
        """How many stored rows change in each field, most first."""
        counter: Counter[str] = Counter()
        for item in self.counted:
            if item.action in (change.UPDATE, change.CLOSE):
                counter.update(list(item.after))
        return dict(counter.most_common())

    @property
    def findings(self) -> list[Finding]:
        """The remarks that do not block."""
        return [finding for item in self.items for finding in item.findings]


def digest_of(documents: Iterable[Mapping[str, Any]]) -> str:
    """The hash of items given as JSON."""
    sha = hashlib.sha256()
    for document in documents:
        sha.update(json.dumps(document, sort_keys=True, ensure_ascii=False).encode())
    return sha.hexdigest()


class Refused(Exception):
    """The wish breaks rules; `findings` say which, at which fields. `taken`: the key that another row has."""

    def __init__(self, findings: Sequence[Finding], taken: Taken | None = None) -> None:
        self.findings = list(findings)
        self.taken = taken
        super().__init__("; ".join(str(finding) for finding in self.findings))


class Moved(Exception):
    """The row is no longer the one that its editor saw."""

    def __init__(
        self,
        conflicts: Sequence[Conflict] = (),
        *,
        version: int | None = None,
        changed_at: datetime | None = None,
        changed_by: str | None = None,
    ) -> None:
        self.conflicts = list(conflicts)
        self.version = version
        self.changed_at = changed_at
        self.changed_by = changed_by
        super().__init__("the row has changed meanwhile" if version else "the row is gone")
