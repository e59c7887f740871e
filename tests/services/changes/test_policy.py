"""Who decides: one table, asked by the door, that says whose word is enough for what."""

import pytest

from webapp.rules import change
from webapp.services.changes import policy
from webapp.services.changes.proposals import Author


@pytest.mark.parametrize("kind", change.KIND.words)
@pytest.mark.parametrize("role", ["steward", "approver", "admin"])
def test_whoever_may_write_is_let_through_with_every_kind_of_change(role: str, kind: str) -> None:
    assert policy.lets_through(Author("somebody", 1, role), kind)


@pytest.mark.parametrize("role", ["viewer", "unheard of", None])
def test_nobody_else_with_an_account_is(role: str | None) -> None:
    assert not any(policy.lets_through(Author("somebody", 1, role), kind) for kind in change.KIND.words)


@pytest.mark.parametrize("kind", ["seed", "import"])
def test_the_command_line_and_the_seed_are_let_through_without_an_account(kind: str) -> None:
    assert policy.lets_through(Author("seed"), kind)


def test_a_kind_that_is_none_is_let_through_for_no_role() -> None:
    assert not policy.lets_through(Author("somebody", 1, "admin"), "unheard of")


@pytest.mark.parametrize("of_file", ["edinet-filing", "edinet-filings"])
def test_what_is_read_from_a_stored_filing_has_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, of_file: str
) -> None:
    others = {kind: frozenset({"admin"}) for kind in policy.APPLIED_AT_ONCE}
    own = {policy.READ_FROM_FILINGS: frozenset({"steward"})}
    monkeypatch.setattr(policy, "APPLIED_AT_ONCE", others | own)
    steward = Author("somebody", 1, "steward")
    assert policy.lets_through(steward, policy.kind_of("import", of_file))
    assert not policy.lets_through(steward, policy.kind_of("import", "jpx-list"))
    assert not policy.lets_through(steward, policy.kind_of("undo", of_file))


def test_somebody_else_is_a_person_with_another_account() -> None:
    assert policy.is_somebody_else(Author("an approver", 2, "approver"), 1)
    assert policy.is_somebody_else(Author("an approver", 2, "approver"), None)
    assert not policy.is_somebody_else(Author("the author", 1, "approver"), 1)
    assert not policy.is_somebody_else(Author("worker"), 1)
    assert not policy.is_somebody_else(Author("a command line"), None)
