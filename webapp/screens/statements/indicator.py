"""Financial indicators: computed, so nobody types them; each value leads to how it was computed."""

from typing import Any

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from markupsafe import Markup

from webapp.forms.record_form import FormPlan
from webapp.indicators.formulas import BY_NAME
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.financial_indicator import IDENTITY, FinancialIndicator
from webapp.screens.record import details, forms
from webapp.screens.record.base import READ_ONLY, RecordView, screen
from webapp.screens.record.details import Fact, Section
from webapp.screens.statements import indicator_values, reckoning
from webapp.services.accounts import permissions
from webapp.web.speaking import speech
from webapp.words import formatters, record_names
from webapp.words.speech import Speech

# A value, and what stood in for a part of it.
NOTED = Markup('{} <span class="badge warn">{}</span>')


@screen(menu="Statements", path="indicators", icon="indicator", place=30)
class IndicatorView(RecordView):
    """Ratios of companies, latest first."""

    rights = READ_ONLY | {"formula_view": permissions.READ}
    plan = ListPlan(
        FinancialIndicator,
        columns=(
            "company",
            "as_of_on",
            "basis",
            "scope",
            "accounting_standard",
            "roe",
            "roa",
            "operating_margin",
            "net_margin",
            "equity_ratio",
            "per",
            "pbr",
            "dividend_yield",
            "market_cap",
        ),
        link="as_of_on",
        searched=("company",),
        filtered=("company_id", "as_of_on", "basis", "statement_id", "roe", "per", "pbr"),
        sorts={
            "as_of_on": ("as_of_on",),
            "company": IDENTITY,
            "basis": ("basis", "as_of_on"),
        },
        usual_order=("as_of_on", True),
        # `statuses` says the same of all of them.
        hidden=frozenset(f"{name}_status" for name in BY_NAME),
    )
    form_plan = FormPlan(
        FinancialIndicator,
        sections=(
            (
                Label("会社・基準日", "Company and date"),
                ("company_id", "as_of_on", "basis", "scope", "accounting_standard"),
            ),
            (Label("財務指標", "Indicators"), tuple(BY_NAME)),
            (
                Label("計算の入力", "What they are reckoned of"),
                (
                    "statement_id",
                    "prior_statement_id",
                    "price_on",
                    "shares_on",
                    "formula_version",
                    "computed_at",
                    "inputs_digest",
                ),
            ),
        ),
    )
    empty = Label(
        "指標は財務諸表と株価から計算され、入力はしません。まだ計算されたものがありません。",
        "Indicators are computed from statements and prices and never typed. None has been computed yet.",
    )

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """The indicators of one day, each with the way to how it was computed."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return forms.missing(self)
        return details.page(self, row, "indicators/details.html", sections=self._sections(row, speech()))

    @expose("/formula/")
    def formula_view(self) -> ResponseReturnValue:
        """How one indicator was computed: formula, inputs, the company's own figure, and its history."""
        row = self.get_one(request.args.get("id"))
        if row is None:
            return forms.missing(self)
        shown = reckoning.of(row, request.args.get("name", ""), speech())
        if shown is None:
            abort(404)
        return self.page(
            "indicators/formula.html",
            name=record_names.of(row, speech()),
            details_url=self.address(".details_view", id=row.id),
            **shown.context(),
        )

    def _sections(self, row: Any, spoken: Speech) -> list[Section]:
        """What the form names, with links; why an indicator has no value stands in its place."""
        link_of = self.links()
        titles = [spoken.say(title) for title, _names in self.form_plan.sections]
        about, facts, inputs = (
            [details.fact(self.plan, row, name, spoken, link_of) for name in names]
            for _title, names in self.form_plan.sections
        )
        facts = [self._as_in_lists(row, name, fact) for name, fact in zip(BY_NAME, facts, strict=True)]
        linked = [self._linked(row, name, fact) for name, fact in zip(BY_NAME, facts, strict=True)]
        known = [fact for name, fact in zip(BY_NAME, linked, strict=True) if getattr(row, name) is not None]
        unknown = [fact for fact in linked if fact not in known]
        return [
            details.gathered(titles[0], about, spoken),
            details.gathered(titles[1], known, spoken),
            details.gathered(spoken.gettext("Without a value"), unknown, spoken),
            details.gathered(titles[2], inputs, spoken),
        ]

    def _as_in_lists(self, row: Any, name: str, fact: Fact) -> Fact:
        """With as many decimals as there: every one that is stored stands where it is computed."""
        column = self.plan.column_of(name)
        assert column is not None
        return fact._replace(value=formatters.for_column(column, speech())(getattr(row, name)))

    def _linked(self, row: Any, name: str, fact: Fact) -> Fact:
        status = indicator_values.said_status(indicator_values.status_of(row, name), speech())
        value = status if fact.value is None else fact.value
        unit = "" if fact.value is None else fact.unit
        link = formatters.link(indicator_values.address(row.id, name), value)
        note = indicator_values.note_on(fact.value, row.statuses, name, speech())
        return fact._replace(value=link if note is None else NOTED.format(link, note), unit=unit)
