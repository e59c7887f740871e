"""change industry_format of companies and financial_statements.

Why: Filers of electricity and of investment management name formats of their own, and their reports were refused.
Phase: expand
"""

from collections.abc import Sequence

from alembic import op

revision: str = "c52e9b07d1a4"
down_revision: str | Sequence[str] | None = "b7d1f04e8a36"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("companies", "financial_statements")
BEFORE = (
    "industry_format IN ('CTE', 'CNS', 'BNK', 'CNA', 'SEC', 'INS', 'RWY', 'WAT', 'HWY', 'ELC', 'GAS', 'EDU', 'CMD',"
    " 'LEA', 'FND', 'MED', 'INV', 'SPF', 'LIQ')"
)
NOW = (
    "industry_format IN ('CTE', 'CNS', 'BNK', 'CNA', 'SEC', 'INS', 'RWY', 'WAT', 'HWY', 'ELC', 'ELE', 'GAS', 'EDU',"
    " 'CMD', 'LEA', 'FND', 'MED', 'IVT', 'INV', 'SPF', 'LIQ')"
)


def upgrade() -> None:
    for table in TABLES:
        name = op.f(f"ck_{table}_industry_format")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, NOW, postgresql_not_valid=True)


def downgrade() -> None:
    # Where a row has a format that the release before does not know, this is refused: nobody's word is taken away.
    for table in TABLES:
        name = op.f(f"ck_{table}_industry_format")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, BEFORE)
