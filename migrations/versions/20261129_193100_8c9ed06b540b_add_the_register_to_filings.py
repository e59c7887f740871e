"""Add the register to filings.

Why: The daily lists of EDINET say which form a document is of and what the office did to it.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "8c9ed06b540b"
down_revision = "e07b49a2c6d1"
branch_labels = None
depends_on = None

lint_excuses = {
    "refuses-old-code": "Old code leaves these columns empty, with which each of these conditions holds.",
}

CHECKS = {
    "ck_filings_description": (
        r"description !~ '[\x01-\x1f\x7f-\x9f]' AND description <> ''"
        r" AND description = btrim(description, U&' \3000')"
    ),
    "ck_filings_disclosure_status": "disclosure_status IN ('0', '1', '2', '3')",
    "ck_filings_form_code": "form_code ~ '^([0-9A-Z]{6})$'",
    "ck_filings_ordinance_code": "ordinance_code ~ '^([0-9]{3})$'",
    "ck_filings_submission_no": "submission_no BETWEEN 1 AND 999999",
}


def upgrade() -> None:
    op.add_column(
        "filings", sa.Column("disclosure_status", sa.String(length=1), server_default="0", nullable=False)
    )
    op.add_column("filings", sa.Column("ordinance_code", sa.String(length=3), nullable=True))
    op.add_column("filings", sa.Column("form_code", sa.String(length=6), nullable=True))
    op.add_column("filings", sa.Column("description", sa.String(length=200), nullable=True))
    op.add_column("filings", sa.Column("submission_no", sa.Integer(), nullable=True))
    op.add_column("filings", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("filings", sa.Column("has_xbrl", sa.Boolean(), nullable=True))
    op.add_column("filings", sa.Column("has_pdf", sa.Boolean(), nullable=True))
    op.add_column("filings", sa.Column("has_csv", sa.Boolean(), nullable=True))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(name), "filings", condition, postgresql_not_valid=True)


def downgrade() -> None:
    op.drop_column("filings", "has_csv")
    op.drop_column("filings", "has_pdf")
    op.drop_column("filings", "has_xbrl")
    op.drop_column("filings", "edited_at")
    op.drop_column("filings", "submission_no")
    op.drop_column("filings", "description")
    op.drop_column("filings", "form_code")
    op.drop_column("filings", "ordinance_code")
    op.drop_column("filings", "disclosure_status")
