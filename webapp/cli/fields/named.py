"""The one company that somebody names by a code, a name or #NUMBER."""

import click
from sqlalchemy import select

from webapp import db
from webapp.lists import search
from webapp.models.company import Company
from webapp.words.speech import Speech


def number(text: str, speech: Speech) -> int:
    """Its number; raises ClickException where none or several are named so."""
    numbers = db.session.scalars(select(Company.id).where(search.company_named(text)).limit(2)).all()
    if len(numbers) != 1:
        raise click.ClickException(speech.gettext("“%(word)s” does not name exactly one company.", word=text))
    return int(numbers[0])
