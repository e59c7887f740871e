"""Which companies a command means by their codes."""

from collections.abc import Sequence

import click
from sqlalchemy import or_, select

from webapp import db
from webapp.cli import speaking
from webapp.models.company import Company


def numbers_of(codes: Sequence[str]) -> list[int] | None:
    """The companies that have these securities codes or EDINET codes; None, which means all, where none is given."""
    if not codes:
        return None
    numbers: list[int] = []
    for code in codes:
        named = or_(Company.ticker_symbol == code, Company.edinet_code == code)
        known = db.session.scalars(select(Company.id).where(named)).all()
        if not known:
            sentence = speaking.chosen(None).gettext("No company has the code “%(code)s”.", code=code)
            raise click.ClickException(sentence)
        numbers += known
    return numbers
