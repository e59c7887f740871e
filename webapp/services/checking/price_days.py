"""Note the days of prices that were written past the triggers that note them."""

from typing import Any

from sqlalchemy import text

from webapp import db

# From day to day through their index: what stands on each of them is not read.
MISSING = text("""
    WITH RECURSIVE days AS (
        SELECT min(traded_on) AS traded_on FROM stock_prices
        UNION ALL
        SELECT (SELECT min(p.traded_on) FROM stock_prices p WHERE p.traded_on > d.traded_on)
        FROM days d WHERE d.traded_on IS NOT NULL
    )
    INSERT INTO price_days (traded_on)
    SELECT d.traded_on FROM days d WHERE d.traded_on IS NOT NULL
    AND NOT EXISTS (SELECT FROM price_days n WHERE n.traded_on = d.traded_on)
""")


def note_missing() -> int:
    """How many days were not noted."""
    noted: Any = db.session.execute(MISSING)
    return int(noted.rowcount)
