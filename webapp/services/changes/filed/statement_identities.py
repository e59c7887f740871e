"""Of which months, scope and standard a statement is, stored or read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from webapp.files.edinet.periods import Period
from webapp.files.edinet.statements import Statement
from webapp.rules.statement import SAME_MONTHS

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Identity:
    """Of which months, scope and standard of the filer's a statement is."""

    fiscal_year_end_on: Any
    period_type: str
    scope: str
    accounting_standard: str

    @classmethod
    def of(cls, row: Row) -> "Identity":
        """That of a stored statement."""
        return cls(*(row[name] for name in cls.__annotations__))

    def has(self, statement: Statement) -> bool:
        """Whether the scope and standard are those of what was read."""
        return (self.scope, self.accounting_standard) == (statement.scope, statement.accounting_standard)


def months(period_type: str) -> str:
    """What a period is called whoever reports it: Q2 and HY are the same six months."""
    return SAME_MONTHS.get(period_type, period_type)


def is_restating(row: Row) -> bool:
    """Whether a stored statement was made of what a later report says of a year before."""
    return row["based_on_id"] is not None or row["revision_type"] == "STD"


def of_read(period: Period, kind: str, statement: Statement) -> Identity:
    return Identity(period.fiscal_year_end_on, kind, statement.scope, statement.accounting_standard)


def is_of_months(identity: Identity, period: Period) -> bool:
    return identity.fiscal_year_end_on == period.fiscal_year_end_on and months(
        identity.period_type
    ) == months(period.type)


def is_same_months(one: Period, other: Period) -> bool:
    """Whether two periods are the same months, whatever they are called."""
    return (one.fiscal_year_end_on, one.end_on, months(one.type)) == (
        other.fiscal_year_end_on,
        other.end_on,
        months(other.type),
    )


def is_of(row: Row, period: Period) -> bool:
    return is_of_months(Identity.of(row), period) and row["period_end_on"] == period.end_on


def fallen(stored: Iterable[Row], identity: Identity, standing: Iterable[Row]) -> Sequence[Row]:
    """The rows of a statement that are laid over others and do not stand, in their order."""
    ids = {row["id"] for row in standing}
    of_statement = (row for row in stored if Identity.of(row) == identity)
    laid = (row for row in of_statement if row["based_on_id"] is not None and row["id"] not in ids)
    return sorted(laid, key=lambda row: row["revision_no"])


@dataclass(slots=True)
class Numbers:
    """The numbers of one statement's revisions. Rows of withdrawn documents stay, and keep theirs.

    `fallen`: what is laid over such a row, by document. What takes its place takes its number, too, and it the next
    one: on days on which nobody knew of the withdrawal it is the later of the two.
    """

    last: int
    fallen: dict[str, Row]

    @classmethod
    def among(cls, stored: Iterable[Row], identity: Identity, standing: Iterable[Row]) -> "Numbers":
        """Those of the statement's stored rows, of which some stand."""
        every = [row for row in stored if Identity.of(row) == identity]
        laid = {row["filing_doc_id"]: row for row in fallen(every, identity, standing)}
        return cls(max((row["revision_no"] for row in every), default=-1), laid)

    def take(self, laid_by: str | None) -> tuple[int, Row | None]:
        """The number of a new row, and which row passes it on; `laid_by`: the document that lays it over another."""
        self.last += 1
        row = self.fallen.pop(laid_by, None) if laid_by is not None else None
        return self.last if row is None else row["revision_no"], row
