"""Apply an approved change set: PostgreSQL writes the rows from the stored items, and refuses if rows have moved."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.rules import change
from webapp.services.changes import (
    approving,
    database_refusals,
    file_bytes,
    policy,
    references,
    row_sql,
    row_writing,
)
from webapp.services.changes.following import (
    accounting_findings,
    expected_statements,
    filed_findings,
    handed_on,
    indicators,
    late_filings,
    master_findings,
    odd_prices,
    seldom,
    small_changes,
    source_findings,
    steward_values,
    summary_findings,
)
from webapp.services.changes.following.indicators import OfFew
from webapp.services.changes.proposals import Proposal, Refused
from webapp.services.changes.row_writing import OnRows, TableOfItems


class NotApproved(Exception):
    """Only an approved change set may be applied, and only once."""


def carry_out(proposal: Proposal) -> ChangeSet | None:
    """Submit, and apply at once what the policy lets through; None where nothing would change."""
    if proposal.is_empty:
        return None
    intent = proposal.intent
    is_let_through = policy.lets_through(intent.author, intent.kind)
    change_set = approving.submit(proposal, is_let_through=is_let_through)
    if is_let_through:
        write_rows(change_set, row_writing.tables_of(change_set.id, proposal.items))
    return change_set


def apply(change_set: ChangeSet, on_rows: OnRows = row_writing.in_silence) -> None:
    """Write the rows of an approved change set that was stored before, and mark it applied.

    Raises NotApproved, Moved if a row is not at the version the proposal saw, Refused if the database's own
    constraints forbid a row. After an exception the transaction must be rolled back: nothing is half applied.
    """
    db.lock(change_set)
    if change_set.status != "approved":
        raise NotApproved(f"change set {change_set.id} is {change_set.status}")
    write_rows(change_set, on_rows=on_rows)


def write_rows(
    change_set: ChangeSet,
    tables: Sequence[TableOfItems] | None = None,
    on_rows: OnRows = row_writing.in_silence,
) -> None:
    """Write the rows of a change set that nobody else can touch now, and mark it applied; its `tables`, where known."""
    tables = row_writing.tables(change_set.id) if tables is None else tables
    written_by = {"app.change_set_id": str(change_set.id)}
    total = sum(table.number for table in tables)
    gone = handed_on.hand_on(tables)
    if total <= row_sql.FEW:
        with row_sql.planned_for_few(written_by):
            _write(change_set, tables, on_rows)
            _follow(change_set, tables, gone)
    else:
        with row_sql.planned_for(total, written_by):
            _write(change_set, tables, on_rows)
        _follow(change_set, tables, gone)
    _expire_all_but(change_set)


def _write(change_set: ChangeSet, tables: Sequence[TableOfItems], on_rows: OnRows) -> None:
    """Write the rows, and mark the change set applied."""
    written, total = 0, sum(table.number for table in tables)
    for table, write in _steps(change_set, tables):
        on_rows(written, total)
        try:
            written += write()
        except (IntegrityError, DataError) as error:
            finding = database_refusals.finding(table.model, error)
            raise Refused([finding], database_refusals.taken(table.model, error)) from error
    if change_set.status != "applied":
        change_set.status, change_set.applied_at = "applied", datetime.now(UTC)
    on_rows(total, total)
    file_bytes.forget_of(change_set)
    db.session.flush()


def _follow(change_set: ChangeSet, tables: Sequence[TableOfItems], gone: int) -> None:
    """Let what is derived follow from rows that are written; `gone` indicators went with their statements."""
    steward_values.note(change_set, tables)
    small = small_changes.of(tables)
    reckoned = indicators.reckoned(small)
    concerned = seldom.asked(change_set.id, tables, small, reckoned.replaced if reckoned else ())
    few = None if reckoned is None else OfFew(reckoned, concerned.indicators)
    indicators.follow(change_set, small, few, gone)
    accounting_findings.follow(small)
    summary_findings.follow(concerned.saying_twice)
    master_findings.follow(small)
    odd_prices.follow(small)
    filed_findings.note(tables, concerned.differed)
    source_findings.follow(change_set)
    expected_statements.follow(small)
    late_filings.follow(small)


def _steps(
    change_set: ChangeSet, tables: Sequence[TableOfItems]
) -> Iterator[tuple[TableOfItems, Callable[[], int]]]:
    """The statements in the order in which every row finds what it refers to, and codes are free when they are taken.

    What is undone is written the other way round; undoing that is writing it once more. Rows that pass from one that
    goes to one that stays are written while both are there.
    """
    yield from ((table, table.begin) for table in tables)
    yield from _in_turn(change_set, tables)
    yield from ((table, table.end) for table in tables)


def _in_turn(
    change_set: ChangeSet, tables: Sequence[TableOfItems]
) -> Iterator[tuple[TableOfItems, Callable[[], int]]]:
    if _is_backward(change_set, tables):
        passing = _passing(tables, change.CREATE)
        for table in reversed(tables):
            yield table, table.delete
            if table not in passing:
                yield table, table.update
        for table in tables:
            if table in passing:
                yield table, table.update
            yield table, table.bring_back
        return
    passing = _passing(tables, change.DELETE)
    # Rows that let go of a code are written before rows that take it.
    for table in reversed(tables):
        yield table, table.delete
        if table in passing:
            yield table, table.update
    for table in tables:
        if change_set.undoes_id is None:
            yield table, table.close
        for update in table.updates() if table not in passing else ():
            yield table, update
        # What let go of a code first takes it back last.
        if change_set.undoes_id is not None:
            yield table, table.bring_back
            continue
        for create in table.creations():
            yield table, create


def _passing(tables: Sequence[TableOfItems], action: str) -> list[TableOfItems]:
    """The tables whose rows change whom they belong to, while rows to which such belong go, or come back."""
    of_owners = [table for table in tables if action in table.contents]
    columns = {
        (child, remote.name)
        for owner in of_owners
        for child, pairs in references.columns_to(owner.model)
        for _local, remote in pairs
    }
    return [
        table
        for table in tables
        if change.UPDATE in table.contents
        and any((table.model, name) in columns for name in table.contents[change.UPDATE].fields)
    ]


def _is_backward(change_set: ChangeSet, tables: Sequence[TableOfItems]) -> bool:
    """Whether it undoes, and not undoes an undoing; of one table both are written alike."""
    if change_set.undoes_id is None or len(tables) < 2:
        return False
    steps_back = text(
        "WITH RECURSIVE undone (id) AS (SELECT CAST(:id AS bigint) UNION ALL SELECT c.undoes_id"
        " FROM undone JOIN change_sets c ON c.id = undone.id WHERE c.undoes_id IS NOT NULL)"
        " SELECT count(*) - 1 FROM undone"
    )
    return int(db.session.scalar(steps_back, {"id": change_set.id}) or 0) % 2 == 1


def _expire_all_but(change_set: ChangeSet) -> None:
    """Rows read before are stale now; of the change set itself only its items, which have got their numbers."""
    for row in [row for row in db.session if row is not change_set]:
        db.session.expire(row)
    db.session.expire(change_set, ["items"])
