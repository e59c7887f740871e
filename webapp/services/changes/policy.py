"""Who decides on a change: one table of whose word is enough for which kind of change."""

from collections.abc import Mapping

from webapp.rules import change
from webapp.services.changes.proposals import Author

EVERY_KIND = frozenset(change.KIND.words)
# Whose changes are applied at once, by role. A viewer makes none; the others' own word is enough, so far.
APPLIED_AT_ONCE: Mapping[str | None, frozenset[str]] = {
    "steward": EVERY_KIND,
    "approver": EVERY_KIND,
    "admin": EVERY_KIND,
}


def lets_through(author: Author, kind: str) -> bool:
    """Whether this author's change of this kind is applied without anybody else; otherwise it waits for a person.

    Nobody approves a change of their own: what is let through has no decider, and says that the policy decided.
    """
    if author.user_id is None:
        # The command line, the seed and the worker: whoever may start them may write everything.
        return True
    return kind in APPLIED_AT_ONCE.get(author.role, frozenset())


def is_somebody_else(decider: Author, author_id: int | None) -> bool:
    """Whether a person who is not the author decides; on the command line nobody has an account to tell by."""
    return decider.user_id is not None and decider.user_id != author_id
