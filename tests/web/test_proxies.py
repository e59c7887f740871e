"""Proxies in front: the ones that the settings name are believed, and one that is not is said once."""

import logging

import pytest
from flask import Flask, request

from webapp.web import proxies

FORWARDED = {"X-Forwarded-For": "203.0.113.9"}


def application(behind: int) -> Flask:
    app = Flask("behind")
    proxies.install(app, behind)
    app.add_url_rule("/", "address", lambda: str(request.remote_addr))
    return app


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "webapp.web.proxies"]


@pytest.mark.parametrize(
    ("behind", "headers", "named"),
    [
        (0, FORWARDED, "X-Forwarded-For"),
        (0, {"Forwarded": "for=203.0.113.9"}, "Forwarded"),
        (0, {"X-Real-IP": "203.0.113.9", "X-Forwarded-Proto": "https"}, "X-Forwarded-Proto, X-Real-IP"),
        (2, FORWARDED, "X-Forwarded-For"),
        (1, {"Forwarded": "for=203.0.113.9"}, "Forwarded"),
    ],
)
def test_a_header_that_is_ignored_is_warned_about_once(
    caplog: pytest.LogCaptureFixture, behind: int, headers: dict[str, str], named: str
) -> None:
    browser = application(behind).test_client()
    for _ in range(3):
        assert browser.get("/", headers=headers).text == "127.0.0.1"
    (warning,) = warnings(caplog)
    assert warning.startswith(f"{named} ignored as BEHIND_PROXIES is {behind}:")


@pytest.mark.parametrize(
    ("behind", "headers", "address"),
    [
        (0, {}, "127.0.0.1"),
        (1, FORWARDED, "203.0.113.9"),
        (1, {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}, "203.0.113.9"),
        (1, {}, "127.0.0.1"),
    ],
)
def test_where_the_settings_fit_nothing_is_said(
    caplog: pytest.LogCaptureFixture, behind: int, headers: dict[str, str], address: str
) -> None:
    with caplog.at_level(logging.WARNING):
        assert application(behind).test_client().get("/", headers=headers).text == address
    assert warnings(caplog) == []
