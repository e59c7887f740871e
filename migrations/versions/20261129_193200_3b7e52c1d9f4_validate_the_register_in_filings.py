"""Validate the constraints of the register in filings.

Why: What was added without a look at old rows is looked at apart, without keeping writers out.
Phase: expand
"""

from alembic import op

revision = "3b7e52c1d9f4"
down_revision = "8c9ed06b540b"
branch_labels = None
depends_on = None

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
    for name in CHECKS:
        op.execute(f"ALTER TABLE filings VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    for name, condition in CHECKS.items():
        op.drop_constraint(op.f(name), "filings", type_="check")
        op.create_check_constraint(op.f(name), "filings", condition, postgresql_not_valid=True)
