"""Who decides on a change: one table of whose word is enough for which kind of change."""

from collections.abc import Mapping

from webapp.rules import change
from webapp.services.changes.proposals import Author

# What a filing says whose zip is stored: whoever doubts a figure can read it there again, by element and context.
READ_FROM_FILINGS = "read from filings"
OF_FILINGS = frozenset({"edinet-filing", "edinet-filings"})
WRITERS = frozenset({"steward", "approver", "admin"})
# Whose changes are applied at once, a line for each kind. A viewer makes none; the others' own word is enough, so far.
APPLIED_AT_ONCE: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(change.KIND.words, WRITERS),
    READ_FROM_FILINGS: WRITERS,
}


def kind_of(kind: str, kind_of_file: str | None) -> str:
    """The line of the policy that is about a change of this kind, which was read from a file of that kind."""
    return READ_FROM_FILINGS if kind == "import" and kind_of_file in OF_FILINGS else kind


def lets_through(author: Author, kind: str) -> bool:
    """Whether this author's change of this kind is applied without anybody else; otherwise it waits for a person.

    Nobody approves a change of their own: what is let through has no decider, and says that the policy decided.
    """
    if author.user_id is None:
        # The command line, the seed and the worker: whoever may start them may write everything.
        return True
    return author.role in APPLIED_AT_ONCE.get(kind, frozenset())


def is_somebody_else(decider: Author, author_id: int | None) -> bool:
    """Whether a person who is not the author decides; on the command line nobody has an account to tell by."""
    return decider.user_id is not None and decider.user_id != author_id
