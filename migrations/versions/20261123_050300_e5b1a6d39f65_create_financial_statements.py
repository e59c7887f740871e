"""Create financial statements.

Why: The figures as filers disclose them, each with its source.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

revision = "e5b1a6d39f65"
down_revision = "c3d8e1b17d43"
branch_labels = None
depends_on = None

# fmt: off
MONEY = (
    "cost_of_revenue", "gross_profit", "sga_expenses", "operating_income", "non_operating_income",
    "non_operating_expenses", "finance_income", "finance_costs", "other_income", "other_expenses",
    "equity_method_income", "interest_expense", "ordinary_income", "extraordinary_income",
    "extraordinary_loss", "income_before_taxes", "income_taxes", "profit",
    "profit_attributable_to_owners", "profit_attributable_to_nci", "comprehensive_income",
    "deferred_assets", "cash_and_deposits", "inventories", "short_term_borrowings",
    "current_portion_long_term_borrowings", "long_term_borrowings", "bonds_payable",
    "current_portion_bonds", "commercial_papers", "lease_obligations_current",
    "lease_obligations_noncurrent", "net_assets", "equity_attributable_to_owners",
    "shareholders_equity", "valuation_adjustments", "subscription_rights",
    "non_controlling_interests", "retained_earnings", "capital_stock", "operating_cash_flow",
    "investing_cash_flow", "financing_cash_flow", "fx_effect_on_cash", "net_change_in_cash",
    "cash_and_equivalents_end", "depreciation_amortization", "goodwill_amortization", "capex_ppe",
    "capex_intangible", "dividends_paid",
)
# fmt: on
PER_SHARE = ("eps_basic", "eps_diluted", "bps", "dps_annual", "dps_interim")
RATIO = (
    "equity_ratio_reported",
    "capital_adequacy_ratio",
    "roe_reported",
    "per_reported",
    "payout_ratio_reported",
)


def _money_columns() -> list[SchemaItem]:
    columns = [sa.Column(name, sa.Numeric(20, 0), nullable=True) for name in MONEY]
    return [
        *columns,
        *(
            sa.CheckConstraint(f"{name} <> 'NaN'", name=op.f(f"ck_financial_statements_{name}"))
            for name in MONEY
        ),
    ]


def _per_share_columns() -> list[SchemaItem]:
    columns = [sa.Column(name, sa.Numeric(18, 4), nullable=True) for name in PER_SHARE]
    return [
        *columns,
        *(
            sa.CheckConstraint(f"{name} <> 'NaN'", name=op.f(f"ck_financial_statements_{name}"))
            for name in PER_SHARE
        ),
    ]


def _ratio_columns() -> list[SchemaItem]:
    columns = [sa.Column(name, sa.Numeric(18, 8), nullable=True) for name in RATIO]
    return [
        *columns,
        *(
            sa.CheckConstraint(f"{name} <> 'NaN'", name=op.f(f"ck_financial_statements_{name}"))
            for name in RATIO
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "financial_statements",
        *_money_columns(),
        *_per_share_columns(),
        *_ratio_columns(),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("fiscal_year_start_on", sa.Date(), nullable=False),
        sa.Column("fiscal_year_end_on", sa.Date(), nullable=False),
        sa.Column("period_type", sa.String(length=2), nullable=False),
        sa.Column("period_start_on", sa.Date(), nullable=False),
        sa.Column("period_end_on", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("accounting_standard", sa.String(length=8), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("rounding_unit", sa.Integer(), nullable=False),
        sa.Column("revision_no", sa.SmallInteger(), nullable=False),
        sa.Column("revision_type", sa.String(length=7), nullable=False),
        sa.Column("announced_on", sa.Date(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("filing_doc_id", sa.String(length=8), nullable=True),
        sa.Column("sources", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revenue", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("total_assets", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("current_assets", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("noncurrent_assets", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("total_liabilities", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("current_liabilities", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("noncurrent_liabilities", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("liabilities_and_net_assets", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("treasury_shares", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("shares_issued", sa.BigInteger(), nullable=True),
        sa.Column("employees", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("change_set_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "accounting_standard IN ('JGAAP', 'IFRS', 'USGAAP', 'JMIS', 'FOREIGN')",
            name=op.f("ck_financial_statements_accounting_standard"),
        ),
        sa.CheckConstraint("currency ~ '^([A-Z]{3})$'", name=op.f("ck_financial_statements_currency")),
        sa.CheckConstraint(
            "current_assets >= 0 AND current_assets <> 'NaN'",
            name=op.f("ck_financial_statements_current_assets"),
        ),
        sa.CheckConstraint(
            "current_liabilities >= 0 AND current_liabilities <> 'NaN'",
            name=op.f("ck_financial_statements_current_liabilities"),
        ),
        sa.CheckConstraint(
            "filing_doc_id ~ '^(S[0-9A-Z]{7})$'", name=op.f("ck_financial_statements_filing_doc_id")
        ),
        sa.CheckConstraint(
            "jsonb_typeof(sources) = 'object'", name=op.f("ck_financial_statements_sources_is_object")
        ),
        sa.CheckConstraint(
            "liabilities_and_net_assets >= 0 AND liabilities_and_net_assets <> 'NaN'",
            name=op.f("ck_financial_statements_liabilities_and_net_assets"),
        ),
        sa.CheckConstraint(
            "noncurrent_assets >= 0 AND noncurrent_assets <> 'NaN'",
            name=op.f("ck_financial_statements_noncurrent_assets"),
        ),
        sa.CheckConstraint(
            "noncurrent_liabilities >= 0 AND noncurrent_liabilities <> 'NaN'",
            name=op.f("ck_financial_statements_noncurrent_liabilities"),
        ),
        sa.CheckConstraint(
            "period_type IN ('FY', 'Q1', 'Q2', 'Q3', 'Q4', 'HY')",
            name=op.f("ck_financial_statements_period_type"),
        ),
        sa.CheckConstraint("revenue >= 0 AND revenue <> 'NaN'", name=op.f("ck_financial_statements_revenue")),
        sa.CheckConstraint(
            "revision_type IN ('ORG', 'COR', 'RES', 'CLA', 'STD', 'STEWARD')",
            name=op.f("ck_financial_statements_revision_type"),
        ),
        sa.CheckConstraint(
            "scope IN ('consolidated', 'non_consolidated')", name=op.f("ck_financial_statements_scope")
        ),
        sa.CheckConstraint(
            "total_assets >= 0 AND total_assets <> 'NaN'", name=op.f("ck_financial_statements_total_assets")
        ),
        sa.CheckConstraint(
            "total_liabilities >= 0 AND total_liabilities <> 'NaN'",
            name=op.f("ck_financial_statements_total_liabilities"),
        ),
        sa.CheckConstraint(
            "employees BETWEEN 0 AND 9007199254740992", name=op.f("ck_financial_statements_employees")
        ),
        sa.CheckConstraint(
            "fiscal_year_start_on <= fiscal_year_end_on",
            name=op.f("ck_financial_statements_fiscal_year_in_order"),
        ),
        sa.CheckConstraint(
            "period_start_on <= period_end_on", name=op.f("ck_financial_statements_period_in_order")
        ),
        sa.CheckConstraint(
            "period_start_on >= fiscal_year_start_on AND period_end_on <= fiscal_year_end_on",
            name=op.f("ck_financial_statements_period_in_fiscal_year"),
        ),
        sa.CheckConstraint("revision_no BETWEEN 0 AND 999", name=op.f("ck_financial_statements_revision_no")),
        sa.CheckConstraint(
            "rounding_unit IN (1, 1000, 1000000)", name=op.f("ck_financial_statements_rounding_unit")
        ),
        sa.CheckConstraint(
            "shares_issued BETWEEN 0 AND 9007199254740992", name=op.f("ck_financial_statements_shares_issued")
        ),
        sa.CheckConstraint("treasury_shares <= 0", name=op.f("ck_financial_statements_treasury_shares")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_financial_statements_company_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["filing_doc_id"],
            ["filings.doc_id"],
            name=op.f("fk_financial_statements_filing_doc_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_financial_statements")),
        sa.UniqueConstraint(
            "company_id",
            "fiscal_year_end_on",
            "period_type",
            "scope",
            "accounting_standard",
            "revision_no",
            name="uq_financial_statements_revision",
        ),
    )
    op.create_index(
        op.f("ix_financial_statements_accounting_standard_fiscal_year_end_on_id"),
        "financial_statements",
        ["accounting_standard", "fiscal_year_end_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_financial_statements_company_id_fiscal_year_end_on_id"),
        "financial_statements",
        ["company_id", "fiscal_year_end_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_financial_statements_filing_doc_id"), "financial_statements", ["filing_doc_id"], unique=False
    )
    op.create_index(
        op.f("ix_financial_statements_fiscal_year_end_on_id"),
        "financial_statements",
        ["fiscal_year_end_on", "id"],
        unique=False,
    )
    op.create_index(
        "ix_financial_statements_outside",
        "financial_statements",
        ["changed_at"],
        unique=False,
        postgresql_where=sa.text("change_set_id IS NULL"),
    )
    op.create_index(
        op.f("ix_financial_statements_period_type_fiscal_year_end_on_id"),
        "financial_statements",
        ["period_type", "fiscal_year_end_on", "id"],
        unique=False,
    )
    op.create_index(
        "uq_financial_statements_current",
        "financial_statements",
        ["company_id", "fiscal_year_end_on", "period_type", "scope", "accounting_standard"],
        unique=True,
        postgresql_where=sa.text("is_current"),
    )
    op.execute(
        "CREATE TRIGGER stamp_row BEFORE INSERT OR UPDATE ON financial_statements FOR EACH ROW EXECUTE FUNCTION stamp_row()"
    )
    op.execute(
        "CREATE TRIGGER keep_updated AFTER UPDATE ON financial_statements REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_versions('o.id::text')"
    )
    op.execute(
        "CREATE TRIGGER keep_deleted AFTER DELETE ON financial_statements REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_versions('o.id::text')"
    )
    op.execute(
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON financial_statements FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
    )


def downgrade() -> None:
    op.drop_index(
        "uq_financial_statements_current",
        table_name="financial_statements",
        postgresql_where=sa.text("is_current"),
    )
    op.drop_index(
        op.f("ix_financial_statements_period_type_fiscal_year_end_on_id"), table_name="financial_statements"
    )
    op.drop_index(
        "ix_financial_statements_outside",
        table_name="financial_statements",
        postgresql_where=sa.text("change_set_id IS NULL"),
    )
    op.drop_index(op.f("ix_financial_statements_fiscal_year_end_on_id"), table_name="financial_statements")
    op.drop_index(op.f("ix_financial_statements_filing_doc_id"), table_name="financial_statements")
    op.drop_index(
        op.f("ix_financial_statements_company_id_fiscal_year_end_on_id"), table_name="financial_statements"
    )
    op.drop_index(
        op.f("ix_financial_statements_accounting_standard_fiscal_year_end_on_id"),
        table_name="financial_statements",
    )
    op.drop_table("financial_statements")
