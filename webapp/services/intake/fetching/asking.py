"""Ask EDINET for something: not too often, again where it fails for the moment, and the key is in no word of ours.

Source: EDINET API 仕様書 (Version 2): the key is a parameter, `Subscription-Key`; a refusal may come with HTTP 200 and
a JSON body that tells the status (a bad key: {"StatusCode": 401}). Proxies are those of the environment (https_proxy,
no_proxy), certificates those that OpenSSL trusts (SSL_CERT_FILE names others).
"""

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import IO, Any
from urllib.parse import urlencode

from webapp.files import edinet_answers

API = "https://api.edinet-fsa.go.jp/api/v2"
CODE_LIST = "https://disclosure2dl.edinet-fsa.go.jp/searchdocument/codelist/Edinetcode.zip"
SECONDS_OF_SILENCE = 60
TRIES, FIRST_WAIT, LONGEST_WAIT = 5, 2.0, 300.0
MOST_BYTES = 64 * 1024 * 1024
# Too many requests, or something that passes.
PASSING = (408, 429, 500, 502, 503, 504)
OF_THE_KEY = (401, 403)
OTHER = 0
SENTENCES = {
    OTHER: "EDINET refuses with status %(status)s",
    400: "EDINET finds the request wrong",
    401: "EDINET does not accept the key in EDINET_API_KEY",
    403: "EDINET does not accept the key in EDINET_API_KEY",
    404: "EDINET has no such file",
    429: "EDINET has been asked too often; try again later",
}


class NotFetched(Exception):
    """EDINET does not give what was asked for; `reason` is an English msgid. `is_final`: nor anything else now."""

    def __init__(self, reason: str, *, is_final: bool = False, **values: object) -> None:
        self.reason, self.values, self.is_final = reason, values, is_final
        super().__init__(reason % values if values else reason)


class _Passing(Exception):
    """It failed in a way that may pass; EDINET may say after how many seconds."""

    def __init__(self, failure: NotFetched, seconds: float | None = None) -> None:
        self.failure, self.seconds = failure, seconds
        super().__init__()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """EDINET leads nowhere else; what does is a proxy's page to sign in at, and it need not learn our key."""

    def redirect_request(
        self,
        _request: urllib.request.Request,
        _file: IO[bytes],
        _code: int,
        _why: str,
        _headers: Message,
        _to: str,
    ) -> None:
        return None


@dataclass(slots=True)
class Edinet:
    """EDINET, and how it is asked: the key, and at least so many seconds from one request to the next."""

    key: str = field(default="", repr=False)
    pause: float = 1.0
    sleep: Callable[[float], None] = time.sleep
    _next_at: float = 0.0

    def code_list(self) -> bytes:
        """The zip of the EDINET code list, for which no key is needed; raises NotFetched."""
        return self._get(CODE_LIST, {})

    def documents(self, day: str) -> bytes:
        """The list of a day's documents, as JSON; raises NotFetched."""
        return self._get(f"{API}/documents.json", {"date": day, "type": "2", "Subscription-Key": self.key})

    def filing(self, doc_id: str) -> bytes:
        """The zip of a document's CSV, type 5; raises NotFetched."""
        return self._get(f"{API}/documents/{doc_id}", {"type": "5", "Subscription-Key": self.key})

    def _get(self, address: str, parameters: Mapping[str, str]) -> bytes:
        wait = FIRST_WAIT
        for tries in range(TRIES):
            self._wait_for_turn()
            try:
                return _asked(f"{address}?{urlencode(parameters)}" if parameters else address)
            except _Passing as passing:
                seconds = wait if passing.seconds is None else passing.seconds
                if tries == TRIES - 1 or seconds > LONGEST_WAIT:
                    raise passing.failure from None
            self.sleep(seconds)
            wait *= 2
        raise AssertionError  # the last try returns or raises

    def _wait_for_turn(self) -> None:
        if (early := self._next_at - time.monotonic()) > 0:
            self.sleep(early)
        self._next_at = time.monotonic() + self.pause


def _asked(address: str) -> bytes:
    """What is answered; raises _Passing or NotFetched, neither of which knows the address, as the key is in it."""
    opener = urllib.request.build_opener(_NoRedirects)
    try:
        with opener.open(address, timeout=SECONDS_OF_SILENCE) as answer:
            body: bytes = answer.read(MOST_BYTES + 1)
            expected = answer.headers.get("Content-Length")
    except urllib.error.HTTPError as error:
        with error:
            raise _refusal(error.code, error.headers) from None
    except (OSError, http.client.HTTPException) as error:
        raise _unanswered(error) from None
    if len(body) > MOST_BYTES:
        raise NotFetched("EDINET sends more than can be taken")
    if expected is not None and expected.isdecimal() and int(expected) != len(body):
        raise _Passing(NotFetched("EDINET's answer was cut off"))
    status = _status_in(body)
    if status is not None:
        raise _refusal(status, None)
    return body


def _unanswered(error: OSError | http.client.HTTPException) -> Exception:
    cause = getattr(error, "reason", None)
    if isinstance(cause, ssl.SSLCertVerificationError) or isinstance(error, ssl.SSLCertVerificationError):
        return NotFetched(
            "The certificate of EDINET, or of the proxy before it, is not trusted here", is_final=True
        )
    return _Passing(NotFetched("EDINET cannot be reached", is_final=True))


def _status_in(body: bytes) -> int | None:
    """The status of a refusal that comes as if it were an answer; None where nothing is refused."""
    if body[:1] != b"{":
        return None
    try:
        answer: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = edinet_answers.status(answer)
    return None if code in (None, edinet_answers.OK) else int(code) if str(code).isdecimal() else 400


def _refusal(status: int, headers: Message | None) -> Exception:
    reason = SENTENCES.get(status, SENTENCES[OTHER])
    failure = NotFetched(reason, is_final=status in (*OF_THE_KEY, 429), status=status)
    if status in PASSING:
        return _Passing(failure, _seconds(headers.get("Retry-After") if headers else None))
    return failure


def _seconds(retry_after: str | None) -> float | None:
    """How long to wait (RFC 9110, 10.2.3): seconds, or the moment at which to come back."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(UTC) - datetime.now(UTC)).total_seconds())
