"""Which indicators do not follow what is stored: of statements that were written past the change sets."""

from sqlalchemy import text

from webapp import db

# An index holds just the rows that no change set has written, which are few.
OUTSIDE = text(
    "SELECT count(*) FROM (SELECT FROM financial_statements s WHERE s.change_set_id IS NULL AND s.is_current"
    " AND s.period_type = 'FY' AND NOT EXISTS (SELECT FROM financial_indicators i"
    " WHERE i.statement_id = s.id AND i.computed_at >= s.changed_at) LIMIT :most) stale"
)


def statements(most: int) -> int:
    """How many such statements there are, counted up to `most`."""
    return int(db.session.scalar(OUTSIDE, {"most": most}) or 0)
