"""Undo an applied change set: its inverse, as a change set of its own, while every field holds what it left there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.rules.fields import Saying
from webapp.rules.findings import Finding
from webapp.services.changes import (
    applying,
    approving,
    policy,
    row_sql,
    row_writing,
    sittings,
)
from webapp.services.changes.feeds import reverting, standing
from webapp.services.changes.proposals import Author, Intent, Refused
from webapp.services.changes.row_writing import OnRows, TableOfItems
from webapp.services.changes.taking_back import inverting, overtaking
from webapp.services.changes.taking_back.inverting import Inversion
from webapp.services.changes.taking_back.overtaking import InTheWay, Overtaken, Overtaking

__all__ = [
    "CannotUndo", "Overtaken", "Overtaking", "UndoneAlready", "carry_out", "carry_out_sitting", "look", "reason_of",
    "why_not",
]  # fmt: skip

# So many of the records that stand in the way are told by their names where there is no page to tell more.
MOST_TOLD = 3


class CannotUndo(Exception):
    """The change set is none that can be undone; `saying` tells why."""

    def __init__(self, saying: Saying) -> None:
        self.saying = saying
        super().__init__(str(saying))


class UndoneAlready(Exception):
    """It has been undone before, by this change set."""

    def __init__(self, by: ChangeSet) -> None:
        self.by = by
        super().__init__(f"was undone by change set {by.id}")


@dataclass(frozen=True, slots=True)
class Look:
    """What undoing all of it would do, as counts; and what stands in the way of that, if anything does."""

    counts: dict[str, int]
    overtaken: Overtaken | None


def look(change_set: ChangeSet) -> Look:
    """What undoing a change set would do; nothing is written. Raises CannotUndo, UndoneAlready."""
    _require_open(change_set)
    if change_set.feed is not None:
        return Look(reverting.counts(change_set), reverting.in_the_way(change_set, standing.LOOKED_THROUGH))
    tables = _tables(change_set)
    in_the_way = overtaking.look(tables)
    return Look(inverting.counts(tables), _told(change_set, in_the_way, tables))


def carry_out(
    number: int,
    author: Author,
    reason: str,
    *,
    leaves_touched: bool = False,
    on_rows: OnRows = row_writing.in_silence,
) -> ChangeSet:
    """Undo a change set, all of it or nothing; or all that nobody touched since, and say what is left.

    `on_rows` is told how far the writing has come.

    Raises LookupError where there is no such change set, CannotUndo, UndoneAlready, Overtaken, Refused.
    """
    change_set = db.session.get(ChangeSet, number, with_for_update=True, populate_existing=True)
    if change_set is None:
        raise LookupError(number)
    _require_open(change_set)
    intent = Intent("undo", author, reason=reason, undoes_id=number)
    if change_set.feed is not None:
        overtaken = reverting.in_the_way(change_set)
        _require_some(overtaken, leaves_touched=leaves_touched)
        return reverting.carry_out(change_set, intent, overtaken, on_rows)
    tables = _tables(change_set)
    for table in tables:
        with row_sql.planned_for(table.number):
            table.lock()
    in_the_way = overtaking.look(tables)
    _require_some(_told(change_set, in_the_way, tables), leaves_touched=leaves_touched)
    return _stored(intent, tables, in_the_way, on_rows)


def _require_some(overtaken: Overtaken | None, *, leaves_touched: bool) -> None:
    """Raise what stands in the way, unless it is to stay and something is left to undo."""
    if overtaken is not None and not leaves_touched:
        raise overtaken
    if overtaken is not None and not overtaken.others:
        raise CannotUndo(Saying("every record of it has been changed since"))


def carry_out_sitting(number: int, author: Author, reason_of: Callable[[int], str]) -> ChangeSet:
    """Undo what one person edited in one sitting, last first, all of it or nothing: the first of the undoings.

    The undoings are one sitting, too, and so can be undone at once. What was undone by itself stays so.
    Raises what `carry_out` raises.
    """
    # Whoever holds the first change set keeps a cell that is saved meanwhile out of the sitting.
    change_set = db.session.get(ChangeSet, number, with_for_update=True, populate_existing=True)
    if change_set is None:
        raise LookupError(number)
    open_ones = sittings.not_undone(change_set)[::-1]
    if not open_ones:
        raise CannotUndo(Saying("every cell of it has been undone already"))
    undoings = [carry_out(one, author, reason_of(one)) for one in open_ones]
    first, *further = undoings
    first.sitting_size = len(undoings)
    for one in further:
        one.sitting_id = first.id
    return first


def reason_of(number: int) -> str:
    """What an undoing says of itself: in English, as everything of ours that is stored."""
    return f"Undoes change set #{number}"


def why_not(refusal: CannotUndo | UndoneAlready | Overtaken | Refused) -> Sequence[Finding]:
    """Why nothing is undone, where there is no page to lead to what stands in the way."""
    match refusal:
        case CannotUndo():
            return [Finding(None, refusal.saying.message, refusal.saying.params)]
        case UndoneAlready():
            return [Finding(None, "was undone already, by change set %(number)s", {"number": refusal.by.id})]
        case Overtaken():
            message = "“%(record)s” has been changed or referred to since"
            named = [Finding(None, message, {"record": row.label}) for row in refusal.rows[:MOST_TOLD]]
            numbers = {"number": refusal.number, "others": refusal.others}
            message = "changed or referred to since: %(number)s; untouched: %(others)s"
            return [*named, Finding(None, message, numbers)]
        case Refused():
            return refusal.findings


def _stored(
    intent: Intent, tables: Sequence[TableOfItems], in_the_way: InTheWay, on_rows: OnRows
) -> ChangeSet:
    """The inverse as a change set, applied where the policy lets it through."""
    is_let_through = policy.lets_through(intent.author, intent.kind)
    undoing = approving.head_of(intent, [table.name for table in tables])
    undoing.counts = {}
    approving.begin(undoing, is_let_through=is_let_through)
    assert intent.undoes_id is not None
    left = in_the_way.positions
    inverting.write(Inversion(intent.undoes_id, undoing.id, left), tables)
    written = row_writing.tables(undoing.id)
    undoing.counts = row_writing.counts(written)
    undoing.other_tables = [table.name for table in written if table.name != undoing.table_name] or None
    undoing.digest = inverting.digest_of(undoing.id)
    remarks = (finding.as_json() for finding in _left(intent.undoes_id, in_the_way.counted))
    undoing.findings = [*undoing.findings, *remarks]
    if is_let_through:
        applying.write_rows(undoing, written, on_rows)
    return undoing


def _left(number: int, positions: Sequence[int]) -> list[Finding]:
    """A remark for each row that stays as somebody has made it since."""
    names = text(
        "SELECT i.label_text FROM change_set_items i WHERE i.change_set_id = :id AND i.position = ANY(:positions)"
        " ORDER BY i.position LIMIT :most"
    )
    facts = {"id": number, "positions": list(positions), "most": approving.MOST_FINDINGS}
    message = "“%(record)s” has been changed or referred to since, and stays as it is"
    return [
        Finding(None, message, {"record": label}, is_blocking=False)
        for label in db.session.scalars(names, facts)
    ]


def _told(change_set: ChangeSet, in_the_way: InTheWay, tables: Sequence[TableOfItems]) -> Overtaken | None:
    if not in_the_way.counted:
        return None
    return overtaking.told(change_set, in_the_way, sum(table.number for table in overtaking.counted(tables)))


def _require_open(change_set: ChangeSet) -> None:
    """Raise CannotUndo, UndoneAlready."""
    if change_set.status != "applied":
        raise CannotUndo(Saying("only a change set that was applied can be undone"))
    by = db.session.scalar(select(ChangeSet).where(ChangeSet.undoes_id == change_set.id))
    if by is not None:
        raise UndoneAlready(by)


def _tables(change_set: ChangeSet) -> list[TableOfItems]:
    """What a change set wrote, table by table; raises CannotUndo where it holds no items."""
    tables = row_writing.tables(change_set.id)
    if not tables:
        raise CannotUndo(Saying("it holds no items to undo"))
    return tables
