"""Index what indicators are known by.

Why: An indicator names its statements, its price and the digest of them, and says in one place why it has no value.
Phase: expand
"""

from collections.abc import Sequence

from alembic import op

from migrations import indexes

revision: str = "d8fa4ad9addd"
down_revision: str | Sequence[str] | None = "f3c67e2aae27"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
lint_excuses = {
    "refuses-old-code": "Nobody has written this table yet: it is filled by the code of this release alone.",
}


TABLE = "financial_indicators"
IDENTITY = ["company_id", "as_of_on", "basis", "scope", "accounting_standard", "formula_version"]


def upgrade() -> None:
    indexes.create(op, "ix_financial_indicators_prior_statement_id", TABLE, ["prior_statement_id"])
    indexes.create(op, "uq_financial_indicators_identity", TABLE, IDENTITY, unique=True)


def downgrade() -> None:
    indexes.drop(op, "uq_financial_indicators_identity", TABLE)
    indexes.drop(op, "ix_financial_indicators_prior_statement_id", TABLE)
