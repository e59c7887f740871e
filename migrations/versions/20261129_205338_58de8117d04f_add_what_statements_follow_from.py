"""Add what statements follow from, and the figures that banks, insurers and rules need.

Why: A statement says by which mapping it was read, over which row it is laid and when it was announced.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "58de8117d04f"
down_revision = "75843bb0b2c3"
branch_labels = None
depends_on = None

lint_excuses = {
    "refuses-old-code": "Old code leaves these columns empty, with which each of these conditions holds.",
}

TABLE = "financial_statements"
MONEY = (
    "premiums",
    "interest_and_dividend_income",
    "ordinary_expenses",
    "receivables",
    "short_term_securities",
    "loans",
    "deposits",
    "special_reserves",
)
COUNTS = ("treasury_share_count", "average_shares")
FORMATS = (
    "'CTE', 'CNS', 'BNK', 'CNA', 'SEC', 'INS', 'RWY', 'WAT', 'HWY', 'ELC', 'GAS', 'EDU', 'CMD', 'LEA', 'FND',"
    " 'MED', 'INV', 'SPF', 'LIQ'"
)
CHECKS = {
    **{f"ck_financial_statements_{name}": f"{name} <> 'NaN'" for name in MONEY},
    **{f"ck_financial_statements_{name}": f"{name} BETWEEN 0 AND 9007199254740992" for name in COUNTS},
    "ck_financial_statements_industry_format": f"industry_format IN ({FORMATS})",
    "ck_financial_statements_mapping_version": "mapping_version BETWEEN 1 AND 9999",
    "ck_financial_statements_not_based_on_itself": "based_on_id <> id",
}
REVISION_TYPES = "ck_financial_statements_revision_type"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("industry_format", sa.String(length=3), nullable=True))
    op.add_column(TABLE, sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column("mapping_version", sa.SmallInteger(), nullable=True))
    op.add_column(TABLE, sa.Column("based_on_id", sa.BigInteger(), nullable=True))
    for name in MONEY:
        op.add_column(TABLE, sa.Column(name, sa.Numeric(precision=20, scale=0), nullable=True))
    for name in COUNTS:
        op.add_column(TABLE, sa.Column(name, sa.BigInteger(), nullable=True))
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(name), TABLE, condition, postgresql_not_valid=True)
    op.drop_constraint(op.f(REVISION_TYPES), TABLE, type_="check")
    op.create_check_constraint(
        op.f(REVISION_TYPES),
        TABLE,
        "revision_type IN ('ORG', 'COR', 'RES', 'CLA', 'DIS', 'SPL', 'STD', 'STEWARD')",
        postgresql_not_valid=True,
    )
    op.execute(
        "ALTER TABLE financial_statements ADD CONSTRAINT fk_financial_statements_based_on_id FOREIGN KEY (based_on_id)"
        " REFERENCES financial_statements (id) DEFERRABLE NOT VALID"
    )


def downgrade() -> None:
    op.drop_constraint(op.f(REVISION_TYPES), TABLE, type_="check")
    op.create_check_constraint(
        op.f(REVISION_TYPES), TABLE, "revision_type IN ('ORG', 'COR', 'RES', 'CLA', 'STD', 'STEWARD')"
    )
    for name in reversed(COUNTS):
        op.drop_column(TABLE, name)
    for name in reversed(MONEY):
        op.drop_column(TABLE, name)
    for name in ("based_on_id", "mapping_version", "announced_at", "industry_format"):
        op.drop_column(TABLE, name)
