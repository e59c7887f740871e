"""Fill what stewards have set from the items of old change sets.

Why: What was set, blanked or undone by hand before there was such a table counts as much as what comes after.
Phase: backfill
"""

from alembic import op

revision = "e5b80d3f6a17"
down_revision = "9a3c7e51b0d2"
branch_labels = None
depends_on = None

lint_excuses = {
    "no-way-back": "The table goes with the revision that brought it.",
    "unbounded-write": "The table is new and nobody reads it yet; of the items it locks none.",
}

# The tables that stewards write so far: of one that comes later, nobody here knows what its form begins with.
TABLES = "'companies', 'filings', 'financial_statements', 'industries', 'stock_prices'"
# What a form begins with: who makes a row has not decided on that.
DEFAULTS = """{
    "companies": {"listing_status": "unlisted"},
    "filings": {"withdrawal_status": "0", "amendment_status": "0", "disclosure_status": "0"},
    "financial_statements": {"currency": "JPY", "rounding_unit": 1, "revision_no": 0, "revision_type": "ORG",
        "is_current": true, "sources": {}}
}"""
# Each field has a line of what happened to it, in turn; where that ends with an undoing, the line is followed back to
# what came before that which was undone. Only what people did is read, each item once; nothing is compared pair by pair.
FILLING = f"""
INSERT INTO steward_values (table_name, row_key, field, change_set_id, how)
WITH RECURSIVE touches AS (
    SELECT i.table_name, i.row_key, f.name AS field, c.id, c.undoes_id, c.applied_at,
        CASE WHEN c.kind = 'undo' THEN 'undo' WHEN i.action = 'delete' THEN 'nobody'
            WHEN i.action = 'create' AND i.after -> f.name
                = coalesce(CAST('{DEFAULTS}' AS jsonb) -> i.table_name -> f.name, 'null') THEN 'nobody'
            ELSE 'set' END AS how
    FROM change_sets c JOIN change_set_items i ON i.change_set_id = c.id
    CROSS JOIN LATERAL jsonb_object_keys(i.before || i.after) f (name)
    WHERE c.status = 'applied' AND (c.kind IN ('create', 'edit', 'delete', 'undo') OR i.action = 'delete')
        AND i.table_name IN ({TABLES})
        AND (i.table_name, i.row_key) IN (SELECT s.table_name, s.row_key FROM change_sets b JOIN change_set_items s
            ON s.change_set_id = b.id WHERE b.kind IN ('create', 'edit') AND b.status = 'applied')
        AND f.name <> 'name_ja_folded'
), lines AS (
    SELECT table_name, row_key, field, array_agg(id ORDER BY applied_at, id) AS ids,
        array_agg(undoes_id ORDER BY applied_at, id) AS undoes, array_agg(how ORDER BY applied_at, id) AS hows
    FROM touches GROUP BY table_name, row_key, field
), followed AS (
    SELECT table_name, row_key, field, ids, undoes, hows, cardinality(ids) AS place FROM lines
    UNION ALL
    SELECT table_name, row_key, field, ids, undoes, hows, array_position(ids, undoes[place]) - 1
    FROM followed WHERE hows[place] = 'undo'
)
SELECT table_name, row_key, field, ids[place], 'set' FROM followed WHERE hows[place] = 'set'
ON CONFLICT (table_name, row_key, field) DO NOTHING
"""


def upgrade() -> None:
    op.execute(FILLING.replace(":", r"\:"))


def downgrade() -> None:
    """Nothing is taken back: the table goes with the revision that brought it."""
