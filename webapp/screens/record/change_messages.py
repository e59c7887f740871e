"""Say what came of a change, with its number, so that it can be looked at and undone."""

from flask import flash
from flask_babel import gettext

from webapp.models.change_set import ChangeSet

SUCCESS = "success"


def done(change_set: ChangeSet, sentence: str) -> None:
    """Say that something is stored; the message that is shown offers to undo it."""
    flash(sentence, f"{SUCCESS}:{change_set.id}")


def saved(change_set: ChangeSet) -> None:
    """A form was saved."""
    done(change_set, gettext("Saved as change set %(number)s.", number=f"#{change_set.id}"))


def saved_already(change_set: ChangeSet) -> None:
    """A form was sent again that had been saved before."""
    number = f"#{change_set.id}"
    done(change_set, gettext("This was saved already, as change set %(number)s.", number=number))


def deleted_already(change_set: ChangeSet) -> None:
    """A page of confirmation was sent again that had deleted before."""
    number = f"#{change_set.id}"
    done(change_set, gettext("This was deleted already, as change set %(number)s.", number=number))
