"""Where a figure's fact is shown, and where a fact's figure is: addresses, which cost no statement."""

import re
from typing import NamedTuple

from flask import request, url_for

from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import revisions
from webapp.web import way_back as packing

STATEMENT = "statements.details_view"
FIGURE = re.compile(r"(?P<number>[0-9]{1,18})\.(?P<field>[a-z_]{1,63})", re.ASCII)
# EDINET's own viewer (書類閲覧), by the document id.
VIEWER = "https://disclosure2.edinet-fsa.go.jp/WZEK0040.aspx?{},,"


class Figure(NamedTuple):
    """One figure of a stored statement."""

    statement: FinancialStatement
    field: str

    @property
    def text(self) -> str:
        """How it stands in an address."""
        return f"{self.statement.id}.{self.field}"


def address_of(statement: FinancialStatement, field: str) -> str | None:
    """The address of the fact that a figure follows from; None where there is no figure, or no document of it."""
    is_filed = statement.filing_doc_id is not None or field in statement.sources
    if field not in revisions.FIGURES or getattr(statement, field) is None or not is_filed:
        return None
    # A page that shows the statement otherwise than its own address does is come back to.
    is_otherwise = request.endpoint == STATEMENT and request.args.keys() - {"id", "url"}
    here = packing.packed(f"{request.script_root}{request.full_path}") if is_otherwise else None
    return url_for("filings.facts_view", figure=Figure(statement, field).text, url=here)


def anchor_of(field: str) -> str:
    """What a figure's link is called on the page of its statement, so that one comes back to it."""
    return f"figure-{field}"


def place_of(figure: Figure) -> str:
    """The address of a figure on the page of its statement."""
    return url_for(STATEMENT, id=figure.statement.id, _anchor=anchor_of(figure.field))


def way_back(figure: Figure) -> str:
    """From its fact back to a figure, as it was shown where one came from."""
    shown = packing.safe_next(request.args.get("url"))
    return place_of(figure) if shown is None else f"{shown.partition('#')[0]}#{anchor_of(figure.field)}"


def asked() -> Figure | None:
    """The figure that the address of this request names; None where it names none that is stored."""
    match = FIGURE.fullmatch(request.args.get("figure", ""))
    if match is None or match["field"] not in revisions.FIGURES:
        return None
    statement = db.session.get(FinancialStatement, int(match["number"]))
    return None if statement is None else Figure(statement, match["field"])


def viewer_of(doc_id: str) -> str:
    """Where EDINET shows a document itself."""
    return VIEWER.format(doc_id)
