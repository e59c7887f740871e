"""SQL scripts as single statements: what each one is, which table it locks, and how strongly."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"--[^\n]*|/\*.*?\*/|(?<!\w)[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\$(\w*)\$.*?\$\1\$|;"
    r"|(?:(?!(?<!\w)[eE]')[^;'\"$/-])+|.",
    re.DOTALL,
)
NAME = r'(?:(?:"[^"]+"|\w+)\.)?("[^"]+"|\w+)'

ACCESS_EXCLUSIVE = "ACCESS EXCLUSIVE"
SHARE_ROW_EXCLUSIVE = "SHARE ROW EXCLUSIVE"
SHARE = "SHARE"
SHARE_UPDATE_EXCLUSIVE = "SHARE UPDATE EXCLUSIVE"
ROW_EXCLUSIVE = "ROW EXCLUSIVE"

# The first pattern that fits decides; see "Explicit Locking" in PostgreSQL's manual.
LOCKS: tuple[tuple[str, str], ...] = (
    (rf"CREATE (?:UNIQUE )?INDEX CONCURRENTLY\b.*?\bON (?:ONLY )?{NAME}", SHARE_UPDATE_EXCLUSIVE),
    (rf"CREATE (?:UNIQUE )?INDEX\b.*?\bON (?:ONLY )?{NAME}", SHARE),
    (rf"DROP INDEX CONCURRENTLY (?:IF EXISTS )?{NAME}", SHARE_UPDATE_EXCLUSIVE),
    (rf"REINDEX (?:\w+ )?CONCURRENTLY {NAME}", SHARE_UPDATE_EXCLUSIVE),
    (rf"ALTER TABLE (?:ONLY )?{NAME} VALIDATE CONSTRAINT\b", SHARE_UPDATE_EXCLUSIVE),
    (rf"ALTER TABLE (?:ONLY )?{NAME} ALTER (?:COLUMN )?\S+ SET STATISTICS\b", SHARE_UPDATE_EXCLUSIVE),
    (rf"ALTER TABLE (?:ONLY )?{NAME} ATTACH PARTITION\b", SHARE_UPDATE_EXCLUSIVE),
    (rf"ALTER TABLE (?:ONLY )?{NAME} DETACH PARTITION \S+ CONCURRENTLY", SHARE_UPDATE_EXCLUSIVE),
    (rf"ALTER TABLE (?:ONLY )?{NAME} ADD (?:CONSTRAINT \S+ )?FOREIGN KEY\b", SHARE_ROW_EXCLUSIVE),
    (rf"ALTER TABLE (?:ONLY )?{NAME} (?:EN|DIS)ABLE TRIGGER\b", SHARE_ROW_EXCLUSIVE),
    (rf"ALTER (?:TABLE|INDEX|VIEW) (?:IF EXISTS )?(?:ONLY )?{NAME}", ACCESS_EXCLUSIVE),
    (rf"CREATE (?:OR REPLACE )?(?:CONSTRAINT )?TRIGGER\b.*?\bON {NAME}", SHARE_ROW_EXCLUSIVE),
    (rf"DROP TRIGGER (?:IF EXISTS )?\S+ ON {NAME}", ACCESS_EXCLUSIVE),
    (rf"DROP (?:TABLE|INDEX|VIEW|MATERIALIZED VIEW) (?:IF EXISTS )?{NAME}", ACCESS_EXCLUSIVE),
    (rf"TRUNCATE (?:TABLE )?(?:ONLY )?{NAME}", ACCESS_EXCLUSIVE),
    (rf"VACUUM FULL (?:\w+ )*?{NAME}", ACCESS_EXCLUSIVE),
    (rf"VACUUM \([^)]*\bFULL\b[^)]*\) {NAME}", ACCESS_EXCLUSIVE),
    (rf"CLUSTER (?:VERBOSE )?{NAME}", ACCESS_EXCLUSIVE),
    (rf"LOCK (?:TABLE )?(?:ONLY )?{NAME}", ACCESS_EXCLUSIVE),
    (rf"REINDEX (?:TABLE|INDEX) {NAME}", ACCESS_EXCLUSIVE),
    (rf"COMMENT ON (?:TABLE|COLUMN|CONSTRAINT \S+ ON) {NAME}", SHARE_UPDATE_EXCLUSIVE),
    (rf"(?:INSERT INTO|DELETE FROM|UPDATE|MERGE INTO) (?:ONLY )?{NAME}", ROW_EXCLUSIVE),
)
CREATED_TABLE = re.compile(rf"CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?{NAME}", re.IGNORECASE)
GIVES_HISTORY = re.compile(rf"CREATE TRIGGER stamp_row\b.*?\bON {NAME}", re.IGNORECASE)
REFERENCED = re.compile(rf"\bREFERENCES {NAME}", re.IGNORECASE)
# How the release step marks its own statements in a script, so that a revision's are not taken for them.
OURS = "/* of the release step */"
BEGIN = f"BEGIN {OURS}"
COMMIT = f"COMMIT {OURS}"


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that a statement takes on something that others may use."""

    name: str
    mode: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, in one line, without comments."""

    sql: str
    is_in_transaction: bool

    def locks(self) -> list[Lock]:
        """What it locks, by the words it begins with; a new table's own lock stands in nobody's way."""
        if CREATED_TABLE.match(self.sql):
            return [
                Lock(bare(name), SHARE_ROW_EXCLUSIVE) for name in dict.fromkeys(REFERENCED.findall(self.sql))
            ]
        for pattern, mode in LOCKS:
            if match := re.match(pattern, self.sql, re.IGNORECASE):
                referenced = REFERENCED.findall(self.sql) if self.sql.upper().startswith("ALTER") else []
                others = [Lock(bare(name), SHARE_ROW_EXCLUSIVE) for name in referenced]
                return [Lock(bare(match[1]), mode), *others]
        return []


def split(script: str) -> Iterator[Statement]:
    """The statements of a script, without the release step's transaction control and psql's own commands."""
    is_open = False
    for sql in _texts(script):
        if sql == BEGIN:
            is_open = True
        elif sql == COMMIT:
            is_open = False
        else:
            yield Statement(sql, is_open)


def is_ours(sql: str) -> bool:
    """Whether the release step itself wrote the statement."""
    return sql.endswith(OURS)


def created_tables(statements: list[Statement]) -> frozenset[str]:
    """Tables that the script itself makes: nobody waits for a lock on them."""
    found = (CREATED_TABLE.match(statement.sql) for statement in statements)
    return frozenset(bare(match[1]) for match in found if match)


def curated_tables(statements: list[Statement]) -> frozenset[str]:
    """Tables to which the script gives a history."""
    found = (GIVES_HISTORY.match(statement.sql) for statement in statements)
    return frozenset(bare(match[1]) for match in found if match)


def bare(name: str) -> str:
    """A name without its quotes."""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def _texts(script: str) -> Iterator[str]:
    parts: list[str] = []
    for token in TOKEN.finditer(re.sub(r"^\\.*$", "", script, flags=re.MULTILINE)):
        piece = token[0]
        if piece == ";":
            yield from _flushed(parts)
        elif piece == OURS:
            parts.append(piece)
        elif not piece.startswith(("--", "/*")):
            # Spaces in a literal or a body are its own; elsewhere they are layout.
            parts.append(piece if piece[0] in "'\"$" or piece[-1] == "'" else re.sub(r"\s+", " ", piece))
    yield from _flushed(parts)


def _flushed(parts: list[str]) -> list[str]:
    whole = "".join(parts).strip()
    parts.clear()
    return [whole] if whole else []
