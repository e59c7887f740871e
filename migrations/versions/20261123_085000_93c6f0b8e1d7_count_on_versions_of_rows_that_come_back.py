"""Count on the versions of rows that come back.

Why: A row whose deletion is undone must not have a version that it had before; a page from then would pass for new.
Phase: expand
"""

from alembic import op

revision = "93c6f0b8e1d7"
down_revision = "f60b92d8a1c3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""CREATE OR REPLACE FUNCTION stamp_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        NEW.version := OLD.version + 1;
    ELSIF coalesce(current_setting('app.keeps_version', true), '') <> 'on' THEN
        NEW.version := 1;
    END IF;
    NEW.changed_at := transaction_timestamp();
    NEW.change_set_id := nullif(current_setting('app.change_set_id', true), '')::bigint;
    RETURN NEW;
END $$""")


def downgrade() -> None:
    op.execute("""CREATE OR REPLACE FUNCTION stamp_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.version := 1;
    ELSE
        NEW.version := OLD.version + 1;
    END IF;
    NEW.changed_at := transaction_timestamp();
    NEW.change_set_id := nullif(current_setting('app.change_set_id', true), '')::bigint;
    RETURN NEW;
END $$""")
