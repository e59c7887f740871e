"""Permissions: the table of roles and rights."""

import pytest

from webapp.rules.people import account
from webapp.services.accounts import permissions


def test_every_role_has_its_rights() -> None:
    assert tuple(permissions.GRANTS) == account.ROLES


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("viewer", {"read"}),
        ("steward", {"read", "write", "import"}),
        ("approver", {"read", "write", "import", "approve"}),
        (
            "admin",
            {
                "read",
                "write",
                "import",
                "approve",
                "manage_users",
                "manage_views",
                "release",
                "manage_jobs",
                "withdraw",
            },
        ),
    ],
)
def test_a_role_allows_its_rights_and_no_others(role: str, rights: set[str]) -> None:
    assert {right for right in permissions.RIGHTS if permissions.allows(role, right)} == rights


@pytest.mark.parametrize("role", account.ROLES)
def test_everybody_signed_in_may_go_where_signing_in_is_all_that_is_asked(role: str) -> None:
    assert permissions.allows(role, permissions.SIGNED_IN)
    assert permissions.allows(role, permissions.PUBLIC)


def test_an_unknown_role_or_right_is_no() -> None:
    assert not permissions.allows("root", "read")
    assert not permissions.allows("root", permissions.SIGNED_IN)
    assert not permissions.allows("admin", "")
    assert not permissions.allows("admin", "drop_tables")
