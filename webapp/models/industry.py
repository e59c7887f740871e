"""The 33 sectors of the exchange and the 17 they belong to."""

from typing import TYPE_CHECKING

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, relationship

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column
from webapp.rules import industry as rules

if TYPE_CHECKING:
    from webapp.models.company import Company


class Industry(columns.Curated, db.Base):
    """One of JPX's 33 sectors (東証33業種). Source: 日本取引所グループ, 業種別分類."""

    __tablename__ = "industries"
    __table_args__ = (columns.outside("industries"), Index(None, "sector17_code", "code"))
    label = Label("業種", "Industries", "industry")
    naming = Naming((column("code"), column("name_ja")), english=(column("code"), column("name_en")))

    code: Mapped[str] = columns.code("33業種コード", "Sector code", rules.CODE, 4, primary_key=True)
    name_ja: Mapped[str] = columns.text("33業種区分", "Sector (ja)", rules.NAME)
    name_en: Mapped[str] = columns.text("33業種区分（英）", "Sector (en)", rules.NAME)
    sector17_code: Mapped[str] = columns.code("17業種コード", "17-sector code", rules.SECTOR17_CODE, 2)
    sector17_name_ja: Mapped[str] = columns.text("17業種区分", "17-sector (ja)", rules.NAME)
    sector17_name_en: Mapped[str] = columns.text("17業種区分（英）", "17-sector (en)", rules.NAME)

    companies: Mapped[list["Company"]] = relationship(back_populates="industry", passive_deletes="all")
