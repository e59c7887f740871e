"""Received files: their names and hashes, never their bytes."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from sqlalchemy import select

from webapp import db
from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.change_set import ChangeSet
from webapp.models.import_file import ImportFile
from webapp.screens.record import details, forms
from webapp.screens.record.base import READ_ONLY, RecordView, screen
from webapp.screens.record.saving import author
from webapp.screens.work import deciding
from webapp.screens.work.summaries import HEADER, TOUCHED
from webapp.services.accounts import permissions
from webapp.services.intake import received_files
from webapp.web import way_back
from webapp.web.speaking import speech
from webapp.words import keys, labels

MOST = 20
WITHDRAWAL = ("withdrawn_at", "withdrawn_by_name")


@screen(menu="Work", path="imports", icon="import", place=20)
class ImportView(RecordView):
    """Files, newest first."""

    rights = READ_ONLY | {"decide": permissions.IMPORT, "withdraw": permissions.WITHDRAW}
    plan = ListPlan(
        ImportFile,
        columns=("id", "kind", "name", "as_of_on", "size_bytes", "received_at", "received_by", "sha256"),
        link="name",
        searched=("name", "sha256"),
        filtered=("kind", "as_of_on", "received_at"),
        sorts={"id": ("id",), "received_at": ("received_at",), "kind": ("kind", "as_of_on")},
        usual_order=("received_at", True),
        is_large=False,
        hidden=frozenset({"content"}),
    )
    form_plan = FormPlan(
        ImportFile,
        sections=(
            (
                Label("ファイル", "File"),
                ("id", "kind", "name", "as_of_on", "size_bytes", "sha256"),
            ),
            (Label("受取", "Receipt"), ("received_at", "received_by_id", "bytes_dropped_at", *WITHDRAWAL)),
        ),
    )

    def related(self, row: Any) -> list[dict[str, Any]]:
        """The change sets that came of the file, latest first."""
        change_sets = (
            select(ChangeSet).where(ChangeSet.import_file_id == row.id).order_by(ChangeSet.id.desc())
        )
        return [
            {
                "label": f"{speech().say(ChangeSet.label.of_one)} #{one.id}"
                f" {labels.word(HEADER.status, one.status, speech())}",
                "url": url_for("change_sets.details_view", id=one.id),
                "count": sum(int(one.counts.get(name, 0)) for name in TOUCHED),
            }
            for one in db.session.scalars(change_sets.limit(MOST))
        ]

    def acts(self) -> list[tuple[str, str, str]]:
        """Where files are brought, for those who may."""
        if "decide" not in self.allowed():
            return []
        return [(url_for("uploads.index"), "upload", speech().gettext("Import files"))]

    empty = Label(
        "「ファイルの取込」または stockcode import で受け取ったファイルがここに並びます。",
        "Files that were imported here, or with the command stockcode import, appear in this list.",
    )

    @expose("/details/")
    def details_view(self) -> ResponseReturnValue:
        """One file with its change sets; an administrator may withdraw a list that keeps earlier ones out."""
        file = self.get_one(request.args.get("id"))
        if file is None:
            return forms.missing(self)
        counts = file.withdrawn_at is None and received_files.is_in_force(file)
        return details.page(
            self, file, "imports/details.html", may_withdraw=counts and "withdraw" in self.allowed()
        )

    @expose("/withdraw/", methods=("POST",))
    def withdraw(self) -> ResponseReturnValue:
        """Let a list no longer keep earlier ones out."""
        file = self.get_one(request.form.get("id"))
        if file is None:
            abort(404)
        with db.transaction():
            received_files.withdraw(file, author())
        flash(speech().gettext("The list was withdrawn: lists of earlier days are taken again."), "success")
        return redirect(self.address(".details_view", id=file.id), 303)

    @expose("/decide/", methods=("POST",))
    def decide(self) -> ResponseReturnValue:
        """Write or decline the import of a change set that waits."""
        key = keys.parse(ChangeSet, request.form.get("id"))
        if key is None:
            abort(404)
        deciding.carry_out(int(key[0]), request.form.get("decision", ""))
        shown = self.get_url("change_sets.details_view", id=key[0])
        return redirect(way_back.safe_next(request.form.get("url")) or shown, 303)
