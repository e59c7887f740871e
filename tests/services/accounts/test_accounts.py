"""Accounts: made, changed and closed; somebody who can manage users always stays."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, delete, text
from sqlalchemy.orm import Session

from tests import people
from tests.services import at_once
from webapp import db
from webapp.models.user import User
from webapp.services.accounts import accounts, passwords, visitors
from webapp.services.accounts.accounts import AccountError, LastAdministrator, NewUser, NoSuchUser

in_transaction = pytest.mark.usefixtures("connection")
GOOD = "a long enough password"


@in_transaction
def test_a_new_user_is_kept_with_a_hash_and_a_normal_address() -> None:
    made = accounts.add_user(NewUser(" Hanako@Example.CO.JP ", "steward", GOOD, "山田 花子"))
    assert (made.email, made.role, made.name, made.is_active) == (
        "hanako@example.co.jp",
        "steward",
        "山田 花子",
        True,
    )
    assert GOOD not in made.password_hash
    assert passwords.is_right(GOOD, made.password_hash)
    assert accounts.find("HANAKO@example.co.jp") is made


@in_transaction
def test_a_user_without_a_name_is_shown_by_address() -> None:
    assert accounts.add_user(NewUser("a@example.com", "viewer", GOOD)).name == "a@example.com"


@in_transaction
@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (NewUser("nobody", "viewer", GOOD), "email"),
        (NewUser("a b@example.com", "viewer", GOOD), "email"),
        (NewUser("nul\x00@example.com", "viewer", GOOD), "email"),
        (NewUser("a@example.com", "root", GOOD), "role"),
        (NewUser("a@example.com", "viewer", "short"), "password"),
        (NewUser("a@example.com", "viewer", GOOD, "x\x00y"), "name"),
    ],
)
def test_a_bad_account_is_refused_at_its_field(wanted: NewUser, field: str) -> None:
    with pytest.raises(AccountError) as refusal:
        accounts.add_user(wanted)
    assert refusal.value.field == field


@in_transaction
def test_an_address_belongs_to_one_user() -> None:
    accounts.add_user(NewUser("a@example.com", "viewer", GOOD))
    with pytest.raises(AccountError, match="already a user") as refusal:
        accounts.add_user(NewUser("A@example.com", "admin", GOOD))
    assert refusal.value.field == "email"


@in_transaction
def test_everybody_is_listed_by_address() -> None:
    for email in ("b@example.com", "a@example.com"):
        accounts.add_user(NewUser(email, "viewer", GOOD))
    assert [user.email for user in accounts.everybody()] == ["a@example.com", "b@example.com"]


@in_transaction
def test_an_unknown_address_is_said_so() -> None:
    with pytest.raises(NoSuchUser):
        accounts.find("nobody@example.com")


def other_password(user: User) -> None:
    accounts.set_password(user, "another good password")


def other_role(user: User) -> None:
    accounts.change_role(user, "viewer")


def sign_out(user: User) -> None:
    accounts.end_sessions(user.id)


@in_transaction
@pytest.mark.parametrize("change", [other_password, other_role, accounts.disable, sign_out])
def test_a_change_of_access_ends_the_sessions(change: Callable[[User], None]) -> None:
    user = people.user("steward")
    version = user.session_version
    assert visitors.in_session(user.id, version) is not None
    change(user)
    db.session.flush()
    assert visitors.in_session(user.id, version) is None


@in_transaction
def test_a_disabled_user_has_no_session_at_all_until_enabled() -> None:
    user = people.user("steward")
    accounts.disable(user)
    assert visitors.in_session(user.id, user.session_version) is None
    accounts.enable(user)
    assert visitors.in_session(user.id, user.session_version) is not None


@in_transaction
def test_a_wish_that_changes_nothing_leaves_the_sessions() -> None:
    user = people.user("steward")
    accounts.enable(user)
    accounts.change_role(user, "steward")
    assert visitors.in_session(user.id, 1) is not None
    accounts.disable(user)
    accounts.disable(user)
    assert user.session_version == 2


@in_transaction
def test_a_change_raises_the_row_version_that_the_form_checks() -> None:
    user = people.user("steward")
    accounts.rename(user, "新しい名前")
    accounts.change_role(user, "viewer")
    assert (user.name, user.version) == ("新しい名前", 3)


@in_transaction
@pytest.mark.parametrize("change", [other_password, other_role, accounts.disable, sign_out])
def test_sessions_end_that_began_since_the_user_was_read(change: Callable[[User], None]) -> None:
    user = people.user("steward")
    version = user.session_version
    db.session.execute(text("UPDATE users SET session_version = session_version + 1"))
    change(user)
    assert user.session_version == version + 2
    assert visitors.in_session(user.id, version + 1) is None


@in_transaction
def test_a_new_password_must_be_a_good_one() -> None:
    user = people.user("steward")
    with pytest.raises(AccountError, match="at least 12"):
        accounts.set_password(user, "short")
    assert passwords.is_right(people.PASSWORD, user.password_hash)


@in_transaction
def test_the_language_is_remembered_and_must_be_known() -> None:
    user = people.user("steward")
    accounts.choose_language(user.id, "en")
    assert user.language == "en"
    with pytest.raises(AccountError):
        accounts.choose_language(user.id, "fr")
    with pytest.raises(NoSuchUser):
        accounts.choose_language(0, "en")


@in_transaction
def test_signing_out_somebody_who_is_gone_is_no_error() -> None:
    accounts.end_sessions(0)


def demote(user: User) -> None:
    accounts.change_role(user, "steward")


@in_transaction
@pytest.mark.parametrize("leave", [accounts.disable, demote])
def test_the_last_active_administrator_stays(leave: Callable[[User], None]) -> None:
    admin = people.user("admin")
    people.user("admin", is_active=False)
    people.user("approver")
    with pytest.raises(LastAdministrator):
        leave(admin)
    assert (admin.role, admin.is_active) == ("admin", True)


@in_transaction
@pytest.mark.parametrize("leave", [accounts.disable, demote])
def test_an_administrator_may_leave_when_another_stays(leave: Callable[[User], None]) -> None:
    admin = people.user("admin")
    people.user("admin")
    leave(admin)
    assert (admin.role, admin.is_active) != ("admin", True)


def test_two_administrators_who_leave_at_once_leave_one(engine: Engine) -> None:
    db.bind(engine)
    ids = [people.committed("admin").id, people.committed("admin").id]
    db.session.remove()
    start = threading.Barrier(len(ids))
    outcomes: list[str] = []

    def leave(user_id: int) -> None:
        try:
            start.wait()
            with db.transaction():
                user = db.session.get(User, user_id)
                assert user is not None
                accounts.disable(user)
            outcomes.append("left")
        except LastAdministrator:
            outcomes.append("stays")
        finally:
            db.session.remove()

    try:
        leaving = [threading.Thread(target=leave, args=(user_id,)) for user_id in ids]
        for thread in leaving:
            thread.start()
        for thread in leaving:
            thread.join()
        assert sorted(outcomes) == ["left", "stays"]
    finally:
        with Session(engine) as session:
            session.execute(delete(User).where(User.id.in_(ids)))
            session.commit()


def test_of_two_users_who_get_one_address_in_the_same_moment_the_second_is_told_at_it(
    committed: Engine,
) -> None:
    new = NewUser("a@example.com", "viewer", GOOD)
    refused = at_once.second_of(committed, lambda: accounts.add_user(new), lambda: accounts.add_user(new))
    assert isinstance(refused, AccountError), refused
    assert refused.field == "email"
