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
CONSTRAINTS = (
    "fk_financial_indicators_company_id",
    "fk_financial_indicators_statement_id",
    "fk_financial_indicators_prior_statement_id",
    "ck_financial_indicators_accounting_standard",
    "ck_financial_indicators_scope",
    "ck_financial_indicators_statuses_is_object",
)


def upgrade() -> None:
    op.execute(
        f"ALTER TABLE {TABLE} ADD CONSTRAINT uq_financial_indicators_identity"
        " UNIQUE USING INDEX uq_financial_indicators_identity"
    )
    for name in CONSTRAINTS:
        op.execute(f"ALTER TABLE {TABLE} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT uq_financial_indicators_identity")
    op.create_index(
        "uq_financial_indicators_identity",
        TABLE,
        ["company_id", "as_of_on", "basis", "scope", "accounting_standard", "formula_version"],
        unique=True,
    )
