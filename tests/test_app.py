"""The composition root: what an application is like in production, and what the command line says when it cannot be."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from flask import Flask, request
from sqlalchemy.engine import URL

from tests import people
from webapp import app as composition
from webapp import db
from webapp.app import create_app
from webapp.services.accounts import permissions
from webapp.settings import Settings

STOCKCODE = Path(sysconfig.get_path("scripts")) / "stockcode"
SECRET = "not a secret, but as long as one has to be"
HOST = {"base_url": "https://admin.example.co.jp"}


@pytest.fixture(scope="module")
def production(app: Flask, database_url: URL) -> Flask:
    """The application as its settings make it in production, behind one proxy."""
    made = create_app(
        Settings(
            database_url, SECRET, "production", ("admin.example.co.jp",), session_hours=8, behind_proxies=1
        )
    )
    made.testing = True
    return made


@pytest.fixture
def in_production(production: Flask, connection: object) -> Flask:
    return production


def stockcode(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [str(STOCKCODE), *words],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_the_session_cookie_is_for_this_host_over_https_and_no_script(in_production: Flask) -> None:
    client = in_production.test_client()
    client.get("/login", **HOST)
    email = people.user().email
    token = _token_on_the_form(client.get("/login", **HOST).text)
    form = {"email": email, "password": people.PASSWORD, "csrf_token": token}
    answer = client.post(
        "/login", data=form, headers={"Referer": "https://admin.example.co.jp/login"}, **HOST
    )
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert "Domain" not in cookie
    for mark in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert mark in cookie
    assert client.get("/login", **HOST).status_code == 302


def _token_on_the_form(page: str) -> str:
    return page.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def test_https_is_insisted_on_in_production(in_production: Flask) -> None:
    header = in_production.test_client().get("/login", **HOST).headers["Strict-Transport-Security"]
    assert header == "max-age=63072000; includeSubDomains"


@pytest.mark.parametrize(
    "host", ["evil.example", "admin.example.co.jp.evil.example", "10.0.0.1", "localhost"]
)
def test_a_host_that_is_not_ours_is_refused(in_production: Flask, host: str) -> None:
    assert in_production.test_client().get("/login", base_url=f"https://{host}").status_code == 400


def test_a_form_sent_over_https_needs_to_come_from_a_page_of_ours(in_production: Flask) -> None:
    client = in_production.test_client()
    token = _token_on_the_form(client.get("/login", **HOST).text)
    form = {"lang": "en", "csrf_token": token}
    for referrer, status in (("https://evil.example/", 400), ("https://admin.example.co.jp/login", 303)):
        answer = client.post("/language", data=form, headers={"Referer": referrer}, **HOST)
        assert answer.status_code == status


def test_the_clients_address_is_what_the_proxy_says_and_not_what_the_client_says(
    in_production: Flask,
) -> None:
    seen: list[str | None] = []
    view = in_production.view_functions["account.start"]

    def look() -> str:
        seen.append(request.remote_addr)
        return ""

    look.required_right = permissions.PUBLIC  # type: ignore[attr-defined]  # as guard.requires does
    in_production.view_functions["account.start"] = look
    try:
        forwarded = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
        in_production.test_client().get("/", headers=forwarded, **HOST)
    finally:
        in_production.view_functions["account.start"] = view
    assert seen == ["198.51.100.7"]


def test_without_a_proxy_nobody_chooses_their_own_address(app: Flask, connection: object) -> None:
    with app.test_request_context(headers={"X-Forwarded-For": "203.0.113.9"}):
        assert request.remote_addr != "203.0.113.9"


def test_sessions_last_as_long_as_the_settings_say(production: Flask) -> None:
    assert production.permanent_session_lifetime.total_seconds() == 8 * 3600


def test_debug_is_never_on(database_url: URL, monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    assert not create_app(Settings(database_url, SECRET, "local", ("localhost",))).debug


def test_the_session_ends_with_the_request(app: Flask, connection: object) -> None:
    with app.app_context():
        before = db.session()
    with app.app_context():
        assert db.session() is not before


def test_the_worker_finds_jobs_to_do(app: Flask) -> None:
    assert all(callable(job) for job in app.extensions["jobs"].values())
    assert app.extensions["jobs"]


def test_the_commands_are_shown_without_any_setting() -> None:
    done = stockcode("--help")
    assert (done.returncode, done.stderr) == (0, "")
    for command in ("up", "users", "worker", "import"):
        assert f"\n  {command} " in done.stdout


@pytest.mark.parametrize(
    ("environment", "variable"),
    [
        ({}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:hush@h/d"}, "SECRET_KEY"),
        ({"DATABASE_URL": "mysql://u:hush@h/d", "SECRET_KEY": SECRET}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:hush@h/d", "SECRET_KEY": "hush"}, "SECRET_KEY"),
        ({"DATABASE_URL": "postgresql://u:hush@h/d", "SECRET_KEY": SECRET}, "TRUSTED_HOSTS"),
    ],
)
def test_a_missing_setting_is_one_line_and_exit_3(environment: dict[str, str], variable: str) -> None:
    done = stockcode("users", "list", **environment)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert variable in done.stderr
    assert "hush" not in done.stderr


def test_a_machine_with_an_installation_is_told_where_its_settings_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "local.env").touch()
    monkeypatch.setattr(composition, "LOCAL_ENV", tmp_path / "local.env")
    monkeypatch.setattr(sys, "argv", ["stockcode", "users", "list"])
    with pytest.raises(SystemExit) as ended:
        composition.main()
    assert ended.value.code == 3
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f". {tmp_path / 'local.env'}" in said


def test_an_unreachable_database_is_one_line_and_exit_4() -> None:
    done = stockcode(
        "users",
        "list",
        DATABASE_URL="postgresql://u:hush@127.0.0.1:1/d",
        SECRET_KEY=SECRET,
        APP_ENV="local",
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (4, "", 1)
    assert "cannot be reached" in done.stderr
    assert "hush" not in done.stderr


def test_a_database_without_tables_is_one_line_and_exit_4(new_database: object) -> None:
    assert callable(new_database)
    url: URL = new_database()
    done = stockcode(
        "users",
        "list",
        DATABASE_URL=url.render_as_string(hide_password=False),
        SECRET_KEY=SECRET,
        APP_ENV="local",
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (4, "", 1)
    assert "run_migrations.py upgrade" in done.stderr


def test_an_unknown_command_is_exit_2_whatever_is_set() -> None:
    done = stockcode("fly")
    assert done.returncode == 2
    assert "No such command 'fly'" in done.stderr


def test_no_file_is_read_for_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"DATABASE_URL=postgresql://h/d\nSECRET_KEY={SECRET}\nAPP_ENV=local\n")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "-c", "from webapp.app import main; main()", "users", "list"]
    environment = kept | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3
