"""The page of a filing's facts, and the way from a figure to its fact on it."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from webapp.lists.plan import ListPlan
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.screens.record import forms
from webapp.screens.record.screen import RecordScreen
from webapp.screens.statements import filing_names, named_places, shown_traces, tracing
from webapp.screens.statements.fact_rows import KINDS, PARTS, Asked, FactRows
from webapp.screens.statements.shown_traces import ShownTrace
from webapp.services.accounts import permissions
from webapp.services.intake.tracing import figure_traces, filed_figures
from webapp.services.intake.tracing.figure_traces import Traced
from webapp.services.intake.tracing.filed_figures import FilingFacts
from webapp.web import current_person
from webapp.web.speaking import speech
from webapp.words import record_names

# What the address of a page of facts takes along, beside the filing.
KEPT = ("figure", "url", "part", "kind", "search")


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """The facts of the filing of an id, or of that in which a figure stands."""
    figure = tracing.asked()
    traced = None if figure is None else figure_traces.of(figure.statement, figure.field)
    doc_id = request.args.get("id") or (traced.trace.doc_id if traced is not None else None)
    if doc_id is None and figure is not None:
        flash(speech().gettext("No document is known of this figure."), "warning")
        return redirect(tracing.place_of(figure))
    filing = screen.get_one(doc_id)
    if filing is None:
        return forms.missing(screen)
    return _page(screen, filing, traced)


def _page(screen: RecordScreen, filing: Filing, traced: Traced | None) -> str:
    trace = None if traced is None else shown_traces.of(traced.trace, plan_of_statements(screen), speech())
    is_its_own = traced is not None and traced.filing is not None and traced.filing.doc_id == filing.doc_id
    facts = traced.filing if traced is not None and is_its_own else filed_figures.of(filing.doc_id)
    return screen.page(
        "filings/facts.html",
        filing=filing,
        name=record_names.of(filing, speech()),
        **filing_names.heading(filing, speech()),
        viewer=tracing.viewer_of(filing.doc_id),
        trace=trace,
        **(_facts(screen, facts, trace) if facts is not None else _places(screen, filing)),
    )


def _facts(screen: RecordScreen, facts: FilingFacts, trace: ShownTrace | None) -> Mapping[str, Any]:
    here = frozenset() if trace is None else trace.lines
    rows = FactRows(facts, Asked.of_request(), plan_of_statements(screen), here)
    given = {name: value for name in KEPT if (value := request.args.get(name))}

    def address_of(**other: Any) -> str:
        """The same page otherwise; what is None is left out."""
        asked = {"id": facts.doc_id, **given, **other}
        return screen.address(".facts_view", **{name: one for name, one in asked.items() if one})

    spoken = speech()
    return {
        "facts": rows,
        "parts": [(part, spoken.say(PARTS[part]), number) for part, number in rows.numbers.items()],
        "kinds": [(kind, spoken.gettext(word)) for kind, word in KINDS.items()],
        "address_of": address_of,
    }


def _places(screen: RecordScreen, filing: Filing) -> Mapping[str, Any]:
    """Without the zip: what statements themselves say of where their figures stand."""
    return {
        "facts": None,
        "places": named_places.of(filing.doc_id, plan_of_statements(screen), speech()),
        "may_import": permissions.allows(current_person.signed_in().role, permissions.IMPORT),
    }


def plan_of_statements(screen: RecordScreen) -> ListPlan:
    """How the figures of statements are called and shown."""
    return screen.siblings[FinancialStatement].plan
