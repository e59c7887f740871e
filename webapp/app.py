"""Where the house is put together: settings in, application out; and the command line on top of it."""

import importlib
import os
import pkgutil
import sys
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from werkzeug.middleware.proxy_fix import ProxyFix

import webapp.models  # noqa: F401 - every table is known before the first is asked for
from webapp import cli, db, logs
from webapp.api import request_log, status
from webapp.cli import speaking as terminal
from webapp.screens import installing
from webapp.screens.account import appearance, sign_in
from webapp.services.accounts import signing_in
from webapp.services.intake import importing
from webapp.settings import EXIT_CONFIGURATION, Settings, SettingsError, from_env
from webapp.web import error_pages, guard, headers, readiness, request_limits, speaking

ROOT = Path(__file__).parents[1]
LOCAL_ENV = ROOT / "var" / "local.env"
EXIT_NO_DATABASE = 4
NO_TABLES = ("42P01", "42703")  # undefined table, undefined column


def create_app(settings: Settings) -> Flask:
    """The application for these settings; it connects to the database when first asked for something."""
    app = Flask("webapp", template_folder=str(ROOT / "templates"), static_folder="static")
    _configure(app, settings)
    db.bind(db.make_engine(settings.database_url))
    app.teardown_appcontext(lambda _error: db.session.remove())
    error_pages.install(app)
    speaking.install(app)
    # In the order in which a request passes them.
    request_log.install(app)
    request_limits.install(app)
    guard.install(app)
    CSRFProtect(app)
    readiness.install(app)
    headers.install(app, is_production=settings.is_production)
    sign_in.install(app)
    appearance.install(app)
    app.register_blueprint(status.blueprint)
    installing.install(app)
    app.extensions["jobs"] = {
        "forget old sign-in attempts": signing_in.forget_old_attempts,
        "decline forgotten imports": importing.decline_forgotten,
    }
    for command in _commands():
        app.cli.add_command(command)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        DEBUG=False,
        SECRET_KEY=settings.secret_key,
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
    if settings.behind_proxies:
        count = settings.behind_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask says so


def command_line() -> click.Group:
    """The console script `stockcode` with its commands."""
    stockcode = AppGroup(
        "stockcode", help="Stock Code Admin: run it, fill it, and look after who may use it."
    )
    for command in _commands():
        stockcode.add_command(command)
    return stockcode


def _commands() -> list[click.Command]:
    """Every command that a file in webapp/cli makes; a command in a group belongs to the group."""
    found: list[click.Command] = []
    for room in pkgutil.iter_modules(cli.__path__):
        made = vars(importlib.import_module(f"{cli.__name__}.{room.name}")).values()
        commands = [thing for thing in made if isinstance(thing, click.Command)]
        inner = {
            id(one) for group in commands if isinstance(group, click.Group) for one in group.commands.values()
        }
        found += [command for command in commands if id(command) not in inner]
    return found


def main() -> None:
    """Run `stockcode`; a missing setting or an unreachable database is one line, no traceback."""
    stockcode = command_line()
    terminal.explain(stockcode, terminal.wanted(None))
    # Nothing but the environment is read: no .env file, and no FLASK_DEBUG.
    loads_app = ScriptInfo(create_app=_create_app_from_env, set_debug_flag=False, load_dotenv_defaults=False)
    try:
        stockcode.main(prog_name="stockcode", obj=loads_app)
    except SettingsError as error:
        click.echo(f"{error}{_hint()}", err=True)
        sys.exit(EXIT_CONFIGURATION)
    except (OperationalError, InterfaceError, ProgrammingError) as error:
        if (sentence := _about_database(error)) is None:
            raise
        click.echo(sentence, err=True)
        sys.exit(EXIT_NO_DATABASE)


def _hint() -> str:
    """Where this machine's installation, if there is one, keeps its settings."""
    return f" For this machine's installation: . {LOCAL_ENV}" if LOCAL_ENV.is_file() else ""


def _about_database(error: DBAPIError) -> str | None:
    """What is wrong with the database as a whole; None where the trouble is one statement."""
    state = getattr(error.orig, "sqlstate", None)
    if state in NO_TABLES:
        return (
            "The database is not at this release's revision. Run: python migrations/run_migrations.py upgrade"
        )
    if isinstance(error, ProgrammingError):
        return None
    return f"The database at DATABASE_URL cannot be reached or used ({state or 'no answer'})."


def _create_app_from_env() -> Flask:
    settings = from_env(os.environ)
    logs.configure(is_production=settings.is_production)
    return create_app(settings)
