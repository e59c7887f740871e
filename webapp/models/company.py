"""Companies: the legal entities whose figures stewards look after."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column, first_of
from webapp.rules import company as rules
from webapp.rules import industry, statement

if TYPE_CHECKING:
    from webapp.models.company_name import CompanyName
    from webapp.models.filing import Filing
    from webapp.models.financial_indicator import FinancialIndicator
    from webapp.models.financial_statement import FinancialStatement
    from webapp.models.industry import Industry
    from webapp.models.market.corporate_action import CorporateAction
    from webapp.models.market.shares_outstanding import SharesOutstanding
    from webapp.models.stock_price import StockPrice

LISTED = f"listing_status = '{rules.LISTED}'"


class Company(columns.Curated, db.Base):
    """A legal entity, found by securities code, EDINET code, corporate number or name.

    A securities code is unique among the listed and stays after a delisting; it is NULL where there never was one.
    """

    __tablename__ = "companies"
    __table_args__ = (
        columns.outside("companies"),
        Index(
            "uq_companies_ticker_symbol_listed", "ticker_symbol", unique=True, postgresql_where=text(LISTED)
        ),
        Index(None, "ticker_symbol", "id"),
        Index(None, "name_ja_folded", "id"),
        Index(None, "name_kana_folded", "id"),
        Index(None, "listing_status", "ticker_symbol", "id"),
        Index(None, "market_division", "ticker_symbol", "id"),
        Index(None, "industry_code", "ticker_symbol", "id"),
        Index(None, "corporate_number"),
        CheckConstraint(
            f"listing_status NOT IN ('{rules.LISTED}', '{rules.DELISTED}') OR ticker_symbol IS NOT NULL",
            name="listed_has_ticker_symbol",
        ),
        CheckConstraint(
            "(fiscal_year_end_month IS NULL) = (fiscal_year_end_day IS NULL)", name="fiscal_year_end_is_whole"
        ),
        CheckConstraint("delisted_on >= listed_on", name="delisted_after_listed"),
        CheckConstraint(f"delisted_on IS NULL OR NOT {LISTED}", name="listed_not_delisted"),
    )
    label = Label("企業", "Companies", "company")
    naming = Naming(
        (first_of("ticker_symbol", "edinet_code"), column("name_ja")),
        english=(first_of("ticker_symbol", "edinet_code"), first_of("name_en", "name_ja")),
    )
    rules = rules  # type: ignore[misc]  # mypy takes a module in a class for an instance variable

    id: Mapped[int] = columns.identity()
    ticker_symbol: Mapped[str | None] = columns.code("証券コード", "Securities code", rules.TICKER_SYMBOL, 4)
    edinet_code: Mapped[str | None] = columns.code(
        "EDINETコード", "EDINET code", rules.EDINET_CODE, 6, unique=True
    )
    corporate_number: Mapped[str | None] = columns.code(
        "法人番号", "Corporate number", rules.CORPORATE_NUMBER, 13
    )
    name_ja: Mapped[str] = columns.text("商号", "Name (ja)", rules.NAME)
    name_ja_folded: Mapped[str] = mapped_column(
        String(rules.NAME.longest),
        info=db.about("検索用商号", "Name as searched", rule=rules.NAME, folds="name_ja"),
    )
    name_en_folded: Mapped[str | None] = columns.folded(
        "検索用英文商号", "Name (en) as searched", of="name_en"
    )
    name_kana_folded: Mapped[str | None] = columns.folded(
        "検索用商号（ヨミ）", "Name (kana) as searched", of="name_kana"
    )
    name_en: Mapped[str | None] = columns.text("英文商号", "Name (en)", rules.NAME)
    name_kana: Mapped[str | None] = columns.text("商号（ヨミ）", "Name (kana)", rules.NAME)
    head_office_address: Mapped[str | None] = columns.text("所在地", "Head office", rules.ADDRESS)
    industry_code: Mapped[str | None] = mapped_column(
        ForeignKey("industries.code", ondelete="RESTRICT"),
        info=db.about("33業種", "Industry", rule=industry.CODE),
    )
    edinet_industry: Mapped[str | None] = columns.text("提出者業種", "EDINET industry", rules.NAME)
    industry_format: Mapped[str | None] = columns.code(
        "様式（業種）", "Industry format", rules.INDUSTRY_FORMAT, 3
    )
    market_division: Mapped[str | None] = columns.code(
        "市場区分", "Market division", rules.MARKET_DIVISION, 12
    )
    listing_status: Mapped[str] = columns.code(
        "上場区分", "Listing", rules.LISTING_STATUS, 12, default=rules.UNLISTED
    )
    listed_on: Mapped[date | None] = columns.day("上場日", "Listed on")
    delisted_on: Mapped[date | None] = columns.day("上場廃止日", "Delisted on")
    filer_type: Mapped[str | None] = columns.text("提出者種別", "Filer type", rules.NAME)
    fiscal_year_end_month: Mapped[int | None] = mapped_column(
        SmallInteger, info=db.about("決算月", "Fiscal year end, month", rule=rules.MONTH)
    )
    fiscal_year_end_day: Mapped[int | None] = mapped_column(
        SmallInteger,
        info=db.about(
            "決算日", "Fiscal year end, day", rule=rules.DAY, hint="31 stands for the last day of the month"
        ),
    )
    capital_stock: Mapped[Decimal | None] = columns.money(
        "資本金", "Capital stock", statement.MONEY_NOT_NEGATIVE
    )
    has_consolidated: Mapped[bool | None] = mapped_column(
        Boolean, info=db.about("連結の有無", "Consolidated statements")
    )
    description: Mapped[str | None] = columns.text("事業内容", "Description", rules.DESCRIPTION)
    website_url: Mapped[str | None] = columns.code("ウェブサイト", "Website", rules.WEBSITE, 300)
    established_on: Mapped[date | None] = columns.day("設立日", "Established on")

    industry: Mapped["Industry | None"] = relationship(back_populates="companies")
    former_names: Mapped[list["CompanyName"]] = relationship(back_populates="company", passive_deletes="all")
    filings: Mapped[list["Filing"]] = relationship(back_populates="company", passive_deletes="all")
    statements: Mapped[list["FinancialStatement"]] = relationship(
        back_populates="company", passive_deletes="all"
    )
    prices: Mapped[list["StockPrice"]] = relationship(back_populates="company", passive_deletes="all")
    corporate_actions: Mapped[list["CorporateAction"]] = relationship(
        back_populates="company", passive_deletes="all"
    )
    shares: Mapped[list["SharesOutstanding"]] = relationship(back_populates="company", passive_deletes="all")
    indicators: Mapped[list["FinancialIndicator"]] = relationship(
        back_populates="company", passive_deletes="all"
    )
