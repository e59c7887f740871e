"""What a report says twice: in its statements, and in its summary (主要な経営指標等の推移). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from webapp.files.edinet import rounding

# Our fields, and how the elements of a summary end.
SUMMARISED, OF_SUMMARY = ("revenue", "total_assets", "operating_cash_flow"), "SummaryOfBusinessResults"

# By what the place of a figure keeps what the summary says instead.
SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Summarised:
    """A figure that a report gives in a statement and in its summary, which is cut off below its unit."""

    scope: str
    accounting_standard: str
    field: str
    in_statement: Decimal
    in_summary: Decimal

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return abs(self.in_statement - self.in_summary) < rounding.unit_of([self.in_summary])


def otherwise(
    values: Mapping[str, Decimal | None], places: Mapping[str, Mapping[str, str]], said: Iterable[Summarised]
) -> dict[str, Mapping[str, str]]:
    """The places of a statement's figures, those with what its report's summary says of them that it says otherwise."""
    differing = {
        one.field: {**places[one.field], SUMMARY: f"{one.in_summary:f}"}
        for one in said
        if not one.agrees and one.field in places and values.get(one.field) == one.in_statement
    }
    return {**places, **differing}
