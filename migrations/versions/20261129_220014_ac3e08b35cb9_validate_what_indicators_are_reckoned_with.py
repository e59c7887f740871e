"""Validate what indicators are reckoned with.

Why: An indicator names its statements, its price and the digest of them, and says in one place why it has no value.
Phase: expand
"""

from collections.abc import Sequence

from alembic import op

revision: str = "ac3e08b35cb9"
down_revision: str | Sequence[str] | None = "d8fa4ad9addd"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


TABLE = "financial_indicators"
REFERENCES = {
    "company_id": "companies (id)",
    "statement_id": "financial_statements (id)",
    "prior_statement_id": "financial_statements (id)",
}
CHECKS = {
    "accounting_standard": "accounting_standard IN ('JGAAP', 'IFRS', 'USGAAP', 'JMIS', 'FOREIGN')",
    "scope": "scope IN ('consolidated', 'non_consolidated')",
    "statuses_is_object": "jsonb_typeof(statuses) = 'object'",
}


def upgrade() -> None:
    op.execute(
        f"ALTER TABLE {TABLE} ADD CONSTRAINT uq_financial_indicators_identity"
        " UNIQUE USING INDEX uq_financial_indicators_identity"
    )
    for column in REFERENCES:
        op.execute(f"ALTER TABLE {TABLE} VALIDATE CONSTRAINT fk_{TABLE}_{column}")
    for name in CHECKS:
        op.execute(f"ALTER TABLE {TABLE} VALIDATE CONSTRAINT ck_{TABLE}_{name}")


def downgrade() -> None:
    for name, condition in CHECKS.items():
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, type_="check")
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, condition, postgresql_not_valid=True)
    for column, target in REFERENCES.items():
        op.drop_constraint(op.f(f"fk_{TABLE}_{column}"), TABLE, type_="foreignkey")
        op.execute(
            f"ALTER TABLE {TABLE} ADD CONSTRAINT fk_{TABLE}_{column} FOREIGN KEY ({column})"
            f" REFERENCES {target} ON DELETE CASCADE NOT VALID"
        )
    op.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT uq_financial_indicators_identity")
    op.create_index(
        "uq_financial_indicators_identity",
        TABLE,
        ["company_id", "as_of_on", "basis", "scope", "accounting_standard", "formula_version"],
        unique=True,
    )
