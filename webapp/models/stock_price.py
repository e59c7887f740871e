"""Stock prices: one row per company and trading day."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column, day
from webapp.rules import price as rules

if TYPE_CHECKING:
    from webapp.models.company import Company


def _price(ja: str, en: str) -> MappedColumn[Decimal | None]:
    return mapped_column(Numeric(14, 4), info=db.about(ja, en, rule=rules.PRICE, unit="per_share"))


class StockPrice(columns.Curated, db.Base):
    """A day's prices in yen per share; a day without a trade has no prices and volume 0 or NULL."""

    __tablename__ = "stock_prices"
    __table_args__ = (
        columns.outside("stock_prices"),
        Index(None, "traded_on", "company_id"),
        CheckConstraint(rules.ALL_OR_NONE, name="all_prices_or_none"),
        CheckConstraint(rules.IN_ORDER, name="prices_in_order"),
    )
    label = Label("株価", "Stock prices", "stock price")
    naming = Naming((day("traded_on"),), english=(column("traded_on"),), is_of_company=True)
    rules = rules  # type: ignore[misc]  # mypy takes a module in a class for an instance variable

    company_id: Mapped[int] = mapped_column(
        BigInteger,
        ForeignKey("companies.id", ondelete="RESTRICT"),
        primary_key=True,
        autoincrement=False,
        info=db.about("企業", "Company"),
    )
    traded_on: Mapped[date] = mapped_column(Date, primary_key=True, info=db.about("取引日", "Traded on"))
    open: Mapped[Decimal | None] = _price("始値", "Open")
    high: Mapped[Decimal | None] = _price("高値", "High")
    low: Mapped[Decimal | None] = _price("安値", "Low")
    close: Mapped[Decimal | None] = _price("終値", "Close")
    adjusted_close: Mapped[Decimal | None] = _price("調整後終値", "Adjusted close")
    volume: Mapped[int | None] = mapped_column(
        BigInteger, info=db.about("出来高", "Volume", rule=rules.VOLUME, unit="shares")
    )
    turnover: Mapped[Decimal | None] = columns.money("売買代金", "Turnover", rules.TURNOVER)
    data_source: Mapped[str] = columns.text("出典", "Source", rules.DATA_SOURCE)

    company: Mapped["Company"] = relationship(back_populates="prices")
