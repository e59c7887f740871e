"""Price days: which days prices have been written for, noted by triggers in the transaction that writes them.

A list that begins with the newest day asks here where that is. The rows themselves could not say so cheaply: those of
a feed stand in their index before anybody may see them, and PostgreSQL looks at a million of them to find that out.
A day of the feed's is as little to be seen here until then, and is one row.
"""

from datetime import date

from sqlalchemy import DDL, Index, event
from sqlalchemy.orm import Mapped

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.models.stock_price import StockPrice
from webapp.naming import Naming, day


class PriceDay(db.Base):
    """A day on which prices stand, or have stood. Derived.

    Rows only come: whoever has seen a day need not note it, and nothing may take it away from them. Two writers of a
    new day note it twice, as a key of the table would let one wait for the other.
    """

    __tablename__ = "price_days"
    __table_args__ = (Index(None, "traded_on"),)
    label = Label("株価のある日", "Days with prices", "day with prices")
    naming = Naming((day("traded_on"),))

    traded_on: Mapped[date] = columns.day("取引日", "Traded on")
    __mapper_args__ = {"primary_key": (traded_on,)}


# As its owner, as history's are: whoever may write prices needs no right on the days.
FUNCTION = """
CREATE FUNCTION note_price_days() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_LEVEL = 'ROW' THEN
        EXECUTE format(
            'INSERT INTO %1$I.price_days (traded_on) SELECT $1'
            ' WHERE NOT EXISTS (SELECT FROM %1$I.price_days d WHERE d.traded_on = $1)',
            TG_TABLE_SCHEMA) USING NEW.traded_on;
        RETURN NULL;
    END IF;
    EXECUTE format(
        'INSERT INTO %1$I.price_days (traded_on) SELECT n.traded_on FROM (SELECT DISTINCT traded_on FROM new_rows) n'
        ' WHERE NOT EXISTS (SELECT FROM %1$I.price_days d WHERE d.traded_on = n.traded_on)',
        TG_TABLE_SCHEMA);
    RETURN NULL;
END $$
"""
REVOKE = "REVOKE EXECUTE ON FUNCTION note_price_days() FROM PUBLIC"
# Always: a list must not lack what a replica's session, or a restore, has written.
TRIGGERS = (
    "CREATE TRIGGER note_new_days AFTER INSERT ON stock_prices REFERENCING NEW TABLE AS new_rows"
    " FOR EACH STATEMENT EXECUTE FUNCTION note_price_days()",
    "ALTER TABLE stock_prices ENABLE ALWAYS TRIGGER note_new_days",
    "CREATE TRIGGER note_moved_days AFTER UPDATE OF traded_on ON stock_prices FOR EACH ROW"
    " WHEN (OLD.traded_on IS DISTINCT FROM NEW.traded_on) EXECUTE FUNCTION note_price_days()",
    "ALTER TABLE stock_prices ENABLE ALWAYS TRIGGER note_moved_days",
)

for statement in (FUNCTION, REVOKE):
    event.listen(db.Base.metadata, "before_create", DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped
for statement in TRIGGERS:
    event.listen(StockPrice.__table__, "after_create", DDL(statement))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped
