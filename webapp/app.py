"""Where the house is put together: settings in, application out."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from flask import Flask

import webapp.models  # noqa: F401 - every table is known before the first is asked for
from webapp import db, silence
from webapp.api import status
from webapp.lists import returning
from webapp.screens import installing
from webapp.screens.account import appearance, sign_in
from webapp.settings import Settings
from webapp.web import (
    ended_sessions,
    error_pages,
    gate,
    leaving,
    readiness,
    request_limits,
    said_later,
    speaking,
    static_files,
)

ROOT = Path(__file__).parents[1]


def create_app(settings: Settings) -> Flask:
    """The application for these settings; it connects to the database when first asked for something."""
    app = Flask(
        "webapp",
        template_folder=str(ROOT / "templates"),
        static_folder="static",
        static_url_path=static_files.address(),
    )
    # What a template is indented by before {% %} is of no use to a browser.
    app.jinja_env.lstrip_blocks = True
    static_files.install(app)
    _configure(app, settings)
    db.bind(db.make_engine(settings.database_url))
    app.teardown_appcontext(partial(silence.give_back, db.session))
    error_pages.install(app)
    speaking.install(app)
    said_later.install(app)
    # In the order in which a request passes them.
    gate.install(app, settings.behind_proxies)
    request_limits.install(app)
    gate.install_for_rights(app, ended_sessions.ask_to_sign_in)
    ended_sessions.install(app)
    gate.install_for_bodies(app)
    leaving.MaskedTokens(app)
    readiness.install(app)
    leaving.install(app, is_production=settings.is_production)
    sign_in.install(app)
    appearance.install(app)
    app.register_blueprint(status.blueprint)
    installing.install(app)
    returning.declare()
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        DEBUG=False,
        SECRET_KEY=settings.secret_key,
        IS_PRODUCTION=settings.is_production,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        # The prefix makes browsers refuse a cookie of this name that another host of the domain has set.
        SESSION_COOKIE_NAME="__Host-session" if settings.is_production else "session",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
