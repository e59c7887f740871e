"""Corporate actions: splits, mergers and what else makes prices of two days not comparable."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import code_words, columns
from webapp.naming import Naming, day, word
from webapp.rules import corporate_action as rules

if TYPE_CHECKING:
    from webapp.models.company import Company


def _shares(ja: str, en: str) -> MappedColumn[Decimal | None]:
    return mapped_column(Numeric(18, 6), info=db.about(ja, en, rule=rules.SHARES))


class CorporateAction(columns.Curated, db.Base):
    """From the ex-date on, `ratio_to` shares stand for `ratio_from` of before, and a price is of one of them."""

    __tablename__ = "corporate_actions"
    __table_args__ = (
        columns.outside("corporate_actions"),
        UniqueConstraint("company_id", "ex_on", "kind"),
        Index(None, "ex_on", "id"),
        CheckConstraint(rules.BOTH_OR_NONE, name="both_ratios_or_none"),
        CheckConstraint(rules.ABOVE_ZERO, name="ratios_above_zero"),
    )
    label = Label("コーポレートアクション", "Corporate actions", "corporate action")
    naming = Naming(
        (word("kind", code_words.in_japanese(code_words.ACTIONS)), day("ex_on")),
        english=(word("kind", code_words.in_english(code_words.ACTIONS)), day("ex_on")),
        is_of_company=True,
    )
    rules = rules  # type: ignore[misc]  # mypy takes a module in a class for an instance variable

    id: Mapped[int] = columns.identity()
    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="RESTRICT"), info=db.about("企業", "Company")
    )
    kind: Mapped[str] = columns.code("種類", "Kind", rules.KIND, 13)
    ex_on: Mapped[date] = columns.day("権利落ち日", "Ex-date")
    effective_on: Mapped[date | None] = columns.day("効力発生日", "Effective date")
    ratio_from: Mapped[Decimal | None] = _shares("変更前の株数", "Shares before")
    ratio_to: Mapped[Decimal | None] = _shares("変更後の株数", "Shares after")
    data_source: Mapped[str] = columns.text("出典", "Source", rules.SOURCE)

    company: Mapped["Company"] = relationship(back_populates="corporate_actions")
