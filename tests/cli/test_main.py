"""The console script: what it says before anything is loaded, and when a command cannot begin."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from webapp.cli import database, main

STOCKCODE = Path(sysconfig.get_path("scripts")) / "stockcode"
SECRET = "not a secret, but as long as one has to be"


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


def refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command that needs settings says in one line, in this process, when it cannot begin."""
    monkeypatch.setattr(sys, "argv", ["stockcode", "users", "list"])
    with pytest.raises(SystemExit) as ended:
        main.main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out, said.err.count("\n")) == (3, "", 1)
    return said.err


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
def test_a_missing_setting_is_one_line_and_exit_3(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    environment: dict[str, str],
    variable: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    said = refused(monkeypatch, capsys)
    assert variable in said
    assert "hush" not in said


def test_a_machine_with_an_installation_is_told_where_its_settings_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "local.env").touch()
    monkeypatch.setattr(database, "LOCAL_ENV", tmp_path / "local.env")
    assert f". {tmp_path / 'local.env'}" in refused(monkeypatch, capsys)


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
    command = [sys.executable, "-c", "from webapp.cli.main import main; main()", "users", "list"]
    environment = kept | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3
