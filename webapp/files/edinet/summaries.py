"""What a report says twice: in its statements, and in its summary (主要な経営指標等の推移). Pure."""

from dataclasses import dataclass
from decimal import Decimal

from webapp.files.edinet import rounding

# Our fields, and how the elements of a summary end.
SUMMARISED, OF_SUMMARY = ("revenue", "total_assets", "operating_cash_flow"), "SummaryOfBusinessResults"


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
