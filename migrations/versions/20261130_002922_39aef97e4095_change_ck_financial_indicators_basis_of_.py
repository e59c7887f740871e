"""change ck_financial_indicators_basis of financial_indicators.

Why: Indicators say which count of shares they were reckoned with, three months are a basis, and a change set says
what it moves.
Phase: expand
"""

from collections.abc import Sequence

from alembic import op

revision: str = "39aef97e4095"
down_revision: str | Sequence[str] | None = "f0210ac56dfb"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.drop_constraint(op.f("ck_financial_indicators_basis"), "financial_indicators", type_="check")
    op.create_check_constraint(
        op.f("ck_financial_indicators_basis"),
        "financial_indicators",
        "basis IN ('FY', 'TTM', 'QTR', 'FORECAST')",
        postgresql_not_valid=True,
    )


def downgrade() -> None:
    # Derived: the release before has no quarters, and computes what it has.
    op.execute("DELETE FROM financial_indicators WHERE basis = 'QTR'")
    op.drop_constraint(op.f("ck_financial_indicators_basis"), "financial_indicators", type_="check")
    op.create_check_constraint(
        op.f("ck_financial_indicators_basis"),
        "financial_indicators",
        "basis IN ('FY', 'TTM', 'FORECAST')",
    )
