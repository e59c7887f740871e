"""Jobs: what waits, runs and has ended; to be cancelled and begun anew. Anybody may watch one by its number."""

from typing import Any

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from webapp import db
from webapp.label import Label
from webapp.screens import job_rows
from webapp.screens.record.base import PageView
from webapp.screens.record.saving import author
from webapp.services.accounts import permissions
from webapp.services.queueing import deferring, watching
from webapp.services.queueing.deferring import WaitsAlready
from webapp.web.speaking import speech
from webapp.words import job_words, numbers

A_PAGE = 50


class JobsView(PageView):
    """The queue, newest first."""

    label = Label("ジョブ", "Jobs")
    rights = {
        "index": permissions.MANAGE_JOBS,
        "cancel": permissions.MANAGE_JOBS,
        "again": permissions.MANAGE_JOBS,
        "watch": permissions.READ,
    }

    def __init__(self) -> None:
        super().__init__(
            name="Jobs",
            category="Administration",
            endpoint="jobs",
            url="jobs",
            menu_icon_type="sprite",
            menu_icon_value="history",
        )

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """A page of jobs: those that people asked for, or of one state or kind, or all where the address says so."""
        status = _one_of(request.args.get("status"), job_words.STATUSES)
        name = _one_of(request.args.get("name"), job_words.NAMES)
        is_asked_for = not (status or name or "all" in request.args)
        before = numbers.whole(request.args.get("before"))
        rows = watching.newest(A_PAGE + 1, status=status, name=name, before=before, is_asked_for=is_asked_for)
        return self.render(
            "jobs/index.html",
            jobs=[job_rows.shown(job) for job in rows[:A_PAGE]],
            older=rows[A_PAGE - 1].id if len(rows) > A_PAGE else None,
            statuses=_statuses(name),
            workers=watching.workers(),
            names={known: job_words.name(known, speech()) for known in job_words.NAMES},
            status=status,
            name=name,
            is_asked_for=is_asked_for,
        )

    @expose("/<int:number>/")
    def watch(self, number: int) -> ResponseReturnValue:
        """How far one job has come: a piece of a page, for whatever page shows it."""
        job = watching.one(number) if number <= watching.LARGEST else None
        return self.render("jobs/progress.html", job=job_rows.shown(job or abort(404)))

    @expose("/<int:number>/cancel/", methods=("POST",))
    def cancel(self, number: int) -> ResponseReturnValue:
        """End a job that waits, or ask the worker that is at it to."""
        with db.transaction():
            is_heeded = number <= watching.LARGEST and deferring.cancel(number)
        if is_heeded:
            flash(speech().gettext("Job %(number)s is cancelled.", number=number), "success")
        else:
            flash(speech().gettext("Job %(number)s had ended already.", number=number), "error")
        return redirect(self.get_url(".index"), 303)

    @expose("/<int:number>/again/", methods=("POST",))
    def again(self, number: int) -> ResponseReturnValue:
        """Begin a job anew that has ended."""
        spoken = speech()
        try:
            with db.transaction():
                begun = deferring.begin_anew(min(number, watching.LARGEST), author())
        except LookupError:
            abort(404)
        except WaitsAlready:
            flash(spoken.gettext("The same job waits already."), "error")
        else:
            flash(spoken.gettext("Job %(number)s will do it again.", number=begun), "success")
        return redirect(self.get_url(".index"), 303)


def _statuses(name: str | None) -> list[tuple[str, str, int]]:
    """Every state with its word and how many jobs, of a kind where one is chosen, are in it."""
    counts = watching.counts(name)
    return [
        (status, speech().say(label), counts.get(status, 0))
        for status, (label, _tone) in job_words.STATUSES.items()
    ]


def _one_of(value: str | None, known: Any) -> str | None:
    return value if value in known else None
