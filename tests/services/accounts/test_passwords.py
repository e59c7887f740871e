"""Passwords: what is acceptable, and that comparing tells nothing."""

import pytest
from argon2 import PasswordHasher

from webapp.services.accounts import passwords

pytestmark = pytest.mark.usefixtures("real_hashes")
EMAIL = "hanako@example.co.jp"


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("elevenchars", "must have at least 12 characters"),
        ("", "must have at least 12 characters"),
        ("a" * 129, "must have at most 128 characters"),
        ("abababababab", "must have at least 5 different characters"),
        ("hanako@example.co.jp", "must not be the e-mail address"),
        ("Hanako@Example.co.jp!", "must not be the e-mail address"),
        ("@example.co.jp", "must not be the e-mail address"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password: str, complaint: str) -> None:
    assert str(passwords.broken_by(password, EMAIL)) == complaint


@pytest.mark.parametrize("password", ["twelve chars", "正しい馬の電池とホチキスと青空", "x1y2z" + "w" * 123])
def test_a_long_password_of_any_characters_is_accepted(password: str) -> None:
    assert passwords.broken_by(password, EMAIL) is None


def test_the_right_password_is_right_and_no_other() -> None:
    kept = passwords.hashed("correct horse battery")
    assert passwords.is_right("correct horse battery", kept)
    assert not passwords.is_right("correct horse battery ", kept)
    assert not passwords.is_right("", kept)


def test_no_password_is_right_where_there_is_none_to_compare() -> None:
    assert not passwords.is_right("anything at all", None)
    assert not passwords.is_right("anything at all", "not a hash")


def test_keyboards_that_compose_characters_differently_type_the_same_password() -> None:
    kept = passwords.hashed("\u304b\u3099く\u00c5ngstromABC")
    assert passwords.is_right("\u304cくA\u030angstromABC", kept)


def test_a_very_long_guess_is_wrong_and_cheap() -> None:
    kept = passwords.hashed("a1b2c" + "d" * 123)
    assert not passwords.is_right("a1b2c" + "d" * 1_000_000, kept)


def test_a_lone_surrogate_is_a_wrong_password_and_no_error() -> None:
    assert not passwords.is_right("\ud800" * 12, passwords.hashed("correct horse battery"))


def test_a_hash_made_with_weaker_settings_is_outdated() -> None:
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("x"))
    assert not passwords.is_outdated(passwords.hashed("x"))


def test_a_hash_is_argon2id_with_a_salt_of_its_own() -> None:
    first, second = passwords.hashed("x"), passwords.hashed("x")
    assert first.startswith("$argon2id$")
    assert first != second
