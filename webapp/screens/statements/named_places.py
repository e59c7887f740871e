"""Figures whose statement names the line of a filing: all there is to show where the filing itself is not stored."""

from typing import Any, NamedTuple

from webapp.lists.plan import ListPlan
from webapp.screens.record import shown_columns
from webapp.screens.statements import fact_rows, tracing
from webapp.screens.statements.tracing import Figure
from webapp.services.intake.tracing import figure_origins, filed_figures
from webapp.services.intake.tracing.figure_origins import Origin
from webapp.words import filed_contexts
from webapp.words.speech import Speech


class NamedPlace(NamedTuple):
    """A figure, with its address, and where it stands in the filing; `column`: its context in words."""

    url: str
    label: str
    statement: str
    value: Any
    origin: Origin
    column: str
    anchor: str


def of(doc_id: str, plan: ListPlan, spoken: Speech) -> list[NamedPlace]:
    """The figures of a filing's statements that name their element there."""
    return [
        NamedPlace(
            tracing.place_of(Figure(statement, name)),
            fact_rows.label_of(plan, Figure(statement, name), spoken),
            fact_rows.name_of(statement, spoken),
            shown_columns.exact_cell(plan, name, spoken, lambda _record: None)(statement),
            origin,
            filed_contexts.of(origin.context or "", spoken),
            Figure(statement, name).text,
        )
        for statement in filed_figures.statements(doc_id)
        for name, origin in _in_order(figure_origins.said(statement), plan)
        if origin.doc_id == doc_id
    ]


def _in_order(origins: Any, plan: ListPlan) -> list[tuple[str, Origin]]:
    """As the columns of statements stand."""
    names = (column.name for column in plan.table_columns)
    return [(name, origins[name]) for name in names if name in origins]
