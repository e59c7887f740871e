"""Create industries and companies.

Why: The masters that statements and prices refer to.
Phase: expand
"""

import sqlalchemy as sa
from alembic import op

revision = "b2e4d7a06c32"
down_revision = "a1f0c3d95b21"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "industries",
        sa.Column("code", sa.String(length=4), nullable=False),
        sa.Column("name_ja", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("sector17_code", sa.String(length=2), nullable=False),
        sa.Column("sector17_name_ja", sa.String(length=80), nullable=False),
        sa.Column("sector17_name_en", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("change_set_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("code ~ '^([0-9]{4})$'", name=op.f("ck_industries_code")),
        sa.CheckConstraint(
            "name_en !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND name_en <> '' AND name_en = btrim(name_en, U&' \\3000')",
            name=op.f("ck_industries_name_en"),
        ),
        sa.CheckConstraint(
            "name_ja !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND name_ja <> '' AND name_ja = btrim(name_ja, U&' \\3000')",
            name=op.f("ck_industries_name_ja"),
        ),
        sa.CheckConstraint("sector17_code ~ '^([0-9]{1,2})$'", name=op.f("ck_industries_sector17_code")),
        sa.CheckConstraint(
            "sector17_name_en !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND sector17_name_en <> '' AND sector17_name_en = btrim(sector17_name_en, U&' \\3000')",
            name=op.f("ck_industries_sector17_name_en"),
        ),
        sa.CheckConstraint(
            "sector17_name_ja !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND sector17_name_ja <> '' AND sector17_name_ja = btrim(sector17_name_ja, U&' \\3000')",
            name=op.f("ck_industries_sector17_name_ja"),
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_industries")),
    )
    op.create_index(
        "ix_industries_outside",
        "industries",
        ["changed_at"],
        unique=False,
        postgresql_where=sa.text("change_set_id IS NULL"),
    )
    op.create_index(
        op.f("ix_industries_sector17_code_code"), "industries", ["sector17_code", "code"], unique=False
    )
    op.create_table(
        "companies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticker_symbol", sa.String(length=4), nullable=True),
        sa.Column("edinet_code", sa.String(length=6), nullable=True),
        sa.Column("corporate_number", sa.String(length=13), nullable=True),
        sa.Column("name_ja", sa.String(length=200), nullable=False),
        sa.Column("name_ja_folded", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("name_kana", sa.String(length=200), nullable=True),
        sa.Column("head_office_address", sa.String(length=300), nullable=True),
        sa.Column("industry_code", sa.String(length=4), nullable=True),
        sa.Column("edinet_industry", sa.String(length=200), nullable=True),
        sa.Column("industry_format", sa.String(length=3), nullable=True),
        sa.Column("market_division", sa.String(length=12), nullable=True),
        sa.Column("listing_status", sa.String(length=12), nullable=False),
        sa.Column("listed_on", sa.Date(), nullable=True),
        sa.Column("delisted_on", sa.Date(), nullable=True),
        sa.Column("filer_type", sa.String(length=200), nullable=True),
        sa.Column("fiscal_year_end_month", sa.SmallInteger(), nullable=True),
        sa.Column("fiscal_year_end_day", sa.SmallInteger(), nullable=True),
        sa.Column("capital_stock", sa.Numeric(precision=20, scale=0), nullable=True),
        sa.Column("has_consolidated", sa.Boolean(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("website_url", sa.String(length=300), nullable=True),
        sa.Column("established_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("change_set_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "CASE WHEN corporate_number ~ '^[0-9]{13}$' THEN substr(corporate_number, 1, 1)::int = 9 - mod(substr(corporate_number, 13, 1)::int + substr(corporate_number, 12, 1)::int * 2 + substr(corporate_number, 11, 1)::int + substr(corporate_number, 10, 1)::int * 2 + substr(corporate_number, 9, 1)::int + substr(corporate_number, 8, 1)::int * 2 + substr(corporate_number, 7, 1)::int + substr(corporate_number, 6, 1)::int * 2 + substr(corporate_number, 5, 1)::int + substr(corporate_number, 4, 1)::int * 2 + substr(corporate_number, 3, 1)::int + substr(corporate_number, 2, 1)::int * 2, 9) ELSE corporate_number IS NULL END",
            name=op.f("ck_companies_corporate_number"),
        ),
        sa.CheckConstraint(
            "capital_stock >= 0 AND capital_stock <> 'NaN'", name=op.f("ck_companies_capital_stock")
        ),
        sa.CheckConstraint(
            "delisted_on IS NULL OR NOT listing_status = 'listed'",
            name=op.f("ck_companies_listed_not_delisted"),
        ),
        sa.CheckConstraint(
            "description !~ '[\\x01-\\x09\\x0b-\\x1f\\x7f-\\x9f]' AND description <> '' AND description = btrim(description, U&' \\3000')",
            name=op.f("ck_companies_description"),
        ),
        sa.CheckConstraint("edinet_code ~ '^(E[0-9]{5})$'", name=op.f("ck_companies_edinet_code")),
        sa.CheckConstraint(
            "edinet_industry !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND edinet_industry <> '' AND edinet_industry = btrim(edinet_industry, U&' \\3000')",
            name=op.f("ck_companies_edinet_industry"),
        ),
        sa.CheckConstraint(
            "filer_type !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND filer_type <> '' AND filer_type = btrim(filer_type, U&' \\3000')",
            name=op.f("ck_companies_filer_type"),
        ),
        sa.CheckConstraint(
            "head_office_address !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND head_office_address <> '' AND head_office_address = btrim(head_office_address, U&' \\3000')",
            name=op.f("ck_companies_head_office_address"),
        ),
        sa.CheckConstraint("industry_code ~ '^([0-9]{4})$'", name=op.f("ck_companies_industry_code")),
        sa.CheckConstraint(
            "industry_format IN ('CTE', 'CNS', 'BNK', 'CNA', 'SEC', 'INS', 'RWY', 'WAT', 'HWY', 'ELC', 'GAS', 'EDU', 'CMD', 'LEA', 'FND', 'MED', 'INV', 'SPF', 'LIQ')",
            name=op.f("ck_companies_industry_format"),
        ),
        sa.CheckConstraint(
            "listing_status IN ('listed', 'unlisted', 'delisted', 'ceased')",
            name=op.f("ck_companies_listing_status"),
        ),
        sa.CheckConstraint(
            "listing_status NOT IN ('listed', 'delisted') OR ticker_symbol IS NOT NULL",
            name=op.f("ck_companies_listed_has_ticker_symbol"),
        ),
        sa.CheckConstraint(
            "market_division IN ('PRIME', 'STANDARD', 'GROWTH', 'TOKYO_PRO')",
            name=op.f("ck_companies_market_division"),
        ),
        sa.CheckConstraint(
            "name_en !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND name_en <> '' AND name_en = btrim(name_en, U&' \\3000')",
            name=op.f("ck_companies_name_en"),
        ),
        sa.CheckConstraint(
            "name_ja !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND name_ja <> '' AND name_ja = btrim(name_ja, U&' \\3000')",
            name=op.f("ck_companies_name_ja"),
        ),
        sa.CheckConstraint(
            "name_ja_folded !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND name_ja_folded <> '' AND name_ja_folded = btrim(name_ja_folded, U&' \\3000')",
            name=op.f("ck_companies_name_ja_folded"),
        ),
        sa.CheckConstraint(
            "name_kana !~ '[\\x01-\\x1f\\x7f-\\x9f]' AND name_kana <> '' AND name_kana = btrim(name_kana, U&' \\3000')",
            name=op.f("ck_companies_name_kana"),
        ),
        sa.CheckConstraint(
            "ticker_symbol ~ '^([1-9][0-9ACDFGHJKLMNPRSTUWXY][0-9][0-9ACDFGHJKLMNPRSTUWXY])$'",
            name=op.f("ck_companies_ticker_symbol"),
        ),
        sa.CheckConstraint("website_url ~ '^(https?://[^\\s<>]+)$'", name=op.f("ck_companies_website_url")),
        sa.CheckConstraint(
            "(fiscal_year_end_month IS NULL) = (fiscal_year_end_day IS NULL)",
            name=op.f("ck_companies_fiscal_year_end_is_whole"),
        ),
        sa.CheckConstraint("delisted_on >= listed_on", name=op.f("ck_companies_delisted_after_listed")),
        sa.CheckConstraint(
            "fiscal_year_end_day BETWEEN 1 AND 31", name=op.f("ck_companies_fiscal_year_end_day")
        ),
        sa.CheckConstraint(
            "fiscal_year_end_month BETWEEN 1 AND 12", name=op.f("ck_companies_fiscal_year_end_month")
        ),
        sa.ForeignKeyConstraint(
            ["industry_code"],
            ["industries.code"],
            name=op.f("fk_companies_industry_code"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
        sa.UniqueConstraint("edinet_code", name=op.f("uq_companies_edinet_code")),
    )
    op.create_index(op.f("ix_companies_corporate_number"), "companies", ["corporate_number"], unique=False)
    op.create_index(
        op.f("ix_companies_industry_code_ticker_symbol_id"),
        "companies",
        ["industry_code", "ticker_symbol", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_companies_listing_status_ticker_symbol_id"),
        "companies",
        ["listing_status", "ticker_symbol", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_companies_market_division_ticker_symbol_id"),
        "companies",
        ["market_division", "ticker_symbol", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_companies_name_ja_folded_id"), "companies", ["name_ja_folded", "id"], unique=False
    )
    op.create_index(
        "ix_companies_outside",
        "companies",
        ["changed_at"],
        unique=False,
        postgresql_where=sa.text("change_set_id IS NULL"),
    )
    op.create_index(op.f("ix_companies_ticker_symbol_id"), "companies", ["ticker_symbol", "id"], unique=False)
    op.create_index(
        "uq_companies_ticker_symbol_listed",
        "companies",
        ["ticker_symbol"],
        unique=True,
        postgresql_where=sa.text("listing_status = 'listed'"),
    )
    op.execute(
        "CREATE TRIGGER stamp_row BEFORE INSERT OR UPDATE ON industries FOR EACH ROW EXECUTE FUNCTION stamp_row()"
    )
    op.execute(
        "CREATE TRIGGER keep_updated AFTER UPDATE ON industries REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_versions('o.code::text')"
    )
    op.execute(
        "CREATE TRIGGER keep_deleted AFTER DELETE ON industries REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_versions('o.code::text')"
    )
    op.execute(
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON industries FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
    )
    op.execute(
        "CREATE TRIGGER stamp_row BEFORE INSERT OR UPDATE ON companies FOR EACH ROW EXECUTE FUNCTION stamp_row()"
    )
    op.execute(
        "CREATE TRIGGER keep_updated AFTER UPDATE ON companies REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_versions('o.id::text')"
    )
    op.execute(
        "CREATE TRIGGER keep_deleted AFTER DELETE ON companies REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_versions('o.id::text')"
    )
    op.execute(
        "CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON companies FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncate()"
    )


def downgrade() -> None:
    op.drop_index(
        "uq_companies_ticker_symbol_listed",
        table_name="companies",
        postgresql_where=sa.text("listing_status = 'listed'"),
    )
    op.drop_index(op.f("ix_companies_ticker_symbol_id"), table_name="companies")
    op.drop_index(
        "ix_companies_outside", table_name="companies", postgresql_where=sa.text("change_set_id IS NULL")
    )
    op.drop_index(op.f("ix_companies_name_ja_folded_id"), table_name="companies")
    op.drop_index(op.f("ix_companies_market_division_ticker_symbol_id"), table_name="companies")
    op.drop_index(op.f("ix_companies_listing_status_ticker_symbol_id"), table_name="companies")
    op.drop_index(op.f("ix_companies_industry_code_ticker_symbol_id"), table_name="companies")
    op.drop_index(op.f("ix_companies_corporate_number"), table_name="companies")
    op.drop_table("companies")
    op.drop_index(op.f("ix_industries_sector17_code_code"), table_name="industries")
    op.drop_index(
        "ix_industries_outside", table_name="industries", postgresql_where=sa.text("change_set_id IS NULL")
    )
    op.drop_table("industries")
