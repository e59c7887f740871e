"""The revisions that this code was shipped with, and the way from one to another."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from alembic.config import Config
from alembic.runtime.migration import RevisionStep
from alembic.script import Script, ScriptDirectory
from alembic.script.revision import ResolutionError, RevisionError
from alembic.util.exc import CommandError

from migrations.release_step.database.recorded import BASE
from migrations.release_step.telling import failures
from migrations.release_step.telling.failures import Failure


class History:
    """The revisions this code was shipped with."""

    def __init__(self, config: Config) -> None:
        self.script = ScriptDirectory.from_config(config)
        try:
            self.heads = tuple(sorted(self.script.get_heads()))
        except Exception as error:  # a revision file is code: it may raise anything
            raise Failure("MIG-CONF-04", kind=type(error).__name__, where=failures.place(error)) from error

    @property
    def head(self) -> str | None:
        """The one newest revision, None without any; a state failure when there are several."""
        if len(self.heads) > 1:
            raise Failure("MIG-STATE-01", count=len(self.heads), heads=", ".join(self.heads))
        # Going down from a merge leaves two revisions recorded, and a failure in it cannot be run again.
        if merges := [one.revision for one in self.revisions() if len(parents(one)) > 1]:
            raise Failure("MIG-STATE-09", revision=merges[0])
        return self.heads[0] if self.heads else None

    def revisions(self) -> list[Script]:
        """Every revision, oldest first."""
        return list(reversed(list(self.script.walk_revisions())))

    @property
    def files(self) -> dict[str, Path]:
        """The file of each revision."""
        return {one.revision: Path(one.path) for one in self.revisions()}

    @property
    def versions(self) -> Path:
        """The folder of the revisions."""
        return Path(self.script.versions)

    def knows(self, revision: str) -> bool:
        if revision == BASE:
            return True
        try:
            return self.script.get_revision(revision) is not None
        except (CommandError, RevisionError):
            return False

    def resolve(self, name: str, current: str | None) -> str:
        """Full id of what an operator calls 'head', 'base', '+1', '-1' or by its first letters."""
        if name in ("head", "heads"):
            return self.head or BASE
        if name == BASE:
            return BASE
        if re.fullmatch(r"[+-]\d+", name):
            return self._relative(int(name), current)
        try:
            found = self.script.get_revision(name)
        except (CommandError, ResolutionError):
            found = None
        if found is None:
            raise Failure("MIG-USE-02", revision=safe(name))
        return found.revision

    def between(self, lower: str, upper: str) -> list[Script]:
        """Revisions above lower up to and with upper, oldest first; empty when upper is not above lower."""
        if upper in (lower, BASE):
            return []
        try:
            found = list(self.script.iterate_revisions(upper, None if lower == BASE else lower))
        except (CommandError, RevisionError):
            return []
        return list(reversed(found))

    def steps_up(self, found: str, wanted: str) -> list[RevisionStep]:
        """Alembic's steps from one revision up to another."""
        return list(self.script._upgrade_revs(wanted, _as_recorded(found)))

    def steps_down(self, found: str, wanted: str) -> list[RevisionStep]:
        """Alembic's steps from one revision down to another."""
        return list(self.script._downgrade_revs(wanted, _as_recorded(found)))

    def _relative(self, steps: int, current: str | None) -> str:
        order = [BASE, *(revision.revision for revision in self.revisions())]
        position = order.index(current or BASE) + steps
        if not 0 <= position < len(order):
            raise Failure("MIG-USE-02", revision=f"{steps:+d}")
        return order[position]


def parents(script: Script) -> tuple[str, ...]:
    """Every revision that this one names to come before it."""
    named = (script.down_revision, script.dependencies)
    return tuple(one for names in named for one in ([names] if isinstance(names, str) else names or ()))


def _as_recorded(revision: str) -> str:
    # Alembic writes "nothing recorded" as None, and declares that it takes text only.
    return cast(str, None) if revision == BASE else revision


def safe(name: str) -> str:
    """What an operator typed, unless it looks like an address."""
    return name if re.fullmatch(r"[\w+:@.-]{1,40}", name) and "://" not in name else "that"


def labels(revisions: Iterable[Script]) -> list[dict[str, str]]:
    """Revisions as plain data."""
    return [
        {"revision": revision.revision, "file": Path(revision.path).name, "title": revision.doc}
        for revision in revisions
    ]
