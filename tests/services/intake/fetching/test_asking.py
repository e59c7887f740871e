"""How EDINET is asked: politely, again where it may help, through proxies, and with a key that nobody reads."""

import logging
import ssl
import traceback
import urllib.error
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.services.intake.fetching import edinet_server
from tests.services.intake.fetching.edinet_server import KEY, Answers
from webapp.services.intake.fetching import asking
from webapp.services.intake.fetching.asking import Edinet, NotFetched


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    with edinet_server.running() as answers:
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        monkeypatch.setattr(asking, "API", f"{answers.address}/api/v2")
        monkeypatch.setattr(asking, "CODE_LIST", f"{answers.address}/codelist/Edinetcode.zip")
        yield answers


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def edinet(waits: list[float]) -> Edinet:
    return Edinet(KEY, pause=0, sleep=waits.append)


def test_a_day_and_a_document_are_asked_for_as_documented(server: Answers, edinet: Edinet) -> None:
    server.files["S100TEST"] = b"PK\x03\x04"
    assert edinet.documents("2025-06-25") == edinet_server.listed("2025-06-25", ())
    assert edinet.filing("S100TEST") == b"PK\x03\x04"
    assert server.asked == [
        f"/api/v2/documents.json?date=2025-06-25&type=2&Subscription-Key={KEY}",
        f"/api/v2/documents/S100TEST?type=5&Subscription-Key={KEY}",
    ]


def test_the_code_list_is_asked_for_without_a_key(server: Answers, edinet: Edinet) -> None:
    server.files["codes"] = b"PK\x03\x04"
    assert edinet.code_list() == b"PK\x03\x04"
    assert server.asked == ["/codelist/Edinetcode.zip"]


def test_a_bad_key_that_is_answered_as_if_all_were_well_is_the_failure_that_it_is(
    server: Answers, waits: list[float]
) -> None:
    with pytest.raises(NotFetched, match="does not accept the key in EDINET_API_KEY") as refused:
        Edinet("bad", sleep=waits.append).documents("2025-06-25")
    assert (refused.value.is_final, len(server.asked), waits) == (True, 1, [])


def test_a_document_that_is_not_there_is_its_own_failure(server: Answers, edinet: Edinet) -> None:
    with pytest.raises(NotFetched, match="EDINET has no such file") as refused:
        edinet.filing("S100NONE")
    assert refused.value.is_final is False


@pytest.mark.parametrize("status", [0, 429, 500, 503])
def test_what_may_pass_is_tried_again_after_longer_and_longer(
    server: Answers, edinet: Edinet, waits: list[float], status: int
) -> None:
    server.troubles = [(status, {})] * 3
    assert edinet.documents("2025-06-25").startswith(b"{")
    assert waits == [2, 4, 8]


@pytest.mark.parametrize(
    ("status", "reason", "is_final"),
    [
        (0, "EDINET cannot be reached", True),
        (429, "EDINET has been asked too often; try again later", True),
        (503, "EDINET refuses with status 503", False),
    ],
)
def test_after_five_tries_it_is_given_up(
    server: Answers, waits: list[float], status: int, reason: str, is_final: bool
) -> None:
    edinet = Edinet(KEY, pause=0, sleep=waits.append)
    server.troubles = [(status, {})] * 9
    with pytest.raises(NotFetched) as refused:
        edinet.documents("2025-06-25")
    assert (str(refused.value), refused.value.is_final) == (reason, is_final)
    assert (len(server.asked), waits) == (5, [2, 4, 8, 16])


def test_edinet_says_how_long_to_wait_in_seconds_or_by_the_clock(
    server: Answers, edinet: Edinet, waits: list[float]
) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    server.troubles = [
        (429, {"Retry-After": after}) for after in ("7", moment, "soon", "Thu, 1 Jan 1970 00:00:00 GMT")
    ]
    edinet.documents("2025-06-25")
    assert (waits[0], waits[2], waits[3]) == (7, 8, 0)
    assert 60 < waits[1] <= 90


def test_nobody_waits_for_an_hour(server: Answers, edinet: Edinet, waits: list[float]) -> None:
    server.troubles = [(503, {"Retry-After": "3600"})]
    with pytest.raises(NotFetched, match="status 503"):
        edinet.documents("2025-06-25")
    assert waits == []


def test_requests_come_no_faster_than_the_pause(server: Answers, waits: list[float]) -> None:
    edinet = Edinet(KEY, pause=5, sleep=waits.append)
    for _ in range(2):
        edinet.documents("2025-06-25")
    assert len(waits) == 1
    assert 4 < waits[0] <= 5


def test_an_answer_that_is_cut_off_is_asked_for_again(
    server: Answers, edinet: Edinet, waits: list[float]
) -> None:
    server.is_cut_off = True
    with pytest.raises(NotFetched, match="was cut off"):
        edinet.documents("2025-06-25")
    assert len(waits) == 4


def test_an_answer_beyond_all_measure_is_not_taken(
    server: Answers, edinet: Edinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_BYTES", 10)
    with pytest.raises(NotFetched, match="more than can be taken"):
        edinet.documents("2025-06-25")


def test_nobody_is_led_elsewhere_with_the_key(server: Answers, edinet: Edinet) -> None:
    server.troubles = [(302, {"Location": f"{server.address}/sign-in"})]
    with pytest.raises(NotFetched, match="status 302"):
        edinet.documents("2025-06-25")
    assert len(server.asked) == 1


def test_the_proxy_of_the_environment_is_asked(
    server: Answers, edinet: Edinet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "API", "http://edinet.invalid/api/v2")
    monkeypatch.setenv("http_proxy", server.address)
    assert edinet.documents("2025-06-25").startswith(b"{")
    assert server.asked[0].startswith("http://edinet.invalid/api/v2/documents.json?")


def test_a_certificate_that_is_not_trusted_is_said(edinet: Edinet, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise urllib.error.URLError(ssl.SSLCertVerificationError("self-signed"))

    monkeypatch.setattr(urllib.request.OpenerDirector, "open", fail)
    with pytest.raises(NotFetched, match="certificate of EDINET") as refused:
        edinet.documents("2025-06-25")
    assert refused.value.is_final


@pytest.mark.parametrize("status", [0, 401, 404, 500])
def test_the_key_stands_in_no_message_no_log_and_no_trace(
    server: Answers, edinet: Edinet, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    server.troubles = [(status, {})] * 9
    with pytest.raises(NotFetched) as refused:
        edinet.documents("2025-06-25")
    told = "".join(traceback.format_exception(refused.value)) + repr(edinet) + caplog.text
    assert KEY not in told
