"""Settings come from the environment, whole or not at all, and never give a secret away."""

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.dialects.postgresql import psycopg

from webapp import settings
from webapp.settings import SettingsError

KEY = "0123456789abcdef0123456789abcdef"
FINE = {
    "DATABASE_URL": "postgresql://u:p@h:5432/d",
    "SECRET_KEY": KEY,
    "TRUSTED_HOSTS": "admin.example.co.jp, localhost",
}


def refusal(**changes: str) -> str:
    with pytest.raises(SettingsError) as refused:
        settings.from_env({**FINE, **changes})
    return str(refused.value)


def test_production_is_what_is_meant_unless_something_else_is_said() -> None:
    found = settings.from_env(FINE)
    assert (found.environment, found.is_production, found.session_hours) == ("production", True, 12)
    assert found.trusted_hosts == ("admin.example.co.jp", "localhost")
    assert found.database_url.drivername == "postgresql+psycopg"


def test_on_ones_own_machine_the_loopback_names_are_trusted() -> None:
    found = settings.from_env({"DATABASE_URL": FINE["DATABASE_URL"], "SECRET_KEY": KEY, "APP_ENV": "local"})
    assert (found.is_production, found.trusted_hosts) == (False, ("localhost", "127.0.0.1"))


def test_secrets_are_in_no_repr() -> None:
    found = settings.from_env({**FINE, "DATABASE_URL": "postgresql://u:canary@h/d"})
    assert "canary" not in repr(found) + str(found.database_url)
    assert KEY not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "sqlite:///x",
        "postgresql+psycopg2://u:canary@h/d",
        "postgresql://u:canary@h",
        "postgresql://u:canary@h:port/d",
        "canary",
        "postgresql://u:can@ary@h/d",
        "postgresql://u:12/d?canary@h/d",
        "postgresql://u:can@ary/%40@h:1/d",
        "postgresql://u:p@h/canary/d",
    ],
)
def test_an_address_that_cannot_be_meant_is_one_line_without_the_password(url: str) -> None:
    said = refusal(DATABASE_URL=url)
    assert said.startswith("DATABASE_URL ")
    assert "Set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE" in said
    assert "canary" not in said
    assert "ary" not in said.replace("canary", "")
    assert "\n" not in said


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_the_scheme_means_psycopg(scheme: str) -> None:
    url = settings.database_url({"DATABASE_URL": f"{scheme}://u:p%40%2F%2540@h/d?host=/run/socket"})
    assert (url.drivername, url.password, url.query["host"]) == (
        "postgresql+psycopg",
        "p@/%40",
        "/run/socket",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "canary"),
        ("TRUSTED_HOSTS", " , "),
        ("APP_ENV", "canary"),
        ("SESSION_HOURS", "0"),
        ("SESSION_HOURS", "25"),
        ("SESSION_HOURS", "１２"),
        ("BEHIND_PROXIES", "-1"),
        ("BEHIND_PROXIES", "canary"),
    ],
)
def test_whatever_is_missing_or_malformed_is_named_and_not_shown(name: str, value: str) -> None:
    said = refusal(**{name: value})
    assert said.startswith(name)
    assert "canary" not in said


@pytest.mark.parametrize(
    ("written", "connected"),
    [
        ("%2Fvar%2Frun", {"host": "/var/run"}),
        ("%2Fvar%2Frun:5433", {"host": "/var/run", "port": "5433"}),
        ("one,two", {"host": "one,two", "port": "5432,5432"}),
        ("one:5433,two:5434", {"host": "one,two", "port": "5433,5434"}),
        ("[::1]:5433,two", {"host": "::1,two", "port": "5433,5432"}),
    ],
)
@pytest.mark.parametrize("person", ["", "u@", "u:p%40%2C%2Fvar@", "%2Fvar%2Frun:p@"])
def test_an_address_is_read_as_libpq_reads_it(person: str, written: str, connected: dict[str, str]) -> None:
    address = f"postgresql://{person}{written}/records?target_session_attrs=any"
    url = settings.database_url({"DATABASE_URL": address})
    arguments = psycopg.dialect().create_connect_args(url)[1]
    assert {name: str(arguments[name]) for name in connected} == connected
    assert arguments["dbname"] == "records"
    libpq = conninfo_to_dict(address)
    assert {name: libpq.get(name, "5432") for name in ("host", "user", "password") if name in libpq} == {
        name: arguments[name] for name in ("host", "user", "password") if name in libpq
    }


@pytest.mark.parametrize(
    "options", ["host=one,two,three&port=1,2", "host=one&port=canary", "host=one:1&host=two:canary"]
)
def test_hosts_and_ports_that_do_not_go_together_are_refused(options: str) -> None:
    with pytest.raises(settings.SettingsError, match="DATABASE_URL holds hosts and ports") as refused:
        settings.database_url({"DATABASE_URL": f"postgresql://u:canary@/d?{options}"})
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize("hosts", ["one,", ",one", "one:x,two", "one:5433:5434,two"])
def test_hosts_that_are_none_are_refused_without_repeating_them(hosts: str) -> None:
    with pytest.raises(settings.SettingsError) as refused:
        settings.database_url({"DATABASE_URL": f"postgresql://u:canary@{hosts}/d"})
    assert "canary" not in str(refused.value)
