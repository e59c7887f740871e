"""validate industry_format of companies and financial_statements.

Why: Filers of electricity and of investment management name formats of their own, and their reports were refused.
Phase: expand
"""

from collections.abc import Sequence

from alembic import op

revision: str = "d90f3c6ab817"
down_revision: str | Sequence[str] | None = "c52e9b07d1a4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("companies", "financial_statements")
NOW = (
    "industry_format IN ('CTE', 'CNS', 'BNK', 'CNA', 'SEC', 'INS', 'RWY', 'WAT', 'HWY', 'ELC', 'ELE', 'GAS', 'EDU',"
    " 'CMD', 'LEA', 'FND', 'MED', 'IVT', 'INV', 'SPF', 'LIQ')"
)


def upgrade() -> None:
    op.execute("ALTER TABLE companies VALIDATE CONSTRAINT ck_companies_industry_format")
    op.execute("ALTER TABLE financial_statements VALIDATE CONSTRAINT ck_financial_statements_industry_format")


def downgrade() -> None:
    for table in TABLES:
        name = op.f(f"ck_{table}_industry_format")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, NOW, postgresql_not_valid=True)
