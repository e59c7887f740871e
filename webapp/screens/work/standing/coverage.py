"""Coverage: which statements are expected and not there, since when, and what leads to them."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan, SpecialCell
from webapp.models.findings.expected_statement import ExpectedStatement
from webapp.rules import calendar
from webapp.rules.disclosure import expectation
from webapp.screens.record.base import READ_ONLY, RecordView, screen
from webapp.screens.work.standing import calendar_page, completeness_page
from webapp.services.accounts import permissions
from webapp.web import current_person
from webapp.web.speaking import speech
from webapp.words.speech import Speech


def days_late(expected: ExpectedStatement, _speech: Speech) -> int | None:
    """Since how many days it should have been handed in; nothing while it is in time, or where nobody owes it."""
    if expected.due_on is None or expected.state == expectation.AHEAD:
        return None
    return max((calendar.today() - expected.due_on).days, 0) or None


@screen(menu="Work", path="coverage", icon="filing", place=17)
class CoverageView(RecordView):
    """Documents that nobody has imported first, then what was due, latest first, then what will be."""

    rights = READ_ONLY | {"fields_view": permissions.READ, "calendar_view": permissions.READ}
    plan = ListPlan(
        ExpectedStatement,
        columns=(
            "company",
            "fiscal_year_end_on",
            "period_type",
            "period_end_on",
            "state",
            "due_on",
            "days_late",
            "filing",
        ),
        link="fiscal_year_end_on",
        searched=("company",),
        filtered=("state", "period_type", "company_id", "due_on", "fiscal_year_end_on"),
        sorts={"state": ("state", "due_on")},
        usual_order=("state", True),
        is_large=False,
        special={
            "days_late": SpecialCell(
                Label("超過日数", "Days late"), days_late, ("due_on", "state"), is_number=True
            ),
        },
    )
    form_plan = FormPlan(ExpectedStatement)
    empty = Label(
        "期限を過ぎた財務諸表も、取り込まれていない開示書類もありません。",
        "No statement is overdue, and every document has been imported.",
    )

    @expose("/fields/")
    def fields_view(self) -> ResponseReturnValue:
        """How complete the statements are that are there: by figure and by company."""
        return completeness_page.answer(self)

    @expose("/calendar/")
    def calendar_view(self) -> ResponseReturnValue:
        """What falls due in the next days."""
        return calendar_page.answer(self)

    def acts(self) -> list[tuple[str, str, str]]:
        """What falls due, how complete the rest is; and where documents are brought, for those who may."""
        acts = [
            (self.address(".calendar_view"), "history", speech().gettext("Calendar of deadlines")),
            (self.address(".fields_view"), "columns", speech().gettext("Completeness")),
        ]
        if permissions.allows(current_person.signed_in().role, permissions.IMPORT):
            acts.append((url_for("uploads.index"), "upload", speech().gettext("Import files")))
        return acts
