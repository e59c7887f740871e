"""Change sets that take longer than anybody waits for a page: a worker writes them, and undoes them."""

from webapp.models.change_set import ChangeSet
from webapp.services.changes.proposals import COUNTED_AS, Author
from webapp.services.queueing import deferring

# The job that undoes a change set, and what it is told: that rows which somebody has changed since are to stay.
UNDO = "undo change set"
LEAVES_TOUCHED = "leaves_touched"
MOST_IN_A_REQUEST = 10_000


def takes_long(change_set: ChangeSet) -> bool:
    """Whether writing it, or undoing it, takes longer than anybody waits for a page."""
    return sum(int(change_set.counts.get(name, 0)) for name in COUNTED_AS.values()) > MOST_IN_A_REQUEST


def undo_later(number: int, by: Author, *, leaves_touched: bool = False) -> int:
    """Let a worker undo it once this transaction is committed; the job's number. Raises WaitsAlready."""
    return deferring.defer(UNDO, by, {LEAVES_TOUCHED: leaves_touched}, change_set_id=number)
