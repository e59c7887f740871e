"""A file's rows in a table of the session's own, gone with the transaction, and those that stand there twice."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.services.changes.feeds.plan import FeedPlan, quoted, type_as_received, type_of
from webapp.services.changes.row_sql import PER_ROW, WORK_MEMORY

# Rows are handed over in pieces of so many.
PIECE = 2000
# What each thousand rows may take, in seconds, beside what any statement may: reading, copying and comparing them.
SECONDS_OF_A_THOUSAND = 0.25
SECONDS_AT_LEAST = 60


def allow(rows: int) -> None:
    """Let the statements of this transaction, and the pauses between them, take what so many rows take."""
    seconds = SECONDS_AT_LEAST + int(rows / 1000 * SECONDS_OF_A_THOUSAND)
    db.let_statements_take(seconds)
    db.set_locally({"idle_in_transaction_session_timeout": f"{seconds}s", "work_mem": WORK_MEMORY, **PER_ROW})


def begin(plan: FeedPlan) -> None:
    """An empty table of the columns that the plan's file gives, and the line of each row."""
    # A key of another type would be found by no index.
    types = {name: type_of(plan.columns[name]) for name in plan.key}
    given = {name: type_as_received(plan.columns[name]) for name in (*plan.figures, *plan.compared)}
    columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in {**types, **given}.items())
    db.session.execute(text("DROP TABLE IF EXISTS pg_temp.feed_received"))
    db.session.execute(
        text(f"CREATE TEMPORARY TABLE feed_received (line integer NOT NULL, {columns}) ON COMMIT DROP")
    )


def receive(plan: FeedPlan, rows: Iterable[bytes | Sequence[str]]) -> int:
    """Copy rows, each its line and the columns of the plan as text ("" is nothing); how many they are.

    No text may hold a tab, a line end or a backslash. Bytes are whole lines, as COPY takes them.
    """
    begin(plan)
    names = ", ".join(map(quoted, plan.received))
    driver: Any = db.session.connection().connection.driver_connection
    piece: list[str] = []
    cursor = driver.cursor()
    with cursor.copy(f"COPY feed_received (line, {names}) FROM STDIN (NULL '')") as copy:
        for row in rows:
            if isinstance(row, bytes):
                copy.write(row)
                continue
            piece.append("\t".join(row))
            if len(piece) == PIECE:
                copy.write("\n".join(piece) + "\n")
                piece.clear()
        copy.write("".join(line + "\n" for line in piece))
    db.session.execute(text(f"ANALYZE feed_received {plan.analyzed()}"))
    return int(cursor.rowcount)


def take_out_repeated(plan: FeedPlan) -> tuple[int, Sequence[int]]:
    """Leave the first row of each key: how many said the same again, and the lines of those that said otherwise."""
    keys = ", ".join(map(quoted, plan.key))
    repeated = (
        f"CREATE TEMPORARY TABLE feed_repeated ON COMMIT DROP AS SELECT {keys}, min(line) AS line"
        f" FROM feed_received GROUP BY {keys} HAVING count(*) > 1"
    )
    db.session.execute(text("DROP TABLE IF EXISTS pg_temp.feed_repeated"))
    taken_out: Any = db.session.execute(text(repeated))
    if not taken_out.rowcount:
        return 0, ()
    given = [quoted(name) for name in (*plan.figures, *plan.compared)]
    first, later = ", ".join(f"o.{name}" for name in given), ", ".join(f"f.{name}" for name in given)
    out = (
        f"DELETE FROM feed_received f USING feed_repeated r, feed_received o WHERE {plan.same_row('f', 'r')}"
        " AND f.line > r.line AND o.line = r.line"
        f" AND {plan.same_row('o', 'r')}"
        f" RETURNING CASE WHEN ({first}) IS DISTINCT FROM ({later}) THEN f.line END"
    )
    lines = list(db.session.scalars(text(out)))
    otherwise = sorted(line for line in lines if line is not None)
    return len(lines) - len(otherwise), otherwise
