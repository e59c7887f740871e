"""Financial statements: one row per company, period, scope, standard and revision."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import code_words, columns, figures
from webapp.naming import Naming, fiscal_year, fiscal_year_in_english, with_commas, word, word_unless
from webapp.rules import company as company_rules
from webapp.rules import statement as rules

if TYPE_CHECKING:
    from webapp.models.company import Company
    from webapp.models.filing import Filing
    from webapp.models.financial_indicator import FinancialIndicator

# Keyed on the end of the fiscal year, not on its number: a company may close two fiscal years in one calendar year.
IDENTITY = ("company_id", "fiscal_year_end_on", "period_type", "scope", "accounting_standard")


class FinancialStatement(
    figures.IncomeStatement,
    figures.BalanceSheet,
    figures.CashFlows,
    figures.Disclosed,
    columns.Curated,
    db.Base,
):
    """The figures of one period in whole currency units, cumulative from the start of the fiscal year."""

    __tablename__ = "financial_statements"
    __table_args__ = (
        columns.outside("financial_statements"),
        UniqueConstraint(*IDENTITY, "revision_no", name="uq_financial_statements_revision"),
        Index("uq_financial_statements_current", *IDENTITY, unique=True, postgresql_where=text("is_current")),
        Index(None, "fiscal_year_end_on", "id"),
        Index(None, "company_id", "fiscal_year_end_on", "id"),
        Index(None, "period_type", "fiscal_year_end_on", "id"),
        Index(None, "accounting_standard", "fiscal_year_end_on", "id"),
        Index(None, "filing_doc_id"),
        Index(None, "based_on_id", postgresql_where=text("based_on_id IS NOT NULL")),
        CheckConstraint("fiscal_year_start_on <= fiscal_year_end_on", name="fiscal_year_in_order"),
        CheckConstraint("period_start_on <= period_end_on", name="period_in_order"),
        CheckConstraint(
            "period_start_on >= fiscal_year_start_on AND period_end_on <= fiscal_year_end_on",
            name="period_in_fiscal_year",
        ),
        CheckConstraint("based_on_id <> id", name="not_based_on_itself"),
        CheckConstraint("jsonb_typeof(sources) = 'object'", name="sources_is_object"),
    )
    label = Label("財務諸表", "Financial statements", "financial statement")
    naming = Naming(
        (
            fiscal_year("fiscal_year_end_on"),
            word("period_type", code_words.in_japanese(code_words.PERIOD_TYPES)),
            word("scope", code_words.in_japanese(code_words.SCOPES)),
            word_unless(
                code_words.USUAL_STANDARD, "accounting_standard", code_words.in_japanese(code_words.STANDARDS)
            ),
        ),
        english=(
            with_commas(
                fiscal_year_in_english("fiscal_year_end_on"),
                word("period_type", code_words.in_english(code_words.PERIOD_TYPES)),
                word("scope", code_words.in_english(code_words.SCOPES)),
                word_unless(
                    code_words.USUAL_STANDARD,
                    "accounting_standard",
                    code_words.in_english(code_words.STANDARDS),
                ),
            ),
        ),
        is_of_company=True,
    )
    rules = rules  # type: ignore[misc]  # mypy takes a module in a class for an instance variable

    id: Mapped[int] = columns.identity()
    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="RESTRICT"), info=db.about("企業", "Company")
    )
    fiscal_year_start_on: Mapped[date] = columns.day("事業年度（自）", "Fiscal year from")
    fiscal_year_end_on: Mapped[date] = columns.day("事業年度（至）", "Fiscal year to")
    period_type: Mapped[str] = columns.code("期間の種類", "Period type", rules.PERIOD_TYPE, 2)
    period_start_on: Mapped[date] = columns.day("会計期間（自）", "Period from")
    period_end_on: Mapped[date] = columns.day("会計期間（至）", "Period to")
    scope: Mapped[str] = columns.code("連結・個別", "Scope", rules.SCOPE, 16)
    accounting_standard: Mapped[str] = columns.code(
        "会計基準", "Accounting standard", rules.ACCOUNTING_STANDARD, 8
    )
    industry_format: Mapped[str | None] = columns.code(
        "様式（業種）", "Industry format", company_rules.INDUSTRY_FORMAT, 3
    )
    currency: Mapped[str] = columns.code("通貨", "Currency", rules.CURRENCY, 3, default="JPY")
    rounding_unit: Mapped[int] = mapped_column(
        Integer, default=1, info=db.about("表示単位", "Rounding unit", rule=rules.ROUNDING_UNIT)
    )
    revision_no: Mapped[int] = mapped_column(
        SmallInteger, default=0, info=db.about("訂正番号", "Revision", rule=rules.REVISION_NO)
    )
    revision_type: Mapped[str] = columns.code(
        "訂正の種類", "Revision type", rules.REVISION_TYPE, 7, default="ORG"
    )
    announced_on: Mapped[date | None] = columns.day("公表日", "Announced on")
    # When its document was submitted; of a day alone, its last second.
    announced_at: Mapped[datetime | None] = columns.instant("公表日時", "Announced at")
    is_current: Mapped[bool] = mapped_column(Boolean, default=True, info=db.about("最新", "Current"))
    filing_doc_id: Mapped[str | None] = mapped_column(
        ForeignKey("filings.doc_id", ondelete="RESTRICT"),
        info=db.about("書類管理番号", "Filing", rule=rules.DOC_ID),
    )
    # What figures follow from beside the filing: by which mapping they were read, over which row they are laid.
    mapping_version: Mapped[int | None] = mapped_column(
        SmallInteger, info=db.about("科目対応表の版", "Version of the mapping", rule=rules.MAPPING_VERSION)
    )
    based_on_id: Mapped[int | None] = mapped_column(
        # Of two rows of one change set either may be written, or go, before the other.
        ForeignKey("financial_statements.id", deferrable=True, initially="IMMEDIATE"),
        info=db.about("元の財務諸表", "Based on"),
    )
    # What does not follow from these alone: a value of another filing's, a computed one.
    sources: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, info=db.about("出典", "Sources"))

    company: Mapped["Company"] = relationship(back_populates="statements")
    filing: Mapped["Filing | None"] = relationship(back_populates="statements")
    based_on: Mapped["FinancialStatement | None"] = relationship(
        back_populates="revisions", remote_side="FinancialStatement.id"
    )
    revisions: Mapped[list["FinancialStatement"]] = relationship(
        back_populates="based_on", passive_deletes="all"
    )
    indicators: Mapped[list["FinancialIndicator"]] = relationship(
        back_populates="statement", foreign_keys="FinancialIndicator.statement_id", passive_deletes="all"
    )
    indicators_beside: Mapped[list["FinancialIndicator"]] = relationship(
        back_populates="prior_statement",
        foreign_keys="FinancialIndicator.prior_statement_id",
        passive_deletes="all",
    )
