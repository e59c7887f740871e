"""The release page: where the database is, what the next release would do, and what would stand in its way."""

import threading
from datetime import datetime, timedelta
from typing import Any

from alembic.script import Script
from flask import request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from sqlalchemy import Connection, Row, text

from migrations.release_step.database import connecting, ledger
from migrations.release_step.revisions import environment, scripting, text_rules
from migrations.release_step.revisions.history import History
from migrations.release_step.telling.failures import Failure
from migrations.release_step.verbs import checking, doctor, planning
from webapp import db
from webapp.label import Label
from webapp.screens.record.base import PageView
from webapp.services import releasing
from webapp.services.accounts import permissions
from webapp.services.releasing import Standing
from webapp.web.speaking import speech
from webapp.words import formatters, standings

MOST_PAST = 50
MOST_DIFFERENCES = 200

SERVER = text("""
    SELECT current_setting('server_version') AS version, current_database() AS database, current_user AS role,
           pg_has_role('pg_read_all_stats', 'USAGE') AS sees_all_sessions
""")

PHASES = {
    "expand": Label("拡張", "expand"),
    "backfill": Label("補充", "backfill"),
    "contract": Label("縮小", "contract"),
}


class ReleaseView(PageView):
    """For administrators, and for reading only: releases are made with the release step."""

    label = Label("リリース", "Release")
    rights = {"index": permissions.RELEASE}

    def __init__(self) -> None:
        super().__init__(
            name="Release",
            category="Administration",
            endpoint="release",
            url="release",
            menu_icon_type="sprite",
            menu_icon_value="upload",
        )
        # Read when the process starts: files that change under a running process are not its code.
        self._history = History(environment.config())
        # Alembic makes a script with the help of module-level state: one thread at a time.
        self._rendering = threading.Lock()

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """Everything that can be seen at once; the comparison with the models only when it is asked for."""
        standing = releasing.look()
        # A connection of its own: what the release step's code asks ends the transaction that it asks in.
        with db.session.get_bind().engine.connect() as connection:
            server = connection.execute(SERVER).one()
            connection.rollback()
            pending, problem = self._pending(connection)
            is_checking = request.args.get("check") == "1"
            return self.render(
                "release/index.html",
                standing=_told(standing),
                facts=_facts(server, standing),
                # After a newer release there is nothing for this code to do, and that is no problem.
                problem=None if standing.place == "ahead" else problem,
                pending=pending,
                current=self._current(standing),
                past=self._past(connection),
                invalid=checking.invalid_indexes(connection),
                sessions=[_session(one) for one in doctor.long_transactions(connection)],
                sees_all_sessions=server.sees_all_sessions,
                long_seconds=doctor.LONG_SECONDS,
                check=_compared(connection) if is_checking else None,
            )

    def _pending(self, connection: Connection) -> tuple[list[dict[str, Any]], str | None]:
        """What an upgrade would run here, or why that cannot be said."""
        try:
            with self._rendering:
                planned = planning.pending(connection, self._history)
        except Failure as failure:
            return [], failure.line
        return [self._revision(one["revision"]) | _plan(one) for one in planned], None

    def _current(self, standing: Standing) -> dict[str, Any] | None:
        known = standing.found is not None and self._history.knows(standing.found)
        return self._revision(str(standing.found)) if known else None

    def _revision(self, name: str) -> dict[str, Any]:
        script = self._script(name)
        assert script is not None
        with self._rendering:
            sql = scripting.text_of(self._history, script, is_upgrade=True)
        phase = PHASES.get(text_rules.phase(script))
        return {
            "revision": name,
            "title": script.doc,
            "phase": None if phase is None else speech().say(phase),
            "sql": sql.strip(),
        }

    def _script(self, name: str) -> Script | None:
        return self._history.script.get_revision(name) if self._history.knows(name) else None

    def _past(self, connection: Connection) -> list[dict[str, Any]]:
        """What was applied and undone here, newest first, as the release step has noted it."""
        applied = ledger.read(connection)["applied"]
        connection.rollback()
        return [self._step(one) for one in reversed(applied[-MOST_PAST:])]

    def _step(self, noted: dict[str, Any]) -> dict[str, Any]:
        script = self._script(noted["revision"])
        return {
            "revision": noted["revision"],
            "title": script.doc if script is not None else speech().gettext("a revision of newer code"),
            "is_up": noted["direction"] == "up",
            "at": formatters.instant(datetime.fromisoformat(noted["at"]), speech()),
            "seconds": f"{noted['seconds']:,.2f}",
            "attempts": noted["attempts"],
        }


def _told(standing: Standing) -> dict[str, Any]:
    label, tone = standings.PLACES[standing.place]
    finding = standing.finding
    sentence = None if standing.is_fit else speech().sentence(finding)
    return {"label": speech().say(label), "tone": tone, "sentence": sentence, "place": standing.place}


def _facts(server: Row[Any], standing: Standing) -> list[tuple[str, str]]:
    return [
        (speech().gettext("Revision of the database"), standing.found or releasing.NOTHING),
        (speech().gettext("Revision that this code needs"), standing.wanted),
        ("PostgreSQL", server.version),
        (speech().gettext("Database"), server.database),
        (speech().gettext("Role of the application"), server.role),
    ]


def _plan(planned: dict[str, Any]) -> dict[str, Any]:
    """The locks on what is in use, each once, and what the lint says."""
    locks = [lock for statement in planned["statements"] for lock in statement["locks"]]
    once = {(lock["name"], lock["mode"]): lock for lock in locks}
    return {"locks": list(once.values()), "findings": planned["findings"]}


def _session(session: dict[str, Any]) -> dict[str, Any]:
    return {
        "pid": session["pid"],
        "age": str(timedelta(seconds=session["age"])),
        "state": session["state"],
        "application": session["application"],
    }


def _compared(connection: Connection) -> dict[str, Any]:
    """The differences between the database and the models; builds what the models declare and rolls it back."""
    target = connecting.Target(connection.engine.url)
    try:
        differences = checking.drift(connection, target)
    except Failure as failure:
        return {"problem": failure.line, "differences": [], "more": 0}
    shown = [{"kind": d.kind, "name": d.name, "text": str(d)} for d in differences[:MOST_DIFFERENCES]]
    return {"problem": None, "differences": shown, "more": len(differences) - len(shown)}
