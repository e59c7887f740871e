"""The page that merges a company standing twice: first the other row, then field by field what stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from webapp import db
from webapp.forms import record_form
from webapp.lists import search
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.models.financial_statement import FinancialStatement
from webapp.models.row_version import RowVersion
from webapp.rules import company_name
from webapp.rules.names import LONGEST
from webapp.screens.record import change_messages, details, history
from webapp.screens.record.saving import author
from webapp.screens.record.screen import RecordScreen
from webapp.services.changes import row_codec
from webapp.services.changes.door import Applied
from webapp.services.changes.proposals import Intent, Moved, Refused
from webapp.services.companies import merging
from webapp.services.companies.merging import Choices, Pair
from webapp.web.speaking import speech
from webapp.words import formatters, numbers, record_names

# So many candidates are offered, and so many days are chosen one by one; of the others all are, or none.
MOST_OFFERED = 20
MOST_DAYS = 100
GOES = "goes"


class Field(NamedTuple):
    """A field in which both rows say something: its name, its label, and both values as they are shown."""

    name: str
    label: str
    stays: Any
    goes: Any


@dataclass(frozen=True, slots=True)
class Rows:
    """The company that stays and the one that goes."""

    stays: Company
    goes: Company

    @property
    def pair(self) -> Pair | None:
        """The same as they are stored."""
        return merging.pair(self.goes.id, self.stays.id)


def answer(screen: RecordScreen) -> ResponseReturnValue:
    """Ask for the other row, ask what stays, or merge."""
    stays = screen.get_one(request.values.get("id"))
    if stays is None:
        abort(404)
    other = str(request.values.get("other", ""))[:LONGEST]
    others = _found(stays, other)
    if len(others) != 1:
        if request.method == "POST":
            return _gone(screen, stays)
        return _asking(screen, stays, other, others)
    rows = Rows(stays, others[0])
    if request.method == "POST":
        return _merge(screen, rows)
    return _choosing(screen, rows)


def _found(stays: Company, other: str) -> Sequence[Company]:
    """The rows that a text means; without one, those that may be the same company."""
    if other.strip():
        is_meant = search.company_named(other)
    else:
        same = [Company.name_ja_folded == stays.name_ja_folded]
        for name in ("ticker_symbol", "corporate_number"):
            if getattr(stays, name) is not None:
                same.append(getattr(Company, name) == getattr(stays, name))
        is_meant = or_(*same)
    rows = select(Company).where(is_meant, Company.id != stays.id).order_by(Company.id).limit(MOST_OFFERED)
    companies = db.session.scalars(rows).all()
    # Whoever has typed nothing is asked, also where only one row may be meant.
    return companies if other.strip() or len(companies) != 1 else [companies[0], companies[0]]


def _asking(screen: RecordScreen, stays: Company, other: str, others: Sequence[Company]) -> str:
    offered = [(f"#{row.id}", record_names.of(row, speech())) for row in dict.fromkeys(others)]
    return screen.page(
        "companies/merge.html",
        stays=stays,
        name=record_names.of(stays, speech()),
        other=other,
        offered=offered,
        return_url=screen.address(".details_view", id=stays.id),
    )


def _choosing(screen: RecordScreen, rows: Rows) -> str:
    pair = rows.pair
    if pair is None:
        abort(404)
    spoken, both = speech(), merging.belongings(pair)
    different = both.differing_days
    return screen.page(
        "companies/merge_choices.html",
        stays=rows.stays,
        goes=rows.goes,
        name=record_names.of(rows.stays, spoken),
        other_name=record_names.of(rows.goes, spoken),
        fields=[_field(screen, rows, name) for name in pair.differing],
        filled=[_field(screen, rows, name) for name in pair.filled],
        numbers=[(spoken.say(model.label), number) for model, number in both.numbers.items() if number],
        statements=list(_statements(both.statements)),
        days=[_day(mine, other) for mine, other in different[:MOST_DAYS]],
        more_days=max(0, len(different) - MOST_DAYS),
        return_url=screen.address(".details_view", id=rows.stays.id),
    )


def _field(screen: RecordScreen, rows: Rows, name: str) -> Field:
    stays, goes = (
        details.fact(screen.plan, row, _shown_as(name), speech(), screen.links())
        for row in (rows.stays, rows.goes)
    )
    return Field(name, stays.label, stays.value, goes.value)


def _shown_as(name: str) -> str:
    return "industry" if name == "industry_code" else name


def _statements(both: Sequence[tuple[Any, Any]]) -> Iterator[dict[str, Any]]:
    """Each statement that both have: its name, and of each side its document and how many figures it has."""
    loaded = db.session.scalars(
        select(FinancialStatement)
        .where(FinancialStatement.id.in_([mine["id"] for mine, _other in both]))
        .options(*record_names.loading(FinancialStatement))
    ).unique()
    called = {row.id: record_names.of(row, speech()) for row in loaded}
    for mine, other in both:
        stays, goes = (_in_short(row) for row in (other, mine))
        yield {"id": mine["id"], "label": called[mine["id"]], "stays": stays, "goes": goes}


def _in_short(row: Any) -> str:
    figures = sum(value is not None for value in row.values())
    filled = speech().ngettext("%(num)s field filled", "%(num)s fields filled", figures)
    return speech().pair(row["filing_doc_id"], filled) if row["filing_doc_id"] else filled


def _day(mine: Any, other: Any) -> dict[str, Any]:
    day = mine["traded_on"]
    stays, goes = (_close(row) for row in (other, mine))
    return {"day": day.isoformat(), "label": formatters.day(day, speech()), "stays": stays, "goes": goes}


def _close(row: Any) -> str:
    close = "—" if row["close"] is None else str(formatters.number(row["close"]))
    return speech().pair(close, row["data_source"])


def _merge(screen: RecordScreen, rows: Rows) -> ResponseReturnValue:
    spoken, pair = speech(), rows.pair
    if pair is None:
        return _gone(screen, rows.stays)
    names = {"record": record_names.of(rows.goes, spoken), "other": record_names.of(rows.stays, spoken)}
    reason = request.form.get("change_reason", "").strip() or None
    seen = [record_form.version_of(request.form.get(f"{side}_version")) for side in ("goes", "stays")]
    as_seen = Pair({**pair.loser, "version": seen[0] or 0}, {**pair.winner, "version": seen[1] or 0})
    outcome = merging.merge(as_seen, _choices(), Intent("edit", author(), reason=reason))
    match outcome:
        case Applied():
            change_messages.done(
                outcome.number, spoken.gettext("“%(record)s” was merged into “%(other)s”.", **names)
            )
        case Refused():
            for finding in outcome.findings:
                flash(
                    spoken.gettext("Nothing was merged: %(reason)s.", reason=spoken.sentence(finding)),
                    "error",
                )
        case Moved():
            flash(
                spoken.gettext("Nothing was merged: a record has changed or gone meanwhile. Look again."),
                "error",
            )
        case _:
            flash(change_messages.said(outcome, spoken), "error")
    return redirect(screen.address(".details_view", id=rows.stays.id))


def _choices() -> Choices:
    """What is taken of the row that goes, as it was sent."""
    taken = [name for name, value in request.form.items() if value == GOES]
    days = {
        day: value == GOES
        for name, value in request.form.items()
        if name.startswith("day-") and (day := _read_day(name.removeprefix("day-"))) is not None
    }
    return Choices(
        fields=frozenset(name.removeprefix("field-") for name in taken if name.startswith("field-")),
        statements=frozenset(
            number
            for name in taken
            if name.startswith("statement-")
            and (number := numbers.whole(name.removeprefix("statement-"))) is not None
        ),
        days=days,
        other_days="days" in taken,
    )


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _gone(screen: RecordScreen, stays: Company) -> ResponseReturnValue:
    """A form that was sent a second time, or too late."""
    flash(
        speech().gettext("Nothing was merged: a record has changed or gone meanwhile. Look again."), "error"
    )
    return redirect(screen.address(".details_view", id=stays.id))


def merged_into(typed: str | None) -> int | None:
    """The company into which the row of this number was merged; None where it was not."""
    of_row = select(CompanyName.company_id).where(
        CompanyName.kind == company_name.NUMBER, CompanyName.value == str(typed)[:20]
    )
    return db.session.scalar(of_row.limit(1))


def merged_rows(company: Company) -> list[dict[str, Any]]:
    """The rows that were merged into a company: what each was called, and what happened to it."""
    numbers = db.session.scalars(
        select(CompanyName.value).where(
            CompanyName.company_id == company.id, CompanyName.kind == company_name.NUMBER
        )
    ).all()
    last = select(RowVersion).where(
        RowVersion.table_name == row_codec.table_of(Company).name,
        RowVersion.row_key.in_(numbers),
        RowVersion.operation == "DELETE",
    )
    gone = {version.row_key: version.row_data for version in db.session.scalars(last.order_by(RowVersion.id))}
    return [
        {
            "name": Company.naming.of_values(gone[number], language=speech().language),
            "history": history.of_gone(Company, number),
        }
        for number in numbers
        if number in gone
    ]
