"""Filings: the documents that figures come from."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column
from webapp.rules import filing as rules
from webapp.rules import statement

if TYPE_CHECKING:
    from webapp.models.company import Company
    from webapp.models.financial_statement import FinancialStatement


class Filing(columns.Curated, db.Base):
    """A document of EDINET, known by its document id (書類管理番号). Source: EDINET API 仕様書, 書類一覧API."""

    __tablename__ = "filings"
    __table_args__ = (
        columns.outside("filings"),
        Index(None, "submitted_at", "doc_id"),
        Index(None, "company_id", "submitted_at"),
        Index(None, "document_type", "submitted_at", "doc_id"),
        Index(None, "parent_doc_id"),
        CheckConstraint("period_start_on <= period_end_on", name="period_in_order"),
        CheckConstraint("parent_doc_id <> doc_id", name="not_its_own_parent"),
    )
    label = Label("開示書類", "Filings", "filing")
    naming = Naming((column("doc_id"),))
    rules = rules  # type: ignore[misc]  # mypy takes a module in a class for an instance variable

    doc_id: Mapped[str] = columns.code("書類管理番号", "Document id", statement.DOC_ID, 8, primary_key=True)
    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="RESTRICT"), info=db.about("企業", "Company")
    )
    document_type: Mapped[str] = columns.code("書類種別コード", "Document type", rules.DOCUMENT_TYPE, 3)
    submitted_at: Mapped[datetime] = columns.instant("提出日時", "Submitted at")
    # No foreign key: an amendment may be known before the document that it amends.
    parent_doc_id: Mapped[str | None] = columns.code("親書類管理番号", "Parent document", statement.DOC_ID, 8)
    period_start_on: Mapped[date | None] = columns.day("期間（自）", "Period from")
    period_end_on: Mapped[date | None] = columns.day("期間（至）", "Period to")
    withdrawal_status: Mapped[str] = columns.code(
        "取下区分", "Withdrawal", rules.WITHDRAWAL_STATUS, 1, default="0"
    )
    # When the office was told; of documents that it lists as withdrawn later on nobody knows.
    withdrawn_at: Mapped[datetime | None] = columns.instant("取下日時", "Withdrawn at")
    amendment_status: Mapped[str] = columns.code(
        "書類情報修正区分", "Amendment", rules.AMENDMENT_STATUS, 1, default="0"
    )
    disclosure_status: Mapped[str] = columns.code(
        "開示不開示区分", "Open to the public", rules.DISCLOSURE_STATUS, 1, default="0", server_default="0"
    )
    # What the register says beside: of documents from before it was imported nobody knows.
    ordinance_code: Mapped[str | None] = columns.code("府令コード", "Ordinance", rules.ORDINANCE_CODE, 3)
    form_code: Mapped[str | None] = columns.code("様式コード", "Form", rules.FORM_CODE, 6)
    description: Mapped[str | None] = columns.text("提出書類概要", "Document title", rules.DESCRIPTION)
    submission_no: Mapped[int | None] = mapped_column(
        Integer, info=db.about("提出日内の連番", "Number of the day", rule=rules.SUBMISSION_NO)
    )
    edited_at: Mapped[datetime | None] = columns.instant("操作日時（財務局）", "Edited at")
    has_xbrl: Mapped[bool | None] = mapped_column(Boolean, info=db.about("XBRLの有無", "XBRL"))
    has_pdf: Mapped[bool | None] = mapped_column(Boolean, info=db.about("PDFの有無", "PDF"))
    has_csv: Mapped[bool | None] = mapped_column(Boolean, info=db.about("CSVの有無", "CSV"))
    file_hash: Mapped[str | None] = columns.code("ファイルのSHA-256", "File SHA-256", rules.SHA256, 64)

    company: Mapped["Company"] = relationship(back_populates="filings")
    statements: Mapped[list["FinancialStatement"]] = relationship(
        back_populates="filing", passive_deletes="all"
    )
