"""How complete the annual statements are: of each expected figure the share that is filled, by kind and by company."""

from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from flask import request, url_for

from webapp.lists import records
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.rules import calendar
from webapp.rules import statement as statement_rules
from webapp.rules.disclosure.expected_fields import LAYOUTS
from webapp.screens.record.screen import RecordScreen
from webapp.services.changes import row_codec
from webapp.services.checking import completeness
from webapp.web.speaking import speech
from webapp.words import labels, statement_labels
from webapp.words.statement_labels import Basis

# How far back the fiscal years ended that are looked at.
YEARS = (1, 3, 5, 10)
STANDARDS = {
    "jgaap": ("JGAAP",),
    "bank": ("JGAAP",),
    "securities": ("JGAAP",),
    "ifrs": ("IFRS", "JMIS"),
    "usgaap": ("USGAAP", "FOREIGN"),
}
FORMATS = {"bank": ("BNK", "INS"), "securities": ("SEC",)}


def answer(screen: RecordScreen) -> str:
    """The page for the scope and the years that the address says."""
    scopes = statement_rules.SCOPE.words
    scope = request.args.get("scope", scopes[0])
    scope = scope if scope in scopes else scopes[0]
    asked = request.args.get("years", "")
    years = int(asked) if asked in map(str, YEARS) else YEARS[0]
    # A year ended a year and a deadline ago at most.
    since = calendar.today() - timedelta(days=365 * years + 92)
    return screen.page(
        "quality/completeness.html",
        scopes=[(one, _word("scope", one), one == scope) for one in scopes],
        years=[(one, speech().ngettext("%(num)s year", "%(num)s years", one), one == years) for one in YEARS],
        layouts=_layouts(scope, since),
        companies=_companies(scope, since),
        most=completeness.MOST_COMPANIES,
    )


def _layouts(scope: str, since: date) -> list[dict[str, Any]]:
    columns: Any = row_codec.table_of(FinancialStatement).columns
    return [
        {
            "label": speech().say(LAYOUTS[one.name].label),
            "number": one.number,
            "fields": [
                (
                    speech().say(statement_labels.called(columns[field], _basis(one.name, scope))),
                    percent(filled, one.number),
                    one.number - filled,
                    _without(field, one.name, scope, since) if filled < one.number else None,
                )
                for field, filled in sorted(one.filled.items(), key=lambda pair: pair[1])
            ],
        }
        for one in completeness.by_field(scope, since)
    ]


def _basis(layout: str, scope: str) -> Basis:
    """By which standard, scope and format the figures of a kind are called: of several by the first."""
    formats = FORMATS.get(layout, ())
    return Basis(STANDARDS[layout][0], scope, formats[0] if formats else None)


def _companies(scope: str, since: date) -> list[dict[str, Any]]:
    rows = completeness.by_company(scope, since)
    names = records.names_of(Company, [one.company_id for one in rows], speech())
    return [
        {
            "name": names[one.company_id],
            "url": url_for("companies.details_view", id=one.company_id),
            "statements": one.statements,
            "share": percent(one.filled, one.expected),
            "lacking": one.expected - one.filled,
        }
        for one in rows
    ]


def percent(part: int, whole: int) -> str:
    """A share cut off below a tenth of a percent, so that what is not whole never looks whole."""
    share = (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_DOWN)
    return f"{share} %"


def _without(field: str, layout: str, scope: str, since: date) -> str:
    """The list of those statements in which a figure is blank."""
    conditions = [
        (f"{field}_empty", "1"),
        ("is_current_is", "1"),
        ("period_type_is", "FY"),
        ("scope_is", scope),
        ("fiscal_year_end_on_from", (since + timedelta(days=1)).isoformat()),
        *(("accounting_standard_is", one) for one in STANDARDS[layout]),
        *(("industry_format_is", one) for one in FORMATS.get(layout, ())),
    ]
    if layout == "jgaap":
        conditions += [("industry_format_not", one) for formats in FORMATS.values() for one in formats]
    asked: dict[str, Any] = {f"flt{place}_{name}": value for place, (name, value) in enumerate(conditions)}
    return url_for("statements.index_view", **asked)


def _word(column: str, value: str) -> str:
    columns: Any = row_codec.table_of(FinancialStatement).columns
    return labels.word(columns[column], value, speech())
