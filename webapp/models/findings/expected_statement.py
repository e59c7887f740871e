"""Statements that are expected and not there: of a period that is over, or of a document that nobody has imported."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import code_words, columns
from webapp.naming import Naming, fiscal_year, fiscal_year_in_english, with_commas, word
from webapp.rules import statement as statement_rules
from webapp.rules.disclosure import expectation as rules

if TYPE_CHECKING:
    from webapp.models.company import Company
    from webapp.models.filing import Filing

# By what an expected statement is the same one when it is looked for again.
IDENTITY = ("company_id", "fiscal_year_end_on", "period_type", "filing_doc_id")


class ExpectedStatement(db.Base):
    """A statement that a company owes, or whose document is there without its figures; it goes when they are stored.

    Derived from companies, filings and statements, and made anew at any time. No filing: none is known.
    """

    __tablename__ = "expected_statements"
    __table_args__ = (
        UniqueConstraint(
            *IDENTITY, name="uq_expected_statements_identity", postgresql_nulls_not_distinct=True
        ),
        Index(None, "filing_doc_id"),
        Index(None, "state", "due_on", "id"),
    )
    label = Label("未収録の財務諸表", "Statements missing", "Statement missing")
    naming = Naming(
        (
            fiscal_year("fiscal_year_end_on"),
            word("period_type", code_words.in_japanese(code_words.PERIOD_TYPES)),
        ),
        english=(
            with_commas(
                fiscal_year_in_english("fiscal_year_end_on"),
                word("period_type", code_words.in_english(code_words.PERIOD_TYPES)),
            ),
        ),
        is_of_company=True,
    )

    id: Mapped[int] = columns.identity()
    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), info=db.about("企業", "Company")
    )
    fiscal_year_end_on: Mapped[date] = columns.day("事業年度（至）", "Fiscal year to")
    # None where the title of a quarterly report does not say of which quarter it is.
    period_type: Mapped[str | None] = columns.code(
        "期間の種類", "Period type", statement_rules.PERIOD_TYPE, 2
    )
    period_end_on: Mapped[date] = columns.day("会計期間（至）", "Period to")
    state: Mapped[str] = columns.code("状態", "Status", rules.STATE, 7)
    # None where a document is there that was not owed.
    due_on: Mapped[date | None] = columns.day("提出期限", "Filing deadline")
    filing_doc_id: Mapped[str | None] = mapped_column(
        ForeignKey("filings.doc_id", ondelete="CASCADE"),
        info=db.about("書類管理番号", "Filing", rule=statement_rules.DOC_ID),
    )

    company: Mapped["Company"] = relationship()
    filing: Mapped["Filing | None"] = relationship()
