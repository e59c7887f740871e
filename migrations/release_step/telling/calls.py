"""One call of the command line: its options, its words, its surroundings."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from migrations.release_step.telling.patience import Patience
from migrations.release_step.telling.reporting import Reporter


@dataclass(frozen=True, slots=True)
class Call:
    """What every command gets."""

    options: argparse.Namespace
    reporter: Reporter
    environ: Mapping[str, str]

    @property
    def is_local(self) -> bool:
        """Production is the default: consent and frames differ."""
        return self.environ.get("APP_ENV", "").strip() == "local"

    def patience(self) -> Patience:
        """Reads answer at once or not at all; only a release waits for a server that is starting."""
        if "wait" not in self.options:
            return Patience(connect_seconds=0)
        return Patience(
            connect_seconds=self.options.connect_wait,
            release_seconds=self.options.wait,
            lock_ms=self.options.lock_timeout,
        )

    def nothing_to_do(self, database: str, revision: str) -> dict[str, Any]:
        """The result of a release that finds everything done."""
        self.reporter.line(f"{database} is at {revision}: nothing to do")
        return {"revision": revision, "previous": revision, "applied": []}
