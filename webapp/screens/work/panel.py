"""A panel of Home: what one file of `panels` declares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from webapp.label import Label
from webapp.services.accounts import permissions
from webapp.web.current_person import Person

# From top to bottom: what cannot wait, then side by side how much of each kind is to be done, then what is to be done
# beside what is new, then what there is.
Part = Literal["first", "counts", "today", "news", "last"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One part of the start page, for those who have the right.

    `read` finds what its template shows as `content`, within a few statements that no table's size makes slow; None
    leaves the panel out. Among the panels of a part the lowest `place` stands first.
    """

    name: str
    label: Label
    part: Part
    place: int
    template: str
    read: Callable[[Person], Mapping[str, Any] | None]
    right: str = permissions.READ
