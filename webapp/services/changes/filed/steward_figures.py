"""What stewards set in the rows of one statement, what documents say there, and where a correction holds elsewhere.

Whoever corrects a figure means that our copy of what a document says was wrong. So it holds wherever the same is said;
where something else is said, people are told of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from webapp.models.financial_statement import FinancialStatement
from webapp.rules import change
from webapp.rules.fields import Saying
from webapp.rules.findings import Finding
from webapp.services.changes import revisions, row_codec, row_labels
from webapp.services.changes.filed import stored_figures
from webapp.services.changes.filed.statement_identities import Identity, is_restating
from webapp.services.changes.filed.stored_reports import Reader
from webapp.services.changes.following import steward_values
from webapp.services.changes.proposals import Wish
from webapp.services.changes.row_codec import Key

Row = Mapping[str, Any]
# Of a row the fields that were set by hand, and by which change sets.
SetByHand = Mapping[str, int]
BASE, DOCUMENT = revisions.BASE, revisions.DOCUMENT
# Of these columns a row that is laid over another one takes what that one has.
TAKEN_OVER = (
    "fiscal_year_start_on",
    "period_start_on",
    "period_end_on",
    "currency",
    "rounding_unit",
    "industry_format",
)
CARRIED = frozenset({*revisions.FIGURES, *TAKEN_OVER})
KEPT = Saying(
    "%(figure)s: kept the value entered by hand in the row that falls with %(document)s, %(value)s;"
    " the reports say %(filed)s"
).message
LOST = Saying(
    "%(figure)s: the value entered by hand in the row that falls with %(document)s, %(value)s, is not carried over;"
    " what stands says %(filed)s"
).message


class Left(NamedTuple):
    """A row that counts no more, or goes; `is_news`: by what is being done now."""

    row: Row
    is_news: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What a row is to hold, where of it stands that, and which of it was set by hand in another row, by whom."""

    values: dict[str, Any]
    sources: dict[str, Any] = field(default_factory=dict)
    carried: dict[str, int] = field(default_factory=dict)

    def take(self, name: str, value: Any, number: int) -> None:
        """Hold a value that was set by hand by this change set, and so is of no line of a document."""
        self.values[name], self.carried[name] = value, number
        self.sources.pop(name, None)


@dataclass(frozen=True, slots=True)
class Stewards:
    """What people set by hand in the stored rows of a statement, and what documents say, asked only where they did.

    `by_id`: all stored rows that those of the statement may be laid over. `left`: those that documents have left.
    """

    identity: Identity
    by_id: Mapping[int, Row]
    by_hand: Mapping[Key, SetByHand]
    reader: Reader
    left: Sequence[Left] = ()

    def set_in(self, row: Row) -> Row:
        """The fields of a stored row that were set by hand, with what they hold."""
        return {name: row[name] for name in self.by_hand.get((row["id"],), ())}

    def set_by(self, row: Row, name: str) -> int:
        """The change set by which such a field was set."""
        return self.by_hand[row["id"],][name]

    def corrections_for(self, row: Row | None, corrected: Row) -> Row:
        """What was corrected in another row and may hold in this one: but for what somebody has released here since."""
        by_hand = self.set_in(corrected)
        if row is None or not by_hand:
            return by_hand
        released = steward_values.handed_back(FinancialStatement, (row["id"],))
        return {
            name: value
            for name, value in by_hand.items()
            if released.get(name, 0) < self.set_by(corrected, name)
        }

    def as_filed(self, row: Row) -> Row | None:
        """What a row's own document says of the statement; of one that is laid over another, in single lines."""
        report = None if row[DOCUMENT] is None else self.reader.report(row[DOCUMENT])
        if report is None:
            return None
        statements = report.before if is_restating(row) else report.rows
        read = next((one for one in statements if self.identity.has(one)), None)
        if read is None:
            return None
        said = stored_figures.typed(read)
        if row[BASE] is None:
            return said
        lines = {name for name, place in read.places.items() if stored_figures.is_traced(place)}
        return {name: value for name, value in said.items() if name in lines}

    def filed_in(self, row: Row, name: str) -> Any:
        """What a stored row would hold if nobody had set this field by hand; None where nobody knows."""
        said: Any = None
        for one in reversed(list(self._down(row))):
            if name not in self.set_in(one):
                said = one[name]
                continue
            own = (self.as_filed(one) or {}).get(name)
            # What is in neither document is not compared.
            if one[BASE] is None or (own is not None and said is not None):
                said = own
        return said

    def _down(self, row: Row) -> Iterator[Row]:
        """A row and those over which it is laid, as far as somebody has set anything; no longer than there are rows."""
        below: Row | None = row
        for _step in range(len(self.by_id) + 1):
            if below is None:
                return
            yield below
            below = self.by_id.get(below[BASE]) if isinstance(below[BASE], int) else None

    def carry(self, doc_id: str | None, row: Row | None, figures: Figures) -> Iterator[Finding]:
        """Let corrections in rows that a document has left hold in its row, and say of each what becomes of it.

        What is set by hand in that row itself stays, and a figure that is so is of no line of the document. What
        somebody released in that row since is the document's again.
        """
        own = {} if row is None else self.set_in(row)
        for left in (one for one in self.left if one.row[DOCUMENT] == doc_id):
            for name, value in self.corrections_for(row, left.row).items():
                filed = figures.values.get(name)
                if name in own or name not in CARRIED or filed == value:
                    continue
                is_kept = filed == self.filed_in(left.row, name)
                if is_kept:
                    figures.take(name, value, self.set_by(left.row, name))
                if left.is_news:
                    yield self._remark(KEPT if is_kept else LOST, left.row, name, filed)

    def lost(self, gone: Sequence[Row], laid_by: AbstractSet[Any], instead: Row | None) -> Iterator[Finding]:
        """That corrections in rows that go or fall are in none that counts; `instead`: what counts now.

        `laid_by`: the documents that have laid another row over what stands.
        """
        falling = [one.row for one in self.left if one.is_news]
        left = {row["id"]: row for row in (*falling, *gone) if row[DOCUMENT] not in laid_by}
        for row in left.values():
            for name, value in self._corrected(row):
                stands = None if instead is None else instead.get(name)
                if stands != value:
                    remark = self._remark(LOST, row, name, stands)
                    wish = Wish(FinancialStatement, change.UPDATE, {}, (row["id"],))
                    yield row_labels.of_companys(remark, wish, row)

    def _corrected(self, row: Row) -> Iterator[tuple[str, Any]]:
        return ((name, value) for name, value in self.set_in(row).items() if name in CARRIED)

    def _remark(self, message: str, row: Row, name: str, filed: Any) -> Finding:
        column = row_codec.table_of(FinancialStatement).columns[name]
        said = {"value": row[name], "filed": filed}
        base = self.by_id.get(row[BASE], row)
        facts = row_labels.amounts(
            column, row, {place: one for place, one in said.items() if one is not None}
        )
        blank = {place: "—" for place, one in said.items() if one is None}
        named = {"figure": column.info["label"], "document": base[DOCUMENT] or "—"}
        return Finding(None, message, facts | blank | named, is_blocking=False)
