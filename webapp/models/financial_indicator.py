"""Financial indicators: ratios computed from statements and prices; nobody types them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import code_words, columns, ratios
from webapp.naming import Naming, column, day, with_commas, word, word_unless
from webapp.rules import indicator as rules
from webapp.rules import statement as statement_rules

if TYPE_CHECKING:
    from webapp.models.company import Company
    from webapp.models.financial_statement import FinancialStatement

IDENTITY = ("company_id", "as_of_on", "basis", "scope", "accounting_standard", "formula_version")


class FinancialIndicator(ratios.Ratios, db.Base):
    """The ratios of a company as of a day, by one version of the formulas."""

    __tablename__ = "financial_indicators"
    __table_args__ = (
        UniqueConstraint(*IDENTITY, name="uq_financial_indicators_identity"),
        Index(None, "as_of_on", "id"),
        Index(None, "basis", "as_of_on", "id"),
        Index(None, "statement_id"),
        Index(None, "prior_statement_id"),
        CheckConstraint("jsonb_typeof(statuses) = 'object'", name="statuses_is_object"),
    )
    label = Label("財務指標", "Indicators")
    naming = Naming(
        (
            day("as_of_on"),
            word("basis", code_words.in_japanese(code_words.BASES)),
            word("scope", code_words.in_japanese(code_words.SCOPES)),
            word_unless(
                code_words.USUAL_STANDARD, "accounting_standard", code_words.in_japanese(code_words.STANDARDS)
            ),
        ),
        english=(
            with_commas(
                column("as_of_on"),
                word("basis", code_words.in_english(code_words.BASES)),
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

    id: Mapped[int] = columns.identity()
    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), info=db.about("企業", "Company")
    )
    as_of_on: Mapped[date] = columns.day("基準日", "As of")
    basis: Mapped[str] = columns.code("基準", "Basis", rules.BASIS, 8)
    scope: Mapped[str] = columns.code(
        "連結・個別", "Scope", statement_rules.SCOPE, 16, server_default="consolidated"
    )
    accounting_standard: Mapped[str] = columns.code(
        "会計基準", "Accounting standard", statement_rules.ACCOUNTING_STANDARD, 8, server_default="JGAAP"
    )
    statement_id: Mapped[int | None] = mapped_column(
        ForeignKey("financial_statements.id", ondelete="CASCADE"), info=db.about("財務諸表", "Statement")
    )
    prior_statement_id: Mapped[int | None] = mapped_column(
        ForeignKey("financial_statements.id", ondelete="CASCADE"),
        info=db.about("前期の財務諸表", "Statement of the year before"),
    )
    price_on: Mapped[date | None] = columns.day("株価の日付", "Day of the price")
    shares_on: Mapped[date | None] = columns.day("株式数の基準日", "Day of the count of shares")
    # Of everything that was reckoned with: what is the same is not written again.
    inputs_digest: Mapped[str | None] = mapped_column(
        String(32), info=db.about("入力値のハッシュ", "Digest of the inputs")
    )
    # Why ratios have no value, or what stood in, by their names; of those that are as they should be nothing.
    statuses: Mapped[dict[str, Any]] = mapped_column(
        JSONB,
        default=dict,
        server_default="{}",
        info=db.about("値のない理由・注記", "Why without a value, and notes"),
    )
    formula_version: Mapped[int] = mapped_column(
        SmallInteger, info=db.about("計算式の版", "Formula version", rule=rules.FORMULA_VERSION)
    )
    computed_at: Mapped[datetime] = columns.instant("計算日時", "Computed at", server_default=func.now())

    company: Mapped["Company"] = relationship(back_populates="indicators")
    statement: Mapped["FinancialStatement | None"] = relationship(
        back_populates="indicators", foreign_keys=[statement_id]
    )
    prior_statement: Mapped["FinancialStatement | None"] = relationship(
        back_populates="indicators_beside", foreign_keys=[prior_statement_id]
    )
