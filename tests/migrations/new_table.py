"""A table that is new in three places, tried in a tree of its own: python -m tests.migrations.new_table, run there.

Prints one JSON object for the test: how each command of the release step ended, and what the screen answered.
"""

import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator

from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import make_url

from migrations import run_migrations
from tests.screens.browsing import Browser
from webapp import db
from webapp.app import create_app
from webapp.settings import DRIVER, Settings

# The places, but for the revision, which `generate` writes.
FILES = {
    "webapp/models/auditor.py": '''"""Firms that audit statements."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from webapp import db
from webapp.label import Label
from webapp.models import columns
from webapp.naming import Naming, column
from webapp.rules.fields import Pattern, Text

CODE = Pattern("[A-Z]{2}[0-9]{3}", "two letters and three digits such as AA001")


class Auditor(columns.Curated, db.Base):
    """A firm that audits statements."""

    __tablename__ = "auditors"
    __table_args__ = (columns.outside("auditors"), Index(None, "name_ja", "code"))
    label = Label("監査法人", "Auditors", "auditor")
    naming = Naming((column("code"), column("name_ja")), english=(column("code"), column("name_en")))

    code: Mapped[str] = columns.code("監査法人コード", "Auditor code", CODE, 5, primary_key=True)
    name_ja: Mapped[str] = columns.text("監査法人名", "Audit firm (ja)", Text(80))
    name_en: Mapped[str] = columns.text("監査法人名（英）", "Audit firm (en)", Text(80))
''',
    "webapp/screens/masters/auditor.py": '''"""Firms that audit statements."""

from webapp.forms.record_form import FormPlan
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.auditor import Auditor
from webapp.screens.record.base import RecordView, screen


@screen(menu="Masters", path="auditors", icon="industry", place=30)
class AuditorView(RecordView):
    """Audit firms."""

    plan = ListPlan(
        Auditor,
        columns=("code", "name_ja", "name_en", "changed_at"),
        link="code",
        searched=("code", "name_ja", "name_en"),
        filtered=("code",),
        sorts={"code": ("code",), "name_ja": ("name_ja", "code")},
        usual_order=("code", False),
        is_large=False,
    )
    form_plan = FormPlan(
        Auditor, sections=((Label("監査法人", "Auditor"), ("code", "name_ja", "name_en")),)
    )
''',
}
NEW = {"code": "AA001", "name_ja": "試験監査法人", "name_en": "A Test LLC"}
LATER = {"name_en": "Another Test LLC"}
COMMANDS = (
    ("generate", "create auditors", "--why", "Stewards want to say who audits a statement."),
    ("lint", "--accept"),
    ("lint",),
    ("upgrade",),
    ("check",),
    ("downgrade", "-1"),
    ("upgrade",),
)


def main() -> None:
    """Run every command, then use the screen."""
    ended = [_run(*command) for command in COMMANDS]
    settings = Settings(
        database_url=make_url(os.environ["DATABASE_URL"]).set(drivername=DRIVER),
        secret_key="k" * 40,
        environment="local",
        trusted_hosts=("localhost",),
    )
    app = create_app(settings)
    with app.app_context():
        answers = dict(_used(app))
        versions = db.session.scalars(
            text("SELECT row_data->>'name_en' FROM row_versions WHERE table_name = 'auditors'")
        )
        sys.stdout.write(json.dumps({"ended": ended, "screen": answers, "versions": list(versions)}))


def _run(*arguments: str) -> list[object]:
    """The command, its exit code, and what it said of a failure."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        exit_code = run_migrations.main(arguments)
    return [" ".join(arguments[:2]), exit_code, said.getvalue()]


def _used(app: Flask) -> Iterator[tuple[str, object]]:
    """A steward lists, writes, corrects, and looks at what the record was before."""
    steward = Browser(app)
    yield "empty list", steward.get("/admin/auditors/").status_code
    yield "new", steward.save("/admin/auditors/new/", NEW).status_code
    yield "edited", steward.save("/admin/auditors/edit/", LATER, id=NEW["code"]).status_code
    listed = steward.get("/admin/auditors/")
    yield "list", [listed.status_code, NEW["code"] in listed.text, LATER["name_en"] in listed.text]
    refused = steward.save("/admin/auditors/new/", NEW | {"code": "1"})
    yield "refused", [refused.status_code, "two letters and three digits such as AA001" in refused.text]
    history = steward.get("/admin/auditors/details/", id=NEW["code"])
    yield "history", [history.status_code, NEW["name_en"] in history.text]


if __name__ == "__main__":
    main()
