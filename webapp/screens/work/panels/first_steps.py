"""What to do first, until the first list is imported."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, url_for
from sqlalchemy import exists, select

from webapp import db
from webapp.label import Label
from webapp.models.change_set import ChangeSet
from webapp.screens.work.panel import Panel
from webapp.services.accounts import permissions
from webapp.web.current_person import Person

# EDINET閲覧（提出）サイト, its list of EDINET codes; 東証上場銘柄一覧 of Japan Exchange Group.
EDINET_CODE_LIST = "https://disclosure2dl.edinet-fsa.go.jp/searchdocument/codelist/Edinetcode.zip"
JPX_LIST = "https://www.jpx.co.jp/markets/statistics-equities/misc/01.html"
# Where `make run` has put the command, and what tells it which database.
LOCAL = ". var/local.env && .venv/bin/stockcode"


def read(reader: Person) -> Mapping[str, Any] | None:
    """The steps, for whoever imports and adds people."""
    imported = exists().where(ChangeSet.kind == "import", ChangeSet.status == "applied")
    if db.session.scalar(select(imported)):
        return None
    may_add = permissions.allows(reader.role, permissions.MANAGE_USERS)
    return {
        "command": "stockcode" if current_app.config["IS_PRODUCTION"] else LOCAL,
        "edinet_code_list": EDINET_CODE_LIST,
        "jpx_list": JPX_LIST,
        "bring": url_for("uploads.index"),
        "new_user": url_for("users.create_view") if may_add else None,
    }


PANEL = Panel(
    name="first-steps",
    label=Label("はじめに行うこと", "What to do first"),
    part="first",
    place=10,
    template="home/first_steps.html",
    read=read,
    right=permissions.IMPORT,
)
