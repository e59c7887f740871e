"""Validate the constraints of what statements follow from.

Why: What was added without a look at old rows is looked at apart, without keeping writers out.
Phase: expand
"""

from alembic import op

revision = "04d1391f5046"
down_revision = "54721f1c4d51"
branch_labels = None
depends_on = None

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
    "ck_financial_statements_revision_type": (
        "revision_type IN ('ORG', 'COR', 'RES', 'CLA', 'DIS', 'SPL', 'STD', 'STEWARD')"
    ),
}
BASED_ON = "fk_financial_statements_based_on_id"


def upgrade() -> None:
    for name in (*CHECKS, BASED_ON):
        op.execute(f"ALTER TABLE financial_statements VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.drop_constraint(op.f(BASED_ON), TABLE, type_="foreignkey")
    op.execute(
        "ALTER TABLE financial_statements ADD CONSTRAINT fk_financial_statements_based_on_id FOREIGN KEY (based_on_id)"
        " REFERENCES financial_statements (id) DEFERRABLE NOT VALID"
    )
    for name, condition in CHECKS.items():
        op.drop_constraint(op.f(name), TABLE, type_="check")
        op.create_check_constraint(op.f(name), TABLE, condition, postgresql_not_valid=True)
