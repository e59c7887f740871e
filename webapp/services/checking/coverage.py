"""Look, often enough that nobody waits for it, for statements that are expected and not there, and for late reports."""

from datetime import UTC, datetime

from webapp.services.changes.following import expected_statements, late_filings
from webapp.services.checking import catching_up

# Days pass, and what came from outside is seen, without a change set: so many minutes lie between two looks.
MINUTES_BETWEEN = 10


def look_often() -> int:
    """How many expectations came, changed or went; 0 between two looks, unless a large change has been applied."""
    is_time = datetime.now(UTC).minute % MINUTES_BETWEEN == 0
    if not is_time and not catching_up.has_been_large(list(expected_statements.MOVING)):
        return 0
    late_filings.look_at_all()
    return expected_statements.look_at_all()
