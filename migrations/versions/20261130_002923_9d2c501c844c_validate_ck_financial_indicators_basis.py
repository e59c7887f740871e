"""validate ck_financial_indicators_basis.

Why: Indicators say which count of shares they were reckoned with, three months are a basis, and a change set says
what it moves.
Phase: expand
"""

from collections.abc import Sequence

from alembic import op

revision: str = "9d2c501c844c"
down_revision: str | Sequence[str] | None = "39aef97e4095"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("ALTER TABLE financial_indicators VALIDATE CONSTRAINT ck_financial_indicators_basis")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_financial_indicators_basis"), "financial_indicators", type_="check")
    op.create_check_constraint(
        op.f("ck_financial_indicators_basis"),
        "financial_indicators",
        "basis IN ('FY', 'TTM', 'QTR', 'FORECAST')",
        postgresql_not_valid=True,
    )
