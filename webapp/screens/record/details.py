"""What the page of one record shows: its values in the sections of its form, and after them the rest of the table."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from webapp.lists.plan import ListPlan
from webapp.screens.record import history, shown_columns
from webapp.screens.record.history import Mark
from webapp.screens.record.screen import RecordScreen
from webapp.screens.record.shown_columns import LinkOf
from webapp.web.speaking import speech
from webapp.words import record_names, statement_labels
from webapp.words.speech import Speech

NOTHING: frozenset[str] = frozenset()


class Fact(NamedTuple):
    """A value with its label and unit, and whose word it is where a steward set it."""

    label: str
    unit: str
    value: Any
    mark: Mark | None = None


class Section(NamedTuple):
    """Facts under a heading; none heads what no section names."""

    heading: str | None
    facts: Sequence[Fact]
    # What has no value, by its labels in one line.
    blanks: str = ""


def gathered(heading: str | None, facts: Sequence[Fact], spoken: Speech) -> Section:
    """A section of the facts that say something; those that do not are named together."""
    known = [fact for fact in facts if (fact.value is not None and fact.value != "") or fact.mark]
    blanks = [fact.label for fact in facts if fact not in known]
    return Section(heading, known, spoken.listed(blanks))


def page(screen: RecordScreen, record: Any, template: str = "admin/model/details.html", **more: Any) -> str:
    """One record with its history and what belongs to it; a screen that shows more has a template that extends it."""
    context = {
        "model": record,
        "name": record_names.of(record, speech()),
        "return_url": screen.return_url(),
        "history": history.of_row(record),
        "related": screen.related(record),
        **more,
    }
    if "sections" not in context:
        context["sections"] = sections(screen, record, speech())
    return screen.page(template, **context)


def sections(
    screen: RecordScreen,
    record: Any,
    spoken: Speech,
    *,
    marks: Mapping[str, Mark] | None = None,
    but: frozenset[str] = NOTHING,
) -> list[Section]:
    """Every value of a record that may be seen, `but` those of these columns; its marks where they are known."""
    plan, link_of = screen.plan, screen.links()
    of_row = history.marks(record) if marks is None else marks
    columns = [column.name for column in plan.table_columns if column.name not in plan.hidden | but]
    titled = []
    for title, names in screen.form_plan.sections:
        shown = [name for name in names if name in columns]
        facts = [fact(plan, record, name, spoken, link_of)._replace(mark=of_row.get(name)) for name in shown]
        titled += [gathered(spoken.say(title), facts, spoken)] if facts else []
    named = {name for _title, names in screen.form_plan.sections for name in names}
    others = [name for name in columns if name not in named]
    rest = [fact(plan, record, name, spoken, link_of)._replace(mark=of_row.get(name)) for name in others]
    return [*titled, gathered(spoken.gettext("More") if titled else None, rest, spoken)] if rest else titled


def fact(plan: ListPlan, record: Any, name: str, spoken: Speech, link_of: LinkOf) -> Fact:
    """One value of a record."""
    column = plan.column_of(name)
    basis = statement_labels.of_record(record)
    unit = None if column is None else statement_labels.unit_of(column, basis)
    value = shown_columns.exact_cell(plan, name, spoken, link_of)(record)
    return Fact(
        spoken.say(plan.label_of(name, basis)),
        "" if unit is None else spoken.in_brackets("", spoken.say(unit)),
        value,
    )
