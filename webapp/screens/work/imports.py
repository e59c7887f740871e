"""Received files: their names and hashes, never their bytes."""

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.import_file import ImportFile
from webapp.screens.record.base import READ_ONLY, RecordView, screen


@screen(menu="Work", path="imports", icon="import", place=20)
class ImportView(RecordView):
    """Files, newest first."""

    rights = READ_ONLY
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
            (Label("受取", "Receipt"), ("received_at", "received_by_id", "bytes_dropped_at")),
        ),
    )
    empty = Label(
        "stockcode import で受け取ったファイルがここに並びます。",
        "Files that the command stockcode import has received appear here.",
    )
