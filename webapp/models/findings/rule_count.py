"""How many statements keep each rule of accounting, break it, or are none of its business."""

from datetime import datetime

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from webapp import db
from webapp.label import Label
from webapp.models import code_words, columns
from webapp.rules import finding as rules


class RuleCount(db.Base):
    """The outcomes of a rule over all current statements when they were last counted. Derived."""

    __tablename__ = "rule_counts"
    label = Label("ルールの結果", "Outcomes of rules", "Outcomes of a rule")
    naming = code_words.OF_RULE

    rule: Mapped[str] = columns.code("ルール", "Rule", rules.RULE, 40, primary_key=True)
    passed: Mapped[int] = mapped_column(Integer, info=db.about("適合", "Kept"))
    failed: Mapped[int] = mapped_column(Integer, info=db.about("不適合", "Broken"))
    not_applicable: Mapped[int] = mapped_column(Integer, info=db.about("対象外", "Not applicable"))
    counted_at: Mapped[datetime] = columns.instant("集計日時", "Counted at")
