"""stockcode users: one clear line and a true exit code."""

from functools import partial

import pytest

from tests import people
from tests.cli.conftest import Stockcode
from webapp import db
from webapp.cli import users
from webapp.cli.commands import users as users_command
from webapp.services.accounts import accounts, passwords, visitors

pytestmark = pytest.mark.usefixtures("connection")
GOOD = "a long enough password"


@pytest.fixture(autouse=True)
def speaking_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the terminal of whoever runs the tests speaks."""
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def run(stockcode: Stockcode) -> Stockcode:
    """stockcode users ..."""
    return partial(stockcode, "users")


def test_a_user_is_added_with_the_password_from_standard_input(run: Stockcode) -> None:
    done = run(
        "add", "Hanako@Example.com", "--role", "steward", "--name", "花子", "--password-stdin", given=GOOD
    )
    assert (done.exit_code, done.stdout) == (0, "Added hanako@example.com as steward.\n")
    user = accounts.find("hanako@example.com")
    assert (user.name, user.role) == ("花子", "steward")
    assert passwords.is_right(GOOD, user.password_hash)


def test_only_the_first_line_is_the_password(run: Stockcode) -> None:
    run("add", "a@example.com", "--role", "viewer", "--password-stdin", given=f"{GOOD}\r\nmore\n")
    assert passwords.is_right(GOOD, accounts.find("a@example.com").password_hash)


@pytest.mark.parametrize("words", [("add", "a@example.com", "--role", "viewer"), ("set-password", "a@b.c")])
def test_without_a_terminal_the_password_is_not_asked_for(run: Stockcode, words: tuple[str, ...]) -> None:
    done = run(*words, given=GOOD)
    assert done.exit_code == 2
    assert "--password-stdin" in done.stderr


def test_an_empty_password_is_a_mistake_in_the_command(run: Stockcode) -> None:
    done = run("add", "a@example.com", "--role", "viewer", "--password-stdin", given="\n")
    assert done.exit_code == 2
    assert "no password" in done.stderr


def test_at_a_terminal_the_password_is_typed_twice(run: Stockcode, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []

    def prompt(_text: str, **how: object) -> str:
        asked.append(how)
        return GOOD

    monkeypatch.setattr(users_command, "_is_at_terminal", lambda: True)
    monkeypatch.setattr(users.click, "prompt", prompt)
    assert run("add", "a@example.com", "--role", "viewer").exit_code == 0
    assert asked == [{"hide_input": True, "confirmation_prompt": True}]


@pytest.mark.parametrize(
    ("words", "given", "complaint"),
    [
        (("add", "nobody", "--role", "viewer"), GOOD, "Error: email: an e-mail address"),
        (
            ("add", "a@example.com", "--role", "viewer"),
            "short",
            "Error: password: must have at least 12 characters",
        ),
        (("set-password", "a@example.com"), GOOD, "Error: email: there is no user with this e-mail address"),
    ],
)
def test_a_refusal_is_one_line_and_exit_1(
    run: Stockcode, words: tuple[str, ...], given: str, complaint: str
) -> None:
    done = run(*words, "--password-stdin", given=given)
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", f"{complaint}\n")


def test_the_same_address_twice_is_refused_and_changes_nothing(run: Stockcode) -> None:
    user = people.user("viewer")
    email = user.email
    done = run("add", email, "--role", "admin", "--password-stdin", given=GOOD)
    assert done.exit_code == 1
    assert "already a user" in done.stderr
    assert accounts.find(email).role == "viewer"


def test_an_unknown_role_is_a_mistake_in_the_command(run: Stockcode) -> None:
    done = run("add", "a@example.com", "--role", "root", "--password-stdin", given=GOOD)
    assert done.exit_code == 2
    assert "'viewer', 'steward', 'approver', 'admin'" in done.stderr


def test_a_new_password_ends_the_sessions(run: Stockcode) -> None:
    user = people.user()
    email, user_id, version = user.email, user.id, user.session_version
    assert run("set-password", email, "--password-stdin", given=GOOD).exit_code == 0
    assert passwords.is_right(GOOD, accounts.find(email).password_hash)
    assert visitors.in_session(user_id, version) is None


def test_disabling_and_enabling_say_what_they_did(run: Stockcode) -> None:
    email = people.user().email
    assert run("disable", email).stdout == f"{email} is disabled; their sessions have ended.\n"
    assert not accounts.find(email).is_active
    assert run("enable", email).stdout == f"{email} may sign in again.\n"
    assert accounts.find(email).is_active


def test_a_role_can_be_changed(run: Stockcode) -> None:
    email = people.user("viewer").email
    assert run("set-role", email, "approver").stdout == f"{email} is now approver.\n"
    assert accounts.find(email).role == "approver"


def test_the_last_administrator_cannot_be_disabled(run: Stockcode) -> None:
    email = people.user("admin").email
    done = run("disable", email)
    assert done.exit_code == 1
    assert "last active administrator" in done.stderr
    assert accounts.find(email).is_active


def test_the_list_shows_who_may_sign_in_and_no_secret(run: Stockcode) -> None:
    people.user("viewer", email="b@example.com", is_active=False)
    hashed = people.user("admin", email="a@example.com").password_hash
    with db.transaction():
        accounts.has_signed_in(accounts.find("a@example.com"))
    done = run("list")
    assert [line.split("\t")[:3] for line in done.stdout.splitlines()] == [
        ["a@example.com", "admin", "active"],
        ["b@example.com", "viewer", "disabled"],
    ]
    assert done.stdout.splitlines()[1].endswith("never")
    assert hashed not in done.stdout


def test_no_command_takes_a_password_as_an_argument() -> None:
    words = {option.name for command in users_command.command.commands.values() for option in command.params}
    assert {word for word in words if word and "password" in word} == {"password_stdin"}


def test_it_speaks_japanese_where_the_terminal_does(run: Stockcode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    done = run("add", "a@example.com", "--role", "viewer", "--password-stdin", given=GOOD)
    assert done.stdout == "a@example.com を viewer として追加しました。\n"
    refused = run("add", "a@example.com", "--role", "viewer", "--password-stdin", given=GOOD)
    assert refused.exit_code == 1
    assert "すでに" in refused.stderr
    assert "有効\tなし" in run("list").stdout
