"""Compute every indicator in a process of its own."""

from webapp import db
from webapp.cli import database
from webapp.services.changes.following import indicators

if __name__ == "__main__":
    with database.bound(), db.transaction():
        indicators.compute()
