"""Who may do what: one table of roles and rights, which every route is checked against."""

from functools import cache

READ = "read"
WRITE = "write"
IMPORT = "import"
APPROVE = "approve"
MANAGE_USERS = "manage_users"
MANAGE_VIEWS = "manage_views"
RELEASE = "release"
MANAGE_JOBS = "manage_jobs"
WITHDRAW = "withdraw"
RIGHTS = (READ, WRITE, IMPORT, APPROVE, MANAGE_USERS, MANAGE_VIEWS, RELEASE, MANAGE_JOBS, WITHDRAW)

# What a route may declare instead of a right.
PUBLIC = "public"
SIGNED_IN = "signed_in"

# Each role can do what the one before it can. That an approver never decides on a change of their own is not a right
# but a rule of approving.
_VIEWER = frozenset({READ})
_STEWARD = _VIEWER | {WRITE, IMPORT}
_APPROVER = _STEWARD | {APPROVE}
_ADMIN = _APPROVER | {MANAGE_USERS, MANAGE_VIEWS, RELEASE, MANAGE_JOBS, WITHDRAW}
GRANTS = {"viewer": _VIEWER, "steward": _STEWARD, "approver": _APPROVER, "admin": _ADMIN}


@cache
def allows(role: str, right: str) -> bool:
    """Whether somebody in this role may do this; an unknown role or right is no."""
    if right == PUBLIC:
        return True
    granted = GRANTS.get(role)
    if granted is None:
        return False
    return right == SIGNED_IN or right in granted
