"""Cells of the sample's list that can be edited, as webapp.screens.record.inline answers; nothing is stored."""

from typing import Any

from flask import jsonify, request
from flask_admin import expose
from markupsafe import escape


class SampleCells:
    """What a list needs so that its cells can be edited."""

    can_edit_cells = True
    form: Any
    get_one: Any
    render: Any

    def editable_cells(self) -> frozenset[str]:
        """Every column but the code."""
        return frozenset(("name_ja", "name_en", "profit"))

    @expose("/cell/", methods=("GET", "POST"))
    def cell_view(self) -> Any:
        """The field of one cell, or the row of which it would be a part."""
        name, row = request.args["name"], self.get_one(request.args["id"])
        form = self.form(request.form if request.method == "POST" else None, obj=row)
        form[name].id = form[name].label.field_id = f"cell-{name}"
        if request.method == "GET":
            return self.render("admin/model/cell.html", form=form, field=form[name])
        answer = {"html": str(escape(form[name].data)), "version": int(form.row_version.data) + 1}
        return jsonify(answer | {"name": row.name_ja, "row": {}, "said": "保存しました。", "undo": 7})
