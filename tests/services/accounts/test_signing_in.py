"""Signing in: who gets in, what guessing costs, what is kept of it."""

import logging
import threading
import time
from contextlib import suppress
from datetime import timedelta
from statistics import median

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, delete, func, select, text, update
from sqlalchemy.orm import Session

from tests import people
from webapp import db
from webapp.models.login_attempt import LoginAttempt
from webapp.models.user import User
from webapp.services.accounts import accounts, passwords, signing_in
from webapp.services.accounts.signing_in import Credentials, TooManyAttempts

SECRET = "a key for these tests only, long enough"
in_transaction = pytest.mark.usefixtures("connection")


def attempt(
    email: str, password: str = "wrong", address: str = "192.0.2.1", browser: str | None = None
) -> User | None:
    credentials = Credentials(email, password, address, browser)
    with db.transaction():
        number = signing_in.count(credentials, SECRET)
    with db.transaction():
        return signing_in.sign_in(credentials, number, SECRET)


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(LoginAttempt)) or 0


@in_transaction
def test_the_right_password_lets_in_whatever_the_case_of_the_address() -> None:
    user = people.user()
    assert attempt(f" {user.email.upper()}", people.PASSWORD) is user
    assert user.last_signed_in_at is not None
    assert kept() == 0


@in_transaction
def test_wrong_password_unknown_user_and_disabled_user_are_the_same_no() -> None:
    active, disabled = people.user(), people.user(is_active=False)
    assert attempt(active.email) is None
    assert attempt("nobody@example.com", people.PASSWORD) is None
    assert attempt(disabled.email, people.PASSWORD) is None
    assert kept() == 3


@in_transaction
@pytest.mark.usefixtures("real_hashes")
def test_an_unknown_user_takes_as_long_as_a_wrong_password() -> None:
    user = people.user()
    times: dict[str, list[float]] = {user.email: [], "nobody@example.com": []}
    for _ in range(9):
        for email, taken in times.items():
            began = time.thread_time()
            signing_in.sign_in(Credentials(email, "wrong", "192.0.2.1"), 0, SECRET)
            taken.append(time.thread_time() - began)
    known, unknown = (median(taken) for taken in times.values())
    assert 0.5 < known / unknown < 2


@in_transaction
def test_ten_failures_block_an_account_from_any_address_even_with_the_right_password() -> None:
    user = people.user()
    for number in range(signing_in.MOST_PER_ACCOUNT):
        assert attempt(user.email, address=f"192.0.2.{number}") is None
    with pytest.raises(TooManyAttempts):
        attempt(user.email, people.PASSWORD, address="198.51.100.1")
    assert attempt(people.user().email, people.PASSWORD, address="198.51.100.1") is not None


@in_transaction
def test_an_account_that_does_not_exist_is_blocked_like_one_that_does() -> None:
    for number in range(signing_in.MOST_PER_ACCOUNT):
        assert attempt("nobody@example.com", address=f"192.0.2.{number}") is None
    with pytest.raises(TooManyAttempts):
        attempt("nobody@example.com", address="198.51.100.1")


@in_transaction
def test_twenty_failures_block_an_address_for_any_account() -> None:
    for number in range(signing_in.MOST_PER_SOURCE):
        assert attempt(f"{number}@example.com") is None
    user = people.user()
    with pytest.raises(TooManyAttempts):
        attempt(user.email, people.PASSWORD)
    assert attempt(user.email, people.PASSWORD, address="198.51.100.1") is not None


@in_transaction
def test_a_block_ends_after_five_minutes_and_knocking_does_not_prolong_it() -> None:
    user = people.user()
    for _ in range(signing_in.MOST_PER_ACCOUNT):
        attempt(user.email)
    for _ in range(3):
        with pytest.raises(TooManyAttempts):
            attempt(user.email)
    assert kept() == signing_in.MOST_PER_ACCOUNT
    earlier = LoginAttempt.attempted_at - timedelta(minutes=5)
    db.session.execute(update(LoginAttempt).values(attempted_at=earlier))
    assert attempt(user.email, people.PASSWORD) is not None


@in_transaction
def test_success_forgives_what_failed_in_that_browser_and_gives_strangers_no_new_guesses() -> None:
    user = people.user()
    for _ in range(signing_in.MOST_PER_ACCOUNT - 1):
        attempt(user.email)
        attempt(user.email, browser="known")
    assert attempt(user.email, people.PASSWORD, browser="known") is not None
    assert attempt(user.email, people.PASSWORD, address="198.51.100.1") is not None
    assert kept() == signing_in.MOST_PER_ACCOUNT - 1
    assert attempt(user.email) is None
    with pytest.raises(TooManyAttempts):
        attempt(user.email)


@in_transaction
def test_strangers_keep_nobody_out_of_a_browser_that_the_account_knows() -> None:
    user = people.user()
    for email in [user.email] * 12 + [f"{number}@example.com" for number in range(12)]:
        with suppress(TooManyAttempts):
            attempt(email)
    assert attempt(user.email, people.PASSWORD, browser="known") is not None
    with pytest.raises(TooManyAttempts):
        attempt(user.email, people.PASSWORD)


@in_transaction
def test_a_browser_that_the_account_knows_has_ten_guesses_of_its_own_and_no_more() -> None:
    user = people.user()
    for _ in range(signing_in.MOST_PER_ACCOUNT):
        assert attempt(user.email, browser="known") is None
    with pytest.raises(TooManyAttempts):
        attempt(user.email, people.PASSWORD, browser="known")
    assert attempt(user.email, people.PASSWORD, browser="another") is not None
    assert attempt(user.email, people.PASSWORD) is not None


@in_transaction
def test_the_addresses_of_one_line_are_one_source() -> None:
    for number in range(signing_in.MOST_PER_SOURCE):
        attempt(f"{number}@example.com", address=f"2001:db8:1:2:{number:x}::1")
    user = people.user()
    with pytest.raises(TooManyAttempts):
        attempt(user.email, people.PASSWORD, address="2001:db8:1:2:ffff::9")
    assert attempt(user.email, people.PASSWORD, address="2001:db8:1:3::1") is not None


@in_transaction
def test_the_log_says_which_account_and_source_failed_and_never_what_was_typed_elsewhere(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "webapp.services.accounts.signing_in"):
        for _ in range(signing_in.MOST_PER_ACCOUNT):
            attempt(" Hanako@example.com")
        with pytest.raises(TooManyAttempts):
            attempt("hanako@example.com")
        attempt("my secret guess")
    told = [
        (record.getMessage(), vars(record)["account"], vars(record)["source"]) for record in caplog.records
    ]
    failed = ("sign-in failed", "hanako@example.com", "192.0.2.1")
    assert told[:10] == [failed] * 10
    assert told[10] == ("sign-in refused, too many attempts", "hanako@example.com", "192.0.2.1")
    assert told[11] == ("sign-in failed", "(not an e-mail address)", "192.0.2.1")


@in_transaction
def test_neither_address_nor_account_can_be_read_from_the_table() -> None:
    attempt("hanako@example.com", address="192.0.2.77")
    row = db.session.scalars(select(LoginAttempt)).one()
    assert len(row.account_key) == len(row.address_key) == 64
    assert row.account_key != row.address_key
    with_another_key = signing_in._keys(Credentials("hanako@example.com", "", "192.0.2.77"), SECRET + "x")
    assert row.account_key not in with_another_key


@in_transaction
def test_attempts_are_forgotten_after_a_day() -> None:
    attempt("old@example.com")
    long_ago = LoginAttempt.attempted_at - timedelta(hours=25)
    db.session.execute(update(LoginAttempt).values(attempted_at=long_ago))
    attempt("new@example.com")
    assert signing_in.forget_old_attempts() == 1
    assert kept() == 1


@in_transaction
def test_a_hash_with_old_settings_is_renewed_when_its_owner_signs_in() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(people.PASSWORD)
    user = people.user(password_hash=weak)
    version = user.session_version
    assert attempt(user.email, people.PASSWORD) is user
    assert not passwords.is_outdated(user.password_hash)
    assert user.session_version == version
    assert attempt(user.email, people.PASSWORD) is user


@in_transaction
def test_a_renewed_hash_takes_no_password_back_that_was_set_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user, other = people.user(), passwords.hashed("another long password")

    def is_outdated(_kept: str) -> bool:
        db.session.execute(text("UPDATE users SET password_hash = :other"), {"other": other})
        return True

    monkeypatch.setattr(passwords, "is_outdated", is_outdated)
    attempt(user.email, people.PASSWORD)
    assert db.session.scalar(text("SELECT password_hash FROM users")) == other


@in_transaction
@pytest.mark.parametrize("email", ["", "\ud800@example.com", "x" * 100_000, "nul\x00@example.com"])
def test_junk_for_an_address_is_a_plain_no(email: str) -> None:
    assert attempt(email, "\ud800" * 20) is None


def test_guesses_sent_at_once_see_each_other(engine: Engine) -> None:
    db.bind(engine)
    outcomes: list[str] = []

    def guess() -> None:
        try:
            attempt("target@example.com")
            outcomes.append("compared")
        except TooManyAttempts:
            outcomes.append("refused")
        finally:
            db.session.remove()

    try:
        guesses = [threading.Thread(target=guess) for _ in range(14)]
        for thread in guesses:
            thread.start()
        for thread in guesses:
            thread.join()
        assert len(outcomes) == 14
        assert outcomes.count("compared") <= signing_in.MOST_PER_ACCOUNT
    finally:
        with Session(engine) as session:
            session.execute(delete(LoginAttempt))
            session.commit()


def test_credentials_do_not_show_the_password() -> None:
    assert "hunter" not in repr(Credentials("a@example.com", "hunter", "192.0.2.1"))
    assert accounts.normal_email(" A@Example.com ") == "a@example.com"
