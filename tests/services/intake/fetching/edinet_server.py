"""A server on this machine that answers as EDINET is documented to, and as it may on a bad day."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "0123456789abcdef0123456789abcdef"
MADE_AT = "2026-11-29 09:00"


@dataclass(slots=True)
class Answers:
    """What the server has, what goes wrong before it gives it, and what it was asked for."""

    days: dict[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    # Status and headers of the answers that come first; a status of 0 is a connection that ends.
    troubles: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    address: str = ""
    made_at: str = MADE_AT
    is_cut_off: bool = False

    def about(self, path: str, parameters: Mapping[str, str]) -> bytes:
        """The body for a path; refusals are bodies too."""
        if path.endswith("Edinetcode.zip"):
            return self.files["codes"]
        if parameters.get("Subscription-Key") != KEY:
            return packed({"StatusCode": 401, "message": "Access denied due to invalid subscription key."})
        if path.endswith("/documents.json"):
            return listed(parameters["date"], self.days.get(parameters["date"], ()), self.made_at)
        doc_id = path.rpartition("/")[2]
        if doc_id in self.files and parameters["type"] == "5":
            return self.files[doc_id]
        return packed({"metadata": {"title": "書類取得API", "status": "404", "message": "NOT FOUND"}})


def packed(answer: object) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()


def listed(day: str, rows: Sequence[Mapping[str, Any]], made_at: str = MADE_AT) -> bytes:
    """A day's list as the interface gives it."""
    metadata = {
        "title": "提出された書類を把握するためのAPI",
        "parameter": {"date": day, "type": "2"},
        "resultset": {"count": len(rows)},
        "processDateTime": made_at,
        "status": "200",
        "message": "OK",
    }
    return packed({"metadata": metadata, "results": list(rows)})


@contextmanager
def running() -> Iterator[Answers]:
    answers = Answers()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            answers.asked.append(self.path)
            status, headers = answers.troubles.pop(0) if answers.troubles else (200, {})
            if status == 0:
                self.connection.close()
                return
            body = answers.about(parts.path, dict(parse_qsl(parts.query))) if status == 200 else b"trouble"
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) + answers.is_cut_off))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    answers.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield answers
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
