"""Some generated revisions, run by a release that is killed on its way and run again: the end is the same."""

import json
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.migrations.fuzzing import writing
from tests.migrations.fuzzing.forking import Ended, Stop
from tests.migrations.fuzzing.places import Look
from tests.migrations.fuzzing.trying import BASE, House
from tests.migrations.fuzzing.writing import Plan

UP, DOWN = ("upgrade", "--json"), ("downgrade", BASE, "--confirm-data-loss", "--json")


@dataclass
class Killing:
    """One chain of revisions, up or down."""

    house: House
    seed: int
    plans: Sequence[Plan] = ()
    command: tuple[str, ...] = UP

    def go(self) -> None:
        """Once without a disturbance; then killed once or twice, and run again."""
        random = Random(self.seed)
        self.plans = self.plans or writing.chain(self.seed)
        self.command = random.choice([UP, UP, UP, DOWN])
        names = self.house.begin(self.plans)
        if self.lint_refuses(names):
            self.house.tally["refused by the lint"] += 1
            return
        self._approach()
        undisturbed = self.house.run(*self.command)
        end = self.house.place.look()
        self.house.reset()
        self._approach()
        for _ in range(random.choice([1, 1, 2])):
            number = random.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM])
            after = random.choice([0.0, random.uniform(0.0005, 0.02)])
            stop = Stop(random.randint(1, max(1, undisturbed.points)), number, after)
            self._is_killed(self.house.run(*self.command, stop=stop), stop, undisturbed)
        self._ends_the_same(self.house.run(*self.command), undisturbed, end)

    def lint_refuses(self, names: Sequence[str]) -> bool:
        """Whether it says of one of them that it cannot be run again, or that it cannot tell."""
        found = json.loads(self.house.run("lint", "--json").out).get("details", ())
        return any(one["rule"] in ("unrepeatable", "offline") and one["revision"] in names for one in found)

    def _approach(self) -> None:
        """Up, where the way down is tried."""
        if self.command is DOWN:
            self.house.run(*UP)

    def _is_killed(self, ended: Ended, stop: Stop, undisturbed: Ended) -> None:
        told = {-signal.SIGKILL: "killed", 128 + signal.SIGTERM: "terminated"}
        self.house.tally[told.get(ended.exit_code, "at its end before")] += 1
        # One that comes after the last word to the database finds the work done.
        expected = {
            -stop.number if stop.number == signal.SIGKILL else 128 + stop.number,
            undisturbed.exit_code,
        }
        self._require(ended.exit_code in expected, f"{stop} ended it with {ended.exit_code}", ended)
        if ended.exit_code > 128:
            self._require(ended.line.startswith("MIG-INT-01"), "interrupted, and it does not say so", ended)
            self._require(self.house.place.left() == 0, "a session or a lock is left", ended)

    def _ends_the_same(self, again: Ended, undisturbed: Ended, end: Look) -> None:
        self.house.tally[f"end: {undisturbed.exit_code}"] += 1
        same = again.exit_code == undisturbed.exit_code
        self._require(same, f"{again.exit_code} after a kill, and {undisturbed.exit_code} without one", again)
        look = self.house.place.look()
        self._require(look.recorded == end.recorded, f"{look.recorded} instead of {end.recorded}", again)
        self._require(look.holds_what(end), "it ends otherwise after a kill", again)
        self._require(self.house.place.left() == 0, "a session or a lock is left", again)

    def _require(self, holds: object, what: str, ended: Ended) -> None:
        if not holds:
            self.house.fault(self.seed, what, self.plans, ended)
