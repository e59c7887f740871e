"""What the revisions up to a statement have made: what nobody can use yet, and what is required already."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from migrations.release_step.revisions import clauses, statements
from migrations.release_step.revisions.filling import Recipe
from migrations.release_step.revisions.statements import NAME

NAMED = re.compile(rf"CONSTRAINT {NAME} (?P<rule>.+)", re.IGNORECASE)
TYPED = re.compile(
    rf"{NAME} (?P<type>.+?)"
    r"(?= (?:DEFAULT|NOT NULL|NULL|GENERATED|CONSTRAINT|CHECK|REFERENCES|PRIMARY|UNIQUE|COLLATE)\b|$)",
    re.IGNORECASE,
)
MADE = re.compile(
    r"CREATE (?:OR REPLACE )?(?:TEMP(?:ORARY)? |UNLOGGED |RECURSIVE )*"
    r"(?P<kind>TABLE|VIEW|MATERIALIZED VIEW|SEQUENCE|DOMAIN|TYPE|FUNCTION|PROCEDURE|SCHEMA) "
    rf"(?:IF NOT EXISTS )?{NAME}",
    re.IGNORECASE,
)
ONE_OF = re.compile(
    r"\(*(?P<column>\w+)\)?(?:::\w+)? (?:IN|= ANY) ?\(+(?:ARRAY\[)?(?P<values>[^()\]]*)[\])]", re.I
)
UNPROVEN = re.compile(r" NOT VALID\s*$", re.IGNORECASE)
REFUSES = re.compile(
    r"\bRAISE\b(?!\s+(?:NOTICE|INFO|LOG|DEBUG|WARNING)\b)[^;]*|\bASSERT\b[^;]*|\bRETURN\s+NULL\b",
    re.IGNORECASE,
)
LITERAL = re.compile(r"'(?:[^']|'')*'|-?\d+(?:\.\d+)?")


@dataclass(slots=True)
class NewColumn:
    """A column that the revision adds: old code leaves it out."""

    is_required: bool = False
    is_filled: bool = False


@dataclass(slots=True)
class Scope:
    """One revision's view; `checks` lives on from revision to revision, the rest is its own."""

    # (table, constraint) -> its rule, and whether it has been validated.
    checks: dict[tuple[str, str], tuple[str, bool]]
    # What in a function's body may refuse what is written.
    functions: dict[str, Counter[str]]
    # (table, column) -> its type, and what stands in the brackets of CREATE TABLE: for the way back.
    types: dict[tuple[str, str], str] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    columns: dict[tuple[str, str], NewColumn] = field(default_factory=dict)
    made_functions: set[str] = field(default_factory=set)
    # What a constraint said that this revision dropped: one that comes back wider refuses nothing more.
    dropped: dict[tuple[str, str], str] = field(default_factory=dict)
    # Columns that became NOT NULL: whether a validated constraint had asked for them.
    required: dict[tuple[str, str], bool] = field(default_factory=dict)
    # The safe ways to make the changes that the revision makes.
    recipes: Sequence[Recipe] = ()

    def next(self) -> "Scope":
        """The view of the next revision."""
        return Scope(self.checks, self.functions, self.types, self.bodies)

    def is_made(self, name: str) -> bool:
        return statements.bare(name) in self.made

    def note(self, sql: str) -> None:
        """Take in what a statement makes as a whole: a table with its constraints, a function, a type."""
        if (match := MADE.match(clauses.plain(sql))) is None:
            return
        name, kind = statements.bare(match[2]), match["kind"].upper()
        if kind in ("FUNCTION", "PROCEDURE"):
            if name not in self.functions:
                self.made_functions.add(name)
            self.functions[name] = refusals(sql)
            return
        self.made.add(name)
        if kind == "TABLE":
            self.bodies[name] = " ".join(clauses.bracket(sql).split())
            for part in clauses.parts(self.bodies[name]):
                if constraint := NAMED.match(part):
                    self.add(name, statements.bare(constraint[1]), constraint["rule"])
                elif column := TYPED.match(part):
                    self.types[name, statements.bare(column[1])] = column["type"]

    def add(self, table: str, name: str, rule: str) -> None:
        bare = UNPROVEN.sub("", rule)
        self.checks[table, name] = (bare, bare == rule)

    def validate(self, table: str, name: str) -> None:
        if known := self.checks.get((table, name)):
            self.checks[table, name] = (known[0], True)

    def drop(self, table: str, name: str) -> None:
        self.dropped[table, name] = self.checks.pop((table, name), ("", True))[0]

    def requires(self, table: str, column: str, *, is_valid: bool = False) -> bool:
        """Whether a constraint asks for the column already."""
        wanted = re.compile(rf"CHECK ?\(+\"?{re.escape(column)}\"? IS NOT NULL\)+", re.IGNORECASE)
        return any(
            of == table and (valid or not is_valid) and wanted.fullmatch(" ".join(rule.split()))
            for (of, _), (rule, valid) in self.checks.items()
        )

    def is_wider(self, table: str, name: str, rule: str) -> bool:
        """Whether a constraint allows all that the dropped one of its name did: the same, or a longer list."""
        old = self.dropped.get((table, name))
        if not old:
            return False
        before, after = _shape(old), _shape(rule)
        return before[0] == after[0] and before[1] <= after[1]

    def settles(self, phase: str) -> set[str]:
        """Rules of squawk, which reads one revision alone, that what came before or comes after in it has settled."""
        settled = (
            {"ban-drop-column", "ban-drop-table", "ban-drop-view", "ban-drop-constraint"}
            if phase == "contract"
            else set()
        )
        if self.required and all(self.required.values()):
            settled.add("adding-not-nullable-field")
        if self.dropped and all(key in self.checks or self._is_needless(*key) for key in self.dropped):
            settled.add("ban-drop-constraint")
        return settled

    def _is_needless(self, table: str, name: str) -> bool:
        """Whether a constraint asked for what its column's NOT NULL asks for now."""
        match = re.match(r"CHECK ?\(+\"?(\w+)\"? IS NOT NULL\)+$", self.dropped[table, name], re.IGNORECASE)
        return match is not None and (table, match[1]) in self.required


def refusals(sql: str) -> Counter[str]:
    """What in a function's body refuses a write, or lets it vanish, and how often."""
    return Counter(" ".join(match[0].split()) for match in REFUSES.finditer(sql))


def _shape(rule: str) -> tuple[str, frozenset[str]]:
    """A rule without the values of its list, and these; of another rule all, and none."""
    bare = UNPROVEN.sub("", " ".join(rule.split()))
    listed = list(ONE_OF.finditer(bare))
    if len(listed) != 1 or re.search(r"\b(?:NOT|CASE)\b", bare, re.IGNORECASE):
        return bare, frozenset()
    values = frozenset(LITERAL.findall(listed[0]["values"]))
    around = bare[: listed[0].start()] + bare[listed[0].end() :]
    # A list alone is the same however it is spelled: PostgreSQL keeps IN as = ANY.
    if re.sub(r"::[\w ]+(?:\[\])?|[() ]", "", around).upper() == "CHECK":
        return f"CHECK {listed[0]['column']}", values
    span = listed[0].span("values")
    return bare[: span[0]] + bare[span[1] :], values
