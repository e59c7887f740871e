"""Note on which days prices stand.

Why: The list of prices begins with the newest day, which the rows of a feed that is being written must not hide.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "a90c3e5d72b8"
down_revision = "d41b7c92e8a6"
branch_labels = None
depends_on = None

lint_excuses = {
    "refuses-old-code": "The triggers refuse nothing: they note a day beside what is written.",
}

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
TRIGGERS = (
    "CREATE TRIGGER note_new_days AFTER INSERT ON stock_prices REFERENCING NEW TABLE AS new_rows"
    " FOR EACH STATEMENT EXECUTE FUNCTION note_price_days()",
    "ALTER TABLE stock_prices ENABLE ALWAYS TRIGGER note_new_days",
    "CREATE TRIGGER note_moved_days AFTER UPDATE OF traded_on ON stock_prices FOR EACH ROW"
    " WHEN (OLD.traded_on IS DISTINCT FROM NEW.traded_on) EXECUTE FUNCTION note_price_days()",
    "ALTER TABLE stock_prices ENABLE ALWAYS TRIGGER note_moved_days",
)
# While the triggers are being made nobody writes prices, and after that they note what is written: none is missed.
# From day to day through the index, which takes milliseconds for ten million rows.
FILLED = """
INSERT INTO price_days (traded_on)
WITH RECURSIVE days AS (
    SELECT min(traded_on) AS traded_on FROM stock_prices
    UNION ALL
    SELECT (SELECT min(p.traded_on) FROM stock_prices p WHERE p.traded_on > d.traded_on)
    FROM days d WHERE d.traded_on IS NOT NULL
)
SELECT traded_on FROM days WHERE traded_on IS NOT NULL
"""


def upgrade() -> None:
    op.create_table("price_days", sa.Column("traded_on", sa.Date(), nullable=False))
    op.create_index(op.f("ix_price_days_traded_on"), "price_days", ["traded_on"])
    op.execute(FUNCTION)
    op.execute("REVOKE EXECUTE ON FUNCTION note_price_days() FROM PUBLIC")
    for statement in TRIGGERS:
        op.execute(statement)
    op.execute(FILLED)


def downgrade() -> None:
    op.execute("DROP TRIGGER note_moved_days ON stock_prices")
    op.execute("DROP TRIGGER note_new_days ON stock_prices")
    op.execute("DROP FUNCTION note_price_days()")
    op.drop_table("price_days")
