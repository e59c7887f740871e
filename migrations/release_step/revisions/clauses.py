"""A statement's parts: its words without literals, its clauses, what is inside of it, the names in a condition."""

import itertools
import re
from collections.abc import Iterator

from migrations.release_step.revisions import statements
from migrations.release_step.revisions.statements import Statement

LITERAL = re.compile(r"[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
BODY = re.compile(r"\$(\w*)\$(?P<dollars>.*)\$\1\$|'(?P<quotes>(?:[^']|'')*)'", re.DOTALL)
# Words of PL/pgSQL behind which a statement may begin, and those that one begins with.
CONTROL = re.compile(r"\b(?:BEGIN|THEN|ELSE|LOOP|DECLARE)\b", re.IGNORECASE)
HEAD = re.compile(
    r"\b(?:ALTER|ANALYZE|CALL|CLUSTER|COMMENT|COMMIT|COPY|CREATE|DELETE|DISCARD|DROP|EXECUTE|GRANT|IMPORT|INSERT"
    r"|LOCK|MERGE|PERFORM|REFRESH|REINDEX|RESET|REVOKE|ROLLBACK|SECURITY|SELECT|SET|TRUNCATE|UPDATE|VACUUM|WITH)\b.*",
    re.IGNORECASE | re.DOTALL,
)
QUOTED_OR_WORD = re.compile(r'"(?:[^"]|"")*"|[^\W\d]\w*')
# Words of conditions that are no columns; what is called is told by its bracket, a type by its colons.
NO_COLUMNS = re.compile(
    r"and|or|not|is|null|in|like|ilike|similar|to|between|any|all|some|array|true|false|case|when"
    r"|then|else|end|distinct|from|unknown|collate|check|constraint|interval|date|timestamp|cast|as"
    r"|exists|row|at|time|zone|current_date|current_timestamp|escape|symmetric|normalized",
    re.IGNORECASE,
)


def plain(sql: str) -> str:
    """The statement in one line, its literals and bodies left empty: what is said in them is no word of SQL."""
    blanked = LITERAL.sub(lambda literal: "''" if literal[0][-1] == "'" else "$$", sql)
    return re.sub(r"\s+", " ", blanked).strip()


def parts(text: str) -> list[str]:
    """What commas part, outside of brackets and literals."""
    depth, start, found = 0, 0, []
    hidden = _hidden(text)
    hidden = re.sub(r'"[^"]*"', lambda name: "x" * len(name[0]), hidden)
    for place, sign in enumerate(hidden):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            found.append(text[start:place].strip())
            start = place + 1
    return [*found, text[start:].strip()]


def bracket(text: str) -> str:
    """What the first pair of brackets holds; blank without one."""
    hidden = _hidden(text)
    start, depth = hidden.find("("), 0
    for place in range(max(start, 0), len(hidden)):
        depth += (hidden[place] == "(") - (hidden[place] == ")")
        if depth == 0 and start >= 0:
            return text[start + 1 : place].strip()
    # A bracket that does not end speaks of what was not read, too.
    return f"{text[start + 1 :].strip()} unread" if start >= 0 else ""


def names(condition: str) -> set[str]:
    """The columns that a condition speaks of: its words that are no keyword, no function and no type."""
    found = set()
    bare = plain(condition)
    for word in QUOTED_OR_WORD.finditer(bare):
        before, after = bare[: word.start()], bare[word.end() :]
        is_other = after.lstrip()[:1] == "(" or before[-2:] == "::" or after[:1] == "."
        if not is_other and not NO_COLUMNS.fullmatch(word[0]):
            found.add(statements.bare(word[0]))
    return found


def body(sql: str) -> str | None:
    """What a DO block runs; None of another statement."""
    if not re.match(r"DO\b", sql, re.IGNORECASE) or (match := BODY.search(sql)) is None:
        return None
    return match["dollars"] if match["dollars"] is not None else match["quotes"].replace("''", "'")


def inner(statement: Statement) -> Iterator[Statement]:
    """The statements inside of a DO block, without the words that steer it; more of them rather than fewer."""
    for piece in statements.split(body(statement.sql) or ""):
        hidden = _hidden(piece.sql)
        ends = [0, *(place for match in CONTROL.finditer(hidden) for place in match.span()), len(hidden)]
        for start, end in itertools.pairwise(ends):
            if head := HEAD.search(hidden, start, end):
                sql = re.sub(r"\s+", " ", piece.sql[head.start() : end]).strip()
                yield Statement(sql, statement.is_in_transaction)


def _hidden(text: str) -> str:
    """A text of the same length in which nothing is said in literals."""
    return LITERAL.sub(lambda literal: "x" * len(literal[0]), text)
