"""Import in the browser: files are brought, each has its preview, and nothing is written before somebody says so."""

import tempfile
from typing import Any

from flask import abort, flash, jsonify, redirect, request, send_file
from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from webapp import db
from webapp.files.rows import WrongFile
from webapp.label import Label
from webapp.models.upload import Upload
from webapp.screens.record.base import PageView
from webapp.screens.record.saving import author
from webapp.screens.work import comparing, deciding, refused_files, upload_pages
from webapp.services.accounts import permissions
from webapp.services.intake import kinds
from webapp.services.intake.uploading import parcels, uploads
from webapp.services.intake.uploading.parcels import Dropped
from webapp.services.intake.uploading.uploads import Taken
from webapp.web import current_person
from webapp.web.speaking import speech
from webapp.words import keys, wrong_files

JSON = "application/json"
WAYS = ("index", "preview", "compare", "decide", "cancel", "remove", "report", "refused")


class UploadsView(PageView):
    """One's own files on their way, and the preview of each."""

    label = Label("ファイルの取込", "Import files")
    rights = dict.fromkeys(WAYS, permissions.IMPORT)

    def __init__(self) -> None:
        super().__init__(
            name="Import files",
            category="Work",
            endpoint="uploads",
            url="imports/new",
            menu_icon_type="sprite",
            menu_icon_value="upload",
        )

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """Where files are dropped or chosen; those of the reader, each with what it is and where it stands."""
        if request.method != "POST":
            theirs = uploads.of_person(current_person.signed_in().id)
            return self.render(
                "uploads/index.html",
                uploads=upload_pages.entries(theirs),
                largest=uploads.LARGEST,
                largest_at_once=uploads.LARGEST_AT_ONCE,
            )
        brought = [
            Dropped(file.filename, file.stream) for file in request.files.getlist("files") if file.filename
        ]
        files = parcels.together(brought)
        numbers = [one for one in (self._received(file) for file in files) if one is not None]
        if not files:
            flash(speech().gettext("Choose a file first."), "error")
        if JSON in request.headers.get("Accept", ""):
            return self._as_json(numbers)
        only = numbers[0] if len(numbers) == len(files) == 1 else None
        return redirect(self.get_url(".index") if only is None else self.get_url(".preview", id=only), 303)

    @expose("/preview/")
    def preview(self) -> ResponseReturnValue:
        """What a file would do, or has done."""
        upload = self._upload(request.args)
        return self.render("uploads/preview.html", **upload_pages.preview(upload))

    @expose("/compare/", methods=("POST",))
    def compare(self) -> ResponseReturnValue:
        """Compare a file, as what somebody says that it is."""
        upload = self._upload(request.form)
        kind = request.form.get("kind", "")
        if kind not in kinds.KINDS:
            flash(speech().gettext("Say what the file is first."), "error")
            return self._to(upload)
        code = request.form.get("code", "").strip()[: comparing.LONGEST_CODE]
        asked = frozenset(request.form.getlist("asked")) & comparing.ASKED
        taken = Taken(kind, "is_whole" in request.form, code or None, asked)
        comparing.carry_out(upload.id, author(), taken)
        return self._to(upload)

    @expose("/decide/", methods=("POST",))
    def decide(self) -> ResponseReturnValue:
        """Write what was shown, or decline it."""
        upload = self._upload(request.form)
        decision, digest = request.form.get("decision"), request.form.get("digest", "")
        if decision not in deciding.DECISIONS:
            abort(400)
        if not deciding.of_upload(upload, decision, digest, request.form.get("reason", "")):
            comparing.once_more(upload.id, author())
        return self._to(upload)

    @expose("/cancel/", methods=("POST",))
    def cancel(self) -> ResponseReturnValue:
        """End the job that compares or writes a file."""
        upload = self._upload(request.form)
        comparing.cancel(upload)
        return self._to(upload)

    @expose("/remove/", methods=("POST",))
    def remove(self) -> ResponseReturnValue:
        """Forget a file that is not to be imported."""
        upload = self._upload(request.form)
        comparing.forget(upload.id, author())
        return redirect(self.get_url(".index"), 303)

    @expose("/report/")
    def report(self) -> ResponseReturnValue:
        """What the command line prints with --json."""
        upload = self._upload(request.args)
        if upload.report is None:
            abort(404)
        return jsonify(upload_pages.report(upload))

    @expose("/refused/<ending>/")
    def refused(self, ending: str) -> ResponseReturnValue:
        """The refused rows with their reasons, to be mended and brought again."""
        upload = self._upload(request.args)
        if ending not in refused_files.TYPES:
            abort(404)
        # Closed by the answer that sends it.
        content = tempfile.TemporaryFile()  # noqa: SIM115 - sent after this function has ended
        refused_files.write(upload, ending, content)
        content.seek(0)
        name = refused_files.called(upload, ending)
        return send_file(content, refused_files.TYPES[ending], as_attachment=True, download_name=name)

    def _upload(self, given: Any) -> Upload:
        key = keys.parse(Upload, given.get("id"))
        return (None if key is None else db.session.get(Upload, key[0])) or abort(404)

    def _to(self, upload: Upload) -> ResponseReturnValue:
        return redirect(self.get_url(".preview", id=upload.id), 303)

    def _received(self, file: Dropped) -> int | None:
        """The number of an upload, compared where its kind is known and it is not in the tables already."""
        person = current_person.signed_in()
        try:
            with db.transaction():
                upload = uploads.receive(file.stream, file.name, person.id)
                number, kind = upload.id, upload.kind
                is_news = upload.status == "received" and uploads.imported_as(upload) is None
        except WrongFile as error:
            name = uploads.called(file.name)
            flash(speech().pair(name, wrong_files.sentence(error, speech())), "error")
            return None
        if kind is not None and is_news:
            comparing.carry_out(number, author(), Taken(kind))
        return number

    def _as_json(self, numbers: list[int]) -> ResponseReturnValue:
        """Where the page of each file is; what was refused is said on the page that is looked at next."""
        return jsonify(urls=[self.get_url(".preview", id=number) for number in numbers])
