"""What of a difference is drift, what is only told, and what is not looked at: README and `check` say the same."""

# Kinds of differences that are told and fail nothing; comments, but those of tables and columns, are among them.
NOTES = ("statistics target", "toast options", "cost and rows", "database setting")
COMMENTS = "comment on "

# Everything that somebody may change unseen, in the words of the manual.
NOT_COMPARED = (
    "owners",
    "grants and default privileges",
    "roles and their settings",
    "security labels",
    "other schemas",
    "extensions, their versions and what they brought",
    "rows",
    "where a sequence stands, unless it is behind its data",
    "the order of columns",
    "the names of NOT NULL constraints",
    "which inherited columns and constraints a table declares itself, too",
    "tablespaces",
    "user mappings, and how a subscription connects",
    "replication slots and origins",
    "large objects",
    "temporary tables",
    "collected statistics",
    "comments on what has no schema",
    "the database's own properties: its connection limit, whether it lets anybody in",
    "settings of the server",
)


def is_note(kind: str) -> bool:
    """Whether a difference of this kind is told without being drift."""
    return kind in NOTES or kind.startswith(COMMENTS)
