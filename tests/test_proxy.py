"""The proxy that the README shows, as Debian packages it: it buffers, and says who asks."""

import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

EXAMPLE = (Path(__file__).parents[1] / "nginx.conf.example").read_text()
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
HOST = "admin.example.co.jp"
WITHOUT_CHECKS = ssl._create_unverified_context()


class Behind(BaseHTTPRequestHandler):
    """What stands behind the proxy: it notes who asks, and says what came."""

    asked: list[dict[str, str]] = []

    def do_POST(self) -> None:
        self.asked.append({name.lower(): value for name, value in self.headers.items()})
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """nginx with the example, in front of a site that answers one request at a time."""
    nginx = shutil.which("nginx", path=PATH)
    if nginx is None:
        assert os.environ.get("CI") != "true", "with CI=true nginx must be there: apt-get install nginx-light"
        pytest.skip(
            "NGINX IS NOT INSTALLED, THE PROXY OF THE README WAS NOT TESTED: apt-get install nginx-light"
        )
    folder = tmp_path_factory.mktemp("proxy")
    port = free_port()
    with ThreadingHTTPServer(("127.0.0.1", 0), Behind) as behind:
        threading.Thread(target=behind.serve_forever, args=(0.02,), daemon=True).start()
        configuration = configured(folder, port, behind.server_address[1])
        with subprocess.Popen([nginx, "-e", str(folder / "log"), "-c", str(configuration)]) as process:
            try:
                wait_for(port)
                yield port
            finally:
                process.terminate()
                process.wait(20)
                behind.shutdown()


def configured(folder: Path, port: int, behind: int) -> Path:
    """The example with this machine's ports and a certificate, in what Debian's own nginx.conf puts around it."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={HOST}", "-days", "1"]
    subprocess.run([*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    example = EXAMPLE
    for theirs, ours in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("listen 80", f"listen 127.0.0.1:{free_port()}"),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
        (f"/etc/ssl/{HOST}.pem", str(certificate)),
        (f"/etc/ssl/{HOST}.key", str(key)),
    ):
        assert example.count(theirs) == 1, theirs
        example = example.replace(theirs, ours)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = " ".join(f"{kind}_temp_path {folder / kind};" for kind in kinds)
    who = "user root;" if os.geteuid() == 0 else ""
    around = (
        f"{who} daemon off; pid {folder / 'pid'}; events {{}} http {{ access_log off; {places}\n{example}}}"
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(around)
    return configuration


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.05)


def connection(port: int) -> HTTPConnection:
    return HTTPSConnection("127.0.0.1", port, timeout=20, context=WITHOUT_CHECKS)


def test_a_body_that_comes_slowly_reaches_the_site_when_all_of_it_is_there(port: int) -> None:
    Behind.asked.clear()
    with ExitStack() as opened:
        for _ in range(10):
            slow = opened.enter_context(closing(connection(port)))
            slow.putrequest("POST", "/login")
            slow.putheader("Content-Length", "200")
            slow.endheaders(b"ab")
        with closing(connection(port)) as quick:
            quick.request("POST", "/login", b"quick")
            assert quick.getresponse().read() == b"quick"
    assert [asked["content-length"] for asked in Behind.asked] == ["5"]


def test_the_site_hears_from_the_proxy_who_asks_and_not_from_the_visitor(port: int) -> None:
    Behind.asked.clear()
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    with closing(connection(port)) as visitor:
        visitor.request("POST", "/", b"", {"Host": HOST, **forged})
        visitor.getresponse().read()
    (asked,) = Behind.asked
    told = {
        name: asked.get(name) for name in ("host", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host")
    }
    assert told == {
        "host": HOST,
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "https",
        "x-forwarded-host": HOST,
    }
    assert not {"x-real-ip", "forwarded"} & set(asked)
