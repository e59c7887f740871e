"""Create stock prices and financial indicators.

Why: Daily prices, and the ratios that are computed from prices and statements.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "d4c2f5c28e54"
down_revision = "e5b1a6d39f65"
branch_labels = None
depends_on = None

# fmt: off
RATIO = (
    "roe", "roa", "roa_ordinary", "roic", "gross_margin", "operating_margin", "ordinary_margin",
    "net_margin", "per", "pbr", "psr", "ev_ebitda", "revenue_growth", "profit_growth",
    "revenue_cagr_3y", "profit_cagr_3y", "current_ratio", "quick_ratio", "debt_to_equity",
    "liabilities_to_equity", "equity_ratio", "interest_coverage", "dividend_yield", "payout_ratio",
    "total_payout_ratio",
)
# fmt: on
PER_SHARE = ("eps", "bps")
MONEY = ("debt", "fcf", "fcf_capex", "market_cap", "market_cap_gross")
STATES = "'ok', 'not_applicable', 'missing_input', 'negative_base', 'turned_profit', 'turned_loss', 'not_comparable'"


def _ratio_columns() -> list[SchemaItem]:
    columns = [sa.Column(name, sa.Numeric(18, 8), nullable=True) for name in RATIO]
    return [
        *columns,
        *(
            sa.CheckConstraint(f"{name} <> 'NaN'", name=op.f(f"ck_financial_indicators_{name}"))
            for name in RATIO
        ),
    ]


def _status_columns() -> list[SchemaItem]:
    names = [f"{name}_status" for name in (*MONEY, *PER_SHARE, *RATIO)]
    columns = [sa.Column(name, sa.String(length=16), nullable=False) for name in names]
    return [
        *columns,
        *(
            sa.CheckConstraint(f"{name} IN ({STATES})", name=op.f(f"ck_financial_indicators_{name}"))
            for name in names
        ),
    ]


def _per_share_columns() -> list[SchemaItem]:
    columns = [sa.Column(name, sa.Numeric(18, 4), nullable=True) for name in PER_SHARE]
    return [
        *columns,
        *(
            sa.CheckConstraint(f"{name} <> 'NaN'", name=op.f(f"ck_financial_indicators_{name}"))
            for name in PER_SHARE
        ),
    ]


def _money_columns() -> list[SchemaItem]:
    columns = [sa.Column(name, sa.Numeric(20, 0), nullable=True) for name in MONEY]
    return [
        *columns,
        *(
            sa.CheckConstraint(f"{name} <> 'NaN'", name=op.f(f"ck_financial_indicators_{name}"))
            for name in MONEY
        ),
    ]


def upgrade() -> None:
    op.create_table(
        "stock_prices",
        sa.Column("company_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("traded_on", sa.Date(), nullable=False),
        sa.Column("open", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("high", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("low", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("close", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("adjusted_close", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("volume", sa.BigInteger(), nullable=True),
        sa.Column("turnover", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("data_source", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("change_set_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "adjusted_close >= 0 AND adjusted_close <> 'NaN'", name=op.f("ck_stock_prices_adjusted_close")
        ),
        sa.CheckConstraint("close >= 0 AND close <> 'NaN'", name=op.f("ck_stock_prices_close")),
        sa.CheckConstraint(
            "data_source !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND data_source <> '' AND data_source = btrim(data_source, U&' \\3000')",
            name=op.f("ck_stock_prices_data_source"),
        ),
        sa.CheckConstraint("high >= 0 AND high <> 'NaN'", name=op.f("ck_stock_prices_high")),
        sa.CheckConstraint("low >= 0 AND low <> 'NaN'", name=op.f("ck_stock_prices_low")),
        sa.CheckConstraint("open >= 0 AND open <> 'NaN'", name=op.f("ck_stock_prices_open")),
        sa.CheckConstraint("turnover >= 0 AND turnover <> 'NaN'", name=op.f("ck_stock_prices_turnover")),
        sa.CheckConstraint(
            "low <= LEAST(open, close) AND GREATEST(open, close) <= high",
            name=op.f("ck_stock_prices_prices_in_order"),
        ),
        sa.CheckConstraint(
            "num_nulls(open, high, low, close) IN (0, 4)", name=op.f("ck_stock_prices_all_prices_or_none")
        ),
        sa.CheckConstraint("volume BETWEEN 0 AND 9007199254740992", name=op.f("ck_stock_prices_volume")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_stock_prices_company_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("company_id", "traded_on", name=op.f("pk_stock_prices")),
    )
    op.create_index(
        "ix_stock_prices_outside",
        "stock_prices",
        ["changed_at"],
        unique=False,
        postgresql_where=sa.text("change_set_id IS NULL"),
    )
    op.create_index(
        op.f("ix_stock_prices_traded_on_company_id"),
        "stock_prices",
        ["traded_on", "company_id"],
        unique=False,
    )
    op.create_table(
        "financial_indicators",
        *_ratio_columns(),
        *_status_columns(),
        *_per_share_columns(),
        *_money_columns(),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(length=8), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=True),
        sa.Column("formula_version", sa.SmallInteger(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("basis IN ('FY', 'TTM', 'FORECAST')", name=op.f("ck_financial_indicators_basis")),
        sa.CheckConstraint(
            "formula_version BETWEEN 1 AND 9999", name=op.f("ck_financial_indicators_formula_version")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_financial_indicators_company_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["financial_statements.id"],
            name=op.f("fk_financial_indicators_statement_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_financial_indicators")),
        sa.UniqueConstraint(
            "company_id",
            "as_of_on",
            "basis",
            "formula_version",
            name=op.f("uq_financial_indicators_company_id_as_of_on_basis_formula_version"),
        ),
    )
    op.create_index(
        op.f("ix_financial_indicators_as_of_on_id"), "financial_indicators", ["as_of_on", "id"], unique=False
    )
    op.create_index(
        op.f("ix_financial_indicators_basis_as_of_on_id"),
        "financial_indicators",
        ["basis", "as_of_on", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_financial_indicators_statement_id"), "financial_indicators", ["statement_id"], unique=False
    )
    op.execute(
        "CREATE TRIGGER stamp_row BEFORE INSERT OR UPDATE ON stock_prices FOR EACH ROW EXECUTE FUNCTION stamp_row()"
    )
    op.execute(
        "CREATE TRIGGER keep_updated AFTER UPDATE ON stock_prices REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_versions('o.company_id::text || '','' || o.traded_on::text')"
    )
    op.execute(
        "CREATE TRIGGER keep_deleted AFTER DELETE ON stock_prices REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_versions('o.company_id::text || '','' || o.traded_on::text')"
    )
    op.execute(
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON stock_prices FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_financial_indicators_statement_id"), table_name="financial_indicators")
    op.drop_index(op.f("ix_financial_indicators_basis_as_of_on_id"), table_name="financial_indicators")
    op.drop_index(op.f("ix_financial_indicators_as_of_on_id"), table_name="financial_indicators")
    op.drop_table("financial_indicators")
    op.drop_index(op.f("ix_stock_prices_traded_on_company_id"), table_name="stock_prices")
    op.drop_index(
        "ix_stock_prices_outside",
        table_name="stock_prices",
        postgresql_where=sa.text("change_set_id IS NULL"),
    )
    op.drop_table("stock_prices")
