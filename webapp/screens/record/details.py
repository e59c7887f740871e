"""What the page of one record shows: its values in the sections of its form, and after them the rest of the table."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from webapp.forms.record_form import FormPlan
from webapp.lists.plan import ListPlan
from webapp.screens.record import shown_columns
from webapp.words import labels
from webapp.words.speech import Speech


class Fact(NamedTuple):
    """A value with its label and unit."""

    label: str
    unit: str
    value: Any


class Section(NamedTuple):
    """Facts under a heading; none heads what no section names."""

    heading: str | None
    facts: Sequence[Fact]


def sections(plan: ListPlan, form_plan: FormPlan, record: Any, speech: Speech) -> list[Section]:
    """Every value of a record that may be seen."""
    columns = [column.name for column in plan.table_columns if column.name not in plan.hidden]
    found = []
    for title, names in form_plan.sections:
        facts = [fact(plan, record, name, speech) for name in names if name in columns]
        found += [Section(speech.say(title), facts)] if facts else []
    named = {name for _title, names in form_plan.sections for name in names}
    rest = [fact(plan, record, name, speech) for name in columns if name not in named]
    return [*found, Section(speech.gettext("More") if found else None, rest)] if rest else found


def fact(plan: ListPlan, record: Any, name: str, speech: Speech) -> Fact:
    """One value of a record."""
    column = plan.column_of(name)
    unit = None if column is None else labels.unit_of(column)
    value = shown_columns.exact_cell(plan, name, speech)(record)
    return Fact(speech.say(plan.label_of(name)), "" if unit is None else speech.say(unit), value)
