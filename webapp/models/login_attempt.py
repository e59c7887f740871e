"""Login attempts: what failed lately, by account and by address, to slow guessing down."""

from datetime import datetime

from sqlalchemy import Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from webapp import db
from webapp.label import Label
from webapp.models import columns


class LoginAttempt(db.Base):
    """One failed sign-in. Addresses and accounts are kept as keyed hashes, and rows only for a day."""

    __tablename__ = "login_attempts"
    __table_args__ = (
        Index(None, "account_key", "attempted_at"),
        Index(None, "address_key", "attempted_at"),
        Index(None, "attempted_at"),
    )
    label = Label("サインイン試行", "Login attempts")

    id: Mapped[int] = columns.identity()
    account_key: Mapped[str] = mapped_column(String(64))
    address_key: Mapped[str] = mapped_column(String(64))
    attempted_at: Mapped[datetime] = columns.instant("日時", "At", server_default=func.now())
