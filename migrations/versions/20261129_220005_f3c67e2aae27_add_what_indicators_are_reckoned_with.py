"""Add what indicators are reckoned with.

Why: An indicator names its statements, its price and the digest of them, and says in one place why it has no value.
Phase: expand
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "f3c67e2aae27"
down_revision: str | Sequence[str] | None = "7b2e94d1c6a3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None
lint_excuses = {
    "refuses-old-code": "Nobody has written this table yet: it is filled by the code of this release alone.",
    "ban-drop-constraint": "The table is empty, and what takes their place comes in the same release.",
}


# Why each has no value stands in `statuses` from now on; the release before reads a column of each.
RATIOS = (
    "roe",
    "roa",
    "roa_ordinary",
    "roic",
    "gross_margin",
    "operating_margin",
    "ordinary_margin",
    "net_margin",
    "eps",
    "bps",
    "per",
    "pbr",
    "psr",
    "ev_ebitda",
    "debt",
    "revenue_growth",
    "profit_growth",
    "revenue_cagr_3y",
    "profit_cagr_3y",
    "current_ratio",
    "quick_ratio",
    "debt_to_equity",
    "liabilities_to_equity",
    "equity_ratio",
    "interest_coverage",
    "fcf",
    "fcf_capex",
    "dividend_yield",
    "payout_ratio",
    "total_payout_ratio",
    "market_cap",
    "market_cap_gross",
)
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
    op.add_column(
        TABLE, sa.Column("scope", sa.String(length=16), server_default="consolidated", nullable=False)
    )
    op.add_column(
        TABLE, sa.Column("accounting_standard", sa.String(length=8), server_default="JGAAP", nullable=False)
    )
    op.add_column(TABLE, sa.Column("prior_statement_id", sa.BigInteger(), nullable=True))
    op.add_column(TABLE, sa.Column("price_on", sa.Date(), nullable=True))
    op.add_column(TABLE, sa.Column("inputs_digest", sa.String(length=32), nullable=True))
    op.add_column(
        TABLE,
        sa.Column("statuses", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
    )
    for name in RATIOS:
        op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {name}_status SET DEFAULT 'missing_input'")
    # What is derived stands in nobody's way: it goes with the rows that it was reckoned with.
    for column in ("company_id", "statement_id"):
        op.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT fk_{TABLE}_{column}")
    for column, target in REFERENCES.items():
        op.execute(
            f"ALTER TABLE {TABLE} ADD CONSTRAINT fk_{TABLE}_{column} FOREIGN KEY ({column})"
            f" REFERENCES {target} ON DELETE CASCADE NOT VALID"
        )
    for name, condition in CHECKS.items():
        op.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT ck_{TABLE}_{name} CHECK ({condition}) NOT VALID")
    op.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT uq_{TABLE}_company_id_as_of_on_basis_formu_b694")


def downgrade() -> None:
    op.execute(f"DELETE FROM {TABLE}")  # derived: the release before has none
    op.execute(
        f"ALTER TABLE {TABLE} ADD CONSTRAINT uq_{TABLE}_company_id_as_of_on_basis_formu_b694 UNIQUE"
        " (company_id, as_of_on, basis, formula_version)"
    )
    for name in CHECKS:
        op.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT ck_{TABLE}_{name}")
    for column in REFERENCES:
        op.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT fk_{TABLE}_{column}")
    for column in ("company_id", "statement_id"):
        op.execute(
            f"ALTER TABLE {TABLE} ADD CONSTRAINT fk_{TABLE}_{column} FOREIGN KEY ({column})"
            f" REFERENCES {REFERENCES[column]} ON DELETE RESTRICT"
        )
    for name in RATIOS:
        op.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {name}_status DROP DEFAULT")
    for column in (
        "statuses",
        "inputs_digest",
        "price_on",
        "prior_statement_id",
        "accounting_standard",
        "scope",
    ):
        op.drop_column(TABLE, column)
