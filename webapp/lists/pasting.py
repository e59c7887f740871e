"""Where a range of cells lies that is pasted over a list: its columns as the list shows them, in its unit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column

from webapp.lists.plan import ListPlan
from webapp.lists.returning import Names
from webapp.models import references
from webapp.services.intake.returned_columns import CODE, NAME, VALUE, Layout, ReturnedColumn
from webapp.words.cell_values import CellReader
from webapp.words.units import Unit

# Each line of the range is laid over a row of the list, which says what record that is.
NOWHERE = -1


class ShownNames(Names):
    """Records by what lists call them: by their whole names, or by the codes that lead these."""

    def meant(self, column: Column[Any], part: str, texts: Iterable[str]) -> Mapping[str, Sequence[Any]]:
        by_name = super().meant(column, part, texts)
        others = [text for text in texts if text not in by_name]
        if not others or not references.target_of(column).naming.is_led_by_code:
            return by_name
        return {**by_name, **super().meant(column, CODE, others)}


def layout(plan: ListPlan, names: Sequence[str], unit: Unit) -> Layout:
    """What stands under these columns of a list; those that are no column of its table are left out."""
    columns = [
        ReturnedColumn(
            column.name,
            place,
            column,
            NAME if name in plan.relations else VALUE,
            CellReader(column, unit),
        )
        for place, name in enumerate(names)
        if name not in plan.special and (column := plan.column_of(name)) is not None
    ]
    return Layout(plan.model, NOWHERE, columns, None, ShownNames())
