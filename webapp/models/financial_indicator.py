"""Financial indicators: ratios computed from statements and prices; nobody types them."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import code_words, columns, ratios
from webapp.naming import Naming, column, day, with_commas, word
from webapp.rules import indicator as rules

if TYPE_CHECKING:
    from webapp.models.company import Company
    from webapp.models.financial_statement import FinancialStatement


class FinancialIndicator(ratios.Ratios, db.Base):
    """The ratios of a company as of a day, by one version of the formulas."""

    __tablename__ = "financial_indicators"
    __table_args__ = (
        UniqueConstraint("company_id", "as_of_on", "basis", "formula_version"),
        Index(None, "as_of_on", "id"),
        Index(None, "basis", "as_of_on", "id"),
        Index(None, "statement_id"),
    )
    label = Label("財務指標", "Indicators")
    naming = Naming(
        (day("as_of_on"), word("basis", code_words.in_japanese(code_words.BASES))),
        english=(
            with_commas(
                column("as_of_on"),
                word("basis", code_words.in_english(code_words.BASES)),
            ),
        ),
        is_of_company=True,
    )

    id: Mapped[int] = columns.identity()
    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="RESTRICT"), info=db.about("企業", "Company")
    )
    as_of_on: Mapped[date] = columns.day("基準日", "As of")
    basis: Mapped[str] = columns.code("基準", "Basis", rules.BASIS, 8)
    statement_id: Mapped[int | None] = mapped_column(
        ForeignKey("financial_statements.id", ondelete="RESTRICT"), info=db.about("財務諸表", "Statement")
    )
    formula_version: Mapped[int] = mapped_column(
        SmallInteger, info=db.about("計算式の版", "Formula version", rule=rules.FORMULA_VERSION)
    )
    computed_at: Mapped[datetime] = columns.instant("計算日時", "Computed at", server_default=func.now())

    company: Mapped["Company"] = relationship(back_populates="indicators")
    statement: Mapped["FinancialStatement | None"] = relationship(back_populates="indicators")
