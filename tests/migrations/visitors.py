"""Web servers in processes of their own, and people who use them through whichever server is ready."""

import http.client
import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlencode

from sqlalchemy import Engine
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from tests.people import PASSWORD
from tests.screens.browsing import fields
from webapp.models.company import Company
from webapp.models.user import User
from webapp.services.accounts import passwords

READY_SECONDS = 60.0
LOOK_SECONDS = 0.2
LONGEST_SHOWN = 3000
TOKEN = re.compile(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"')


@dataclass(eq=False)
class Server:
    """gunicorn, as in production, on a port that the kernel chose, with the code in one folder."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: IO[bytes]
    served: int = 0

    def ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> "Answer":
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            return Answer(response.status, response.headers, text)
        finally:
            connection.close()

    def ready(self) -> "Answer":
        return self.ask("GET", "/readyz", None, {})

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read().decode()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


def settle(engine: Engine, *, companies: int, stewards: int) -> None:
    """Companies to work on, and an account for every steward."""
    kept = passwords.hashed(PASSWORD)
    with Session(engine) as session, session.begin():
        for number in range(1, companies + 1):
            name = f"試験{number}"
            session.add(Company(edinet_code=f"E{number:05d}", name_ja=f"{name}株式会社", name_ja_folded=name))
        for number in range(stewards):
            facts = {"name": f"steward {number}", "role": "steward", "password_hash": kept, "is_active": True}
            session.add(User(email=email_of(number), **facts))


def email_of(number: int) -> str:
    return f"steward{number}@example.co.jp"


@contextmanager
def serving(code: Path, url: URL, log: Path, *, workers: int = 1) -> Iterator[Server]:
    """Serve the application in a folder, on a database, until the block is left."""
    address = {"DATABASE_URL": url.render_as_string(hide_password=False)}
    settings = {"SECRET_KEY": "k" * 32, "APP_ENV": "local", "WEB_CONCURRENCY": str(workers)}
    environment = {**os.environ, **address, **settings}
    with socket.socket() as listener, log.open("w+b") as out:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        command = [sys.executable, "-m", "gunicorn", "--config", "python:webapp.api.serving"]
        command += ["--bind", f"fd://{listener.fileno()}", "--no-control-socket", "wsgi:app"]
        process = subprocess.Popen(
            command, cwd=code, env=environment, stdout=out, stderr=out, pass_fds=(listener.fileno(),)
        )
        try:
            yield Server(listener.getsockname()[1], process, out)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.wait(40)


@dataclass
class Balancer:
    """Sends requests to the servers that are ready, in turn, as a load balancer does."""

    servers: list[Server]
    ready: tuple[Server, ...] = ()
    _turn: Iterator[int] = field(default_factory=itertools.count)
    _done: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def looking(self) -> Iterator["Balancer"]:
        thread = threading.Thread(target=self._look)
        thread.start()
        try:
            yield self
        finally:
            self._done.set()
            thread.join()

    def _look(self) -> None:
        while not self._done.wait(LOOK_SECONDS):
            self.ready = tuple(server for server in list(self.servers) if _is_ready(server))

    def take_out(self, server: Server) -> None:
        """Send it nothing more, and let what it has been sent end."""
        self.servers.remove(server)
        time.sleep(2 * LOOK_SECONDS)

    def ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        ready = [server for server in self.ready if server in self.servers]
        server = ready[next(self._turn) % len(ready)]
        server.served += 1
        return server.ask(method, path, body, headers)

    def wait_for(self, server: Server) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while server not in self.ready:
            assert server.process.poll() is None, server.said()
            assert time.monotonic() < deadline, server.said()
            time.sleep(0.05)


def _is_ready(server: Server) -> bool:
    try:
        return server.ready().status == 200
    except (OSError, http.client.HTTPException):
        return False


class Person:
    """Somebody with one browser."""

    def __init__(self, balancer: Balancer) -> None:
        self.balancer = balancer
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, data: dict[str, str]) -> Answer:
        return self._ask("POST", path, urlencode(data))

    def sign_in(self, email: str) -> None:
        token = token_on(self.get("/login").text)
        sent = {"email": email, "password": PASSWORD, "csrf_token": token}
        answer = self.post("/login", sent)
        assert answer.status == 303, answer.text

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"Host": "localhost", "Accept-Language": "en", "Accept": "text/html"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        answer = self.balancer.ask(method, path, body, headers)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def token_on(page: str) -> str:
    found = TOKEN.search(page)
    assert found is not None, page
    return found[1]


class Refused(Exception):
    """An answer that is not what a working application gives."""


def expect(answer: Answer, status: int, text: str = "") -> Answer:
    if answer.status != status or text not in answer.text:
        main = answer.text.find("<main")
        raise Refused(f"{answer.status} instead of {status}: {answer.text[main:][:LONGEST_SHOWN]}")
    return answer


class Steward(Person):
    """Reads lists and records; edits one company over and over; adds companies and deletes them again."""

    def __init__(self, balancer: Balancer, number: int, company_id: int) -> None:
        super().__init__(balancer)
        self.number = number
        self.company_id = company_id
        self.name = ""
        self.writes = 0
        self._made = itertools.count(10_000 * (number + 1) + 50_000)
        self._form: dict[str, str] = {}
        self._key = ""

    def steps(self) -> Iterator[Callable[[], None]]:
        """One request each, forever."""
        return itertools.cycle(
            (self.look, self.read, self.open, self.save, self.start, self.add, self.delete)
        )

    def look(self) -> None:
        asked = urlencode({"search": "試験", "page": self.writes % 5})
        expect(self.get(f"/admin/companies/?{asked}"), 200, "試験")

    def read(self) -> None:
        expect(self.get(f"/admin/companies/details/?id={self.company_id}"), 200, self.name)

    def open(self) -> None:
        self._form = fields(expect(self.get(f"/admin/companies/edit/?id={self.company_id}"), 200).text)

    def save(self) -> None:
        self.name = f"Company {self.number} as of {self.writes}"
        sent = {**self._form, "name_en": self.name, "change_reason": "under traffic"}
        expect(self.post(f"/admin/companies/edit/?id={self.company_id}", sent), 302)
        self.writes += 1

    def start(self) -> None:
        self._form = fields(expect(self.get("/admin/companies/new/"), 200).text)

    def add(self) -> None:
        code = f"E{next(self._made)}"
        sent = {**self._form, "edinet_code": code, "name_ja": "新会社"}
        expect(self.post("/admin/companies/new/", sent), 302)
        page = expect(self.get(f"/admin/companies/?search={code}"), 200, code).text
        found = re.search(r"/edit/\?id=(\d+)", page)
        assert found is not None, page
        self._key = found[1]
        self.writes += 1

    def delete(self) -> None:
        sent = {"id": self._key, "confirmed": "1", "csrf_token": self._form["csrf_token"]}
        expect(self.post("/admin/companies/delete/?seen=1", sent), 302)
        self.writes += 1


@dataclass
class Traffic:
    """Stewards at work at a steady pace together; what fails is kept, never raised."""

    stewards: list[Steward]
    requests_a_second: float
    requests: int = 0
    failures: list[str] = field(default_factory=list)
    longest: float = 0.0
    seconds: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def flowing(self) -> Iterator["Traffic"]:
        threads = [threading.Thread(target=self._work, args=(steward,)) for steward in self.stewards]
        began = time.monotonic()
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._done.set()
            for thread in threads:
                thread.join()
            self.seconds = time.monotonic() - began

    def _work(self, steward: Steward) -> None:
        each = len(self.stewards) / self.requests_a_second
        due = time.monotonic() + each * steward.number / len(self.stewards)
        for step in steward.steps():
            # Whoever has waited for an answer makes up for it: the pace holds on the whole.
            if self._done.wait(max(0.0, due - time.monotonic())):
                return
            due += each
            began = time.monotonic()
            problem = _problem(step)
            with self._lock:
                self.requests += 1
                self.longest = max(self.longest, time.monotonic() - began)
                if problem is not None:
                    self.failures.append(f"{step.__name__}: {problem}")


def _problem(step: Callable[[], Any]) -> str | None:
    try:
        step()
    except (Refused, OSError, http.client.HTTPException, ValueError, AssertionError) as error:
        return f"{type(error).__name__} {error}"
    return None
