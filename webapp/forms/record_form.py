"""The form of a screen: a field per editable column, in sections, with the reason and the version it was made from."""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask_admin.form import BaseForm
from sqlalchemy import Column
from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError

from webapp import db
from webapp.forms import fields, lookups
from webapp.forms.choices import ChoiceField
from webapp.forms.inputs import ColumnField
from webapp.label import Label
from webapp.models import references
from webapp.models.change_set import ChangeSet
from webapp.models.columns import STAMPS
from webapp.rules import change
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Moved
from webapp.words import numbers, record_names, statement_labels, units
from webapp.words.speech import Speech
from webapp.words.statement_labels import Basis
from webapp.words.units import YEN, Unit

Sections = tuple[tuple[Label, tuple[str, ...]], ...]
UNITS_SENT = {str(yen): unit for yen, unit in units.BY_YEN.items()}
# Screens and languages together; what is not asked for any more makes room.
KEPT = 100


# WTForms has no annotations, and every call of it would need a word about that.
AnyStringField: Any = StringField
AnyHiddenField: Any = HiddenField


class ReasonField(AnyStringField):  # type: ignore[misc]  # WTForms has no annotations
    """Why the change is made; it goes into the change set."""

    def __init__(self, speech: Speech, **options: Any) -> None:
        self.speech = speech
        label = speech.gettext("Reason for the change")
        super().__init__(label, render_kw={"maxlength": 1000}, **options)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = text or None

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  # WTForms' signature
        broken = change.REASON.broken_by(self.data) if self.data else None
        if broken is not None:
            raise ValidationError(self.speech.sentence(broken))


def new_token() -> str:
    """The token of a form that is opened: however often it is sent, it makes one change."""
    return secrets.token_hex(16)


def token_of(text: Any) -> str | None:
    """The token that a form was sent with; None where it has none, or something else in its place."""
    return text if isinstance(text, str) and change.SAVE_TOKEN.broken_by(text) is None else None


def version_of(sent: Any) -> int | None:
    """The version of a row that a page has sent; None where it is none."""
    return numbers.whole(str(sent or ""), most=9)


class RecordForm(BaseForm):
    """What every form of a record has beside its columns."""

    # What somebody else did to the record while this form was open.
    moved: Moved | None = None
    # The change set that this form made when it was sent before.
    repeats: ChangeSet | None = None

    row_version = AnyHiddenField()
    save_token = AnyHiddenField()
    # The unit in which the amounts of money of this page are typed, as so many yen.
    figures_unit = AnyHiddenField()
    # Each form has one in its language; None where nobody is asked why.
    change_reason: Any
    # The column that names that unit, where the record has one.
    unit_column: Column[Any] | None = None
    speech: Speech
    _is_unit_known = True

    def process(  # type: ignore[override]  # WTForms has no annotations
        self, formdata: Any = None, obj: Any = None, **more: Any
    ) -> None:
        """Fill the form: as sent, in the unit that the page was shown in; otherwise as stored, in the record's own.

        What was sent and says no unit is in yen. `figures_unit` (so many yen) chooses one for a form that is not sent.
        """
        asked = more.pop("figures_unit", None)
        unit = self._sent_unit(formdata) if formdata is not None else self._own_unit(obj, asked)
        for field in self.columns():
            if units.is_money(field.column) and isinstance(field, fields.NumberField):
                field.show_in(unit)
        super().process(formdata, obj, **more)  # type: ignore[no-untyped-call]  # WTForms has no annotations
        self.figures_unit.data = str(unit.yen)

    def _sent_unit(self, formdata: Any) -> Unit:
        sent = formdata.get("figures_unit", str(YEN.yen))
        self._is_unit_known = sent in UNITS_SENT
        return UNITS_SENT.get(sent, YEN)

    def _own_unit(self, obj: Any, asked: int | None) -> Unit:
        column = self.unit_column
        if asked is None and column is not None:
            default: Any = column.default
            asked = default.arg if obj is None else getattr(obj, column.name)
        return units.BY_YEN.get(asked or YEN.yen, YEN)

    def is_valid(self) -> bool:
        """Whether everything that was sent may be stored; otherwise the reasons stand at the fields."""
        is_valid = bool(self.validate())  # type: ignore[no-untyped-call]  # WTForms has no annotations
        if not self._is_unit_known:
            self.say(self.speech.gettext("This form is incomplete. Open the record again."))
        return is_valid and self._is_unit_known

    def columns(self) -> Iterator[ColumnField]:
        """The fields that stand for columns."""
        for field in self:
            if isinstance(field, ColumnField):
                yield field

    def unseen(self) -> list[Any]:
        """The fields that nobody sees."""
        return [field for field in self if _is_hidden(field)]

    def named(self, names: Iterable[str]) -> list[Any]:
        """Those of these fields that the form has."""
        return [self[name] for name in names if name in self]

    def in_no_section(self, sections: Sections) -> list[Any]:
        """The fields that somebody sees and no section names; the reason has a place of its own."""
        named = {"change_reason", *(name for _title, names in sections for name in names)}
        return [field for field in self if field.name not in named and not _is_hidden(field)]

    def values(self) -> dict[str, Any]:
        """Column name -> typed value, of a form that has been validated."""
        return {field.name: field.data for field in self.columns()}

    def base_version(self) -> int | None:
        """The version of the row that the form was filled from; None where the page did not send it."""
        return version_of(self.row_version.data)

    def token(self) -> str | None:
        """The token of this form; None where the page did not send it."""
        return token_of(self.save_token.data)

    def stored_as(self) -> str:
        """What pages may say of this form once it is stored: it tells no one its token. Blank where it has none."""
        token = self.token()
        return "" if token is None else hashlib.sha256(token.encode()).hexdigest()[:32]

    def say(self, message: str) -> None:
        """Say something about the record as a whole."""
        self.form_errors = [*self.form_errors, message]


def _is_hidden(field: Any) -> bool:
    return getattr(field.widget, "input_type", None) == "hidden"


@dataclass(frozen=True, slots=True)
class FormPlan:
    """What a form is made of: the table, its sections, and the columns that nobody types."""

    model: type[db.Base]
    sections: Sections = ()
    read_only: frozenset[str] = frozenset()
    # The column that says in how many yen the record's amounts are typed.
    figures_in: str | None = None

    def editable(self) -> list[Column[Any]]:
        """The columns that somebody types, as the table has them."""
        table = row_codec.table_of(self.model)
        closed = self.read_only | STAMPS
        return [column for column in table.columns if column.name not in closed and column.identity is None]


@lru_cache(maxsize=KEPT)
def form_class(plan: FormPlan, speech: Speech, *, is_new: bool) -> type[RecordForm]:
    """The form in one language; the key is typed once, when the record is made.

    Raises KeyError if a section names no such column.
    """
    columns = {column.name: column for column in plan.editable()}
    names = [name for _title, part in plan.sections for name in part]
    names += [name for name in columns if name not in names]
    asked = {
        name: (lookups if columns[name].foreign_keys else fields).for_column(columns[name], speech)
        for name in names
        if name not in plan.read_only and (is_new or not columns[name].primary_key)
    }
    facts = {"speech": speech, "unit_column": columns[plan.figures_in] if plan.figures_in else None}
    return type("FormOfARecord", (RecordForm,), {"change_reason": ReasonField(speech), **facts, **asked})


def of_one(whole: type[RecordForm], name: str) -> type[RecordForm]:
    """The form with one of its columns alone, and the reason; its amounts are in yen, or as whoever fills it says."""
    return of_some(whole, (name,))


def of_some(whole: type[RecordForm], names: Sequence[str]) -> type[RecordForm]:
    """The form with some of its columns alone, and the reason."""
    parts = ("change_reason", "speech", *names)
    return type("FormOfColumns", (RecordForm,), {part: getattr(whole, part) for part in parts})


def _know_currency(form: RecordForm, field: ColumnField, currency: str) -> None:
    """Tell a field of money, and that of the unit in which it is typed, of which currency it is."""
    if isinstance(field, fields.NumberField):
        field.count_in(currency)
    elif isinstance(field, ChoiceField) and field.column is form.unit_column:
        if currency == units.JPY and field.called is None:
            return
        known = {str(yen): unit.in_currency(currency) for yen, unit in units.BY_YEN.items()}
        field.called = {word: field.speech.say(known[word]) for word in field.question.words}


@dataclass(frozen=True, slots=True)
class CountedIn:
    """In what a statement's amounts are counted: what each unit of its currency is called, by so many yen.

    `per_share`: the fields whose amounts are in whole ones of it.
    """

    units: Mapping[str, str]
    per_share: Sequence[str]


def count_as_typed(form: RecordForm) -> CountedIn | None:
    """Count a statement's amounts in the currency that is typed; None where there are none, or that is no currency."""
    amounts = [field for field in form.columns() if statement_labels.is_of_currency(field.column)]
    typed = next((field for field in form.columns() if field.name == "currency"), None)
    if not amounts or typed is None or typed.errors:
        return None
    currency = typed.data or units.JPY
    for field in form.columns():
        _know_currency(form, field, currency)
    called = {str(yen): form.speech.say(unit.in_currency(currency)) for yen, unit in units.BY_YEN.items()}
    return CountedIn(called, [field.name for field in amounts if not units.is_money(field.column)])


def call_as_typed(form: RecordForm) -> dict[str, str]:
    """Call a statement's figures as the standard, scope and months that are typed call them; those names, by field."""
    figures = [field for field in form.columns() if statement_labels.is_called_by_basis(field.column)]
    if not figures:
        return {}
    # What is no value says nothing of what figures are called.
    basis = statement_labels.of_values({f.name: f.data for f in form.columns() if not f.errors})
    return _call(figures, basis)


def call_as_stored(form: RecordForm, row: Any) -> None:
    """The same as the stored record calls them."""
    figures = [field for field in form.columns() if statement_labels.is_called_by_basis(field.column)]
    if figures:
        _call(figures, statement_labels.of_record(row))


def _call(figures: Iterable[ColumnField], basis: Basis) -> dict[str, str]:
    """Call figures as this basis does; their names, by field."""
    labels = statement_labels.called_by(basis)
    for field in figures:
        field.label.text = field.speech.say(labels[field.column.name])
    return {field.name: field.label.text for field in figures}


def count_as_stored(form: RecordForm, row: Any) -> None:
    """Let a form that is shown say the amounts of its record in their currency, where that is another than the yen."""
    currency = statement_labels.of_record(row).currency
    if currency not in (None, units.JPY):
        for field in form.columns():
            _know_currency(form, field, currency)


def know_names(form: RecordForm, row: Any) -> None:
    """Tell the fields that refer to other records the names of those, where they are loaded already."""
    for field in form.columns():
        if isinstance(field, lookups.ReferenceField):
            relation = references.relation_of(field.column)
            record = getattr(row, relation) if relation is not None else None
            field.known_name = None if record is None else record_names.of(record, field.speech)
