"""Received files: their names and hashes, never their bytes."""

from webapp.db import Label
from webapp.models.import_file import ImportFile
from webapp.screens.record.base import READ_ONLY, RecordView, screen


@screen(ImportFile, menu="Work", path="imports", icon="import", place=20)
class ImportView(RecordView):
    """Files, newest first."""

    rights = READ_ONLY
    name_columns = ("name",)
    column_list = ("id", "kind", "name", "as_of_on", "size_bytes", "received_at", "received_by", "sha256")
    link_column = "name"
    column_searchable_list = ("name", "sha256")
    column_filters = ("kind", "as_of_on", "received_at")
    sorts = {"id": ("id",), "received_at": ("received_at",), "kind": ("kind", "as_of_on")}
    column_default_sort = ("received_at", True)
    is_large = False
    empty = Label(
        "stockcode import で受け取ったファイルがここに並びます。",
        "Files that the command stockcode import has received appear here.",
    )
    never_exported = frozenset({"content"})
    form_sections = (
        (
            Label("ファイル", "File"),
            ("id", "kind", "name", "as_of_on", "size_bytes", "sha256"),
        ),
        (Label("受取", "Receipt"), ("received_at", "received_by_id", "bytes_dropped_at")),
    )
