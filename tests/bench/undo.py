"""Undo a change set in a process of its own: undo.py NUMBER."""

import sys

from webapp.cli import database
from webapp.services.changes import door
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Author

if __name__ == "__main__":
    with database.bound():
        outcome = door.undo(int(sys.argv[1]), Author("bench"), "measured")
        if not isinstance(outcome, Applied):
            raise SystemExit(repr(outcome))
