"""One generated revision against the release step: whatever it says of it must be so."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.migrations.fuzzing import acts, places, wicked
from tests.migrations.fuzzing.acts import plain
from tests.migrations.fuzzing.forking import Ended, Runs, Stop
from tests.migrations.fuzzing.places import Look, Place
from tests.migrations.fuzzing.writing import CANARY, Plan
from tests.migrations.projects import Project

BASE = "0001aaaa"
# Where a failure says so, something of the revision may have stayed.
STAYS = ("MIG-REV-02", "MIG-REV-04", "was committed, and is not recorded")
LEAVES = ("autocommit_block(", "indexes.", "backfills.")


@dataclass
class House:
    """A project whose revisions change with every trial, its database, and the one beside it."""

    project: Project
    runs: Runs
    place: Place
    mirror: Place
    base: Look
    ledger: str | None = None
    # What came of it all, counted, and what ought not to be.
    tally: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @classmethod
    def make(cls, project: Project, runs: Runs, place: Place, mirror: Place) -> "House":
        """Its first revision, recorded as a release would."""
        project.revision(plain(acts.BASE), "op.execute('SELECT 1')")
        assert project.head == BASE
        house = cls(project, runs, place, mirror, Look((), {}, {}))
        assert house.run("upgrade").exit_code == 0
        house.ledger = place.ledger()
        place.reset(BASE, house.ledger)
        house.base = place.look()
        return house

    def begin(self, plans: Sequence[Plan]) -> list[str]:
        """Both databases as at first, and these revisions behind the first one; returns their names."""
        for path in sorted(self.project.versions.glob("*.py"))[1:]:
            path.unlink()
        self.project.head = BASE
        self.reset()
        return [self.project.revision(plan.up or "pass", plan.down or "pass") for plan in plans]

    def reset(self) -> None:
        """Both databases as at first."""
        for place in (self.place, self.mirror):
            place.reset(BASE, self.ledger)

    def run(self, *arguments: str, stop: Stop | None = None) -> Ended:
        return self.runs.run(self.project.root, self.place.address, *arguments, stop=stop)

    def fault(self, seed: int, what: str, plans: Sequence[Plan], ended: Ended) -> None:
        """Note it with all that is needed to see it again."""
        source = "\n--- down\n".join(f"{plan.up}\n--- down\n{plan.down}" for plan in plans)
        self.faults.append(f"SEED={seed}: {what}\n{ended.exit_code} {ended.line}\n{source}\n")


@dataclass
class Trial:
    """One revision, with the canary behind it."""

    house: House
    plan: Plan
    names: list[str] = field(default_factory=list)

    def go(self) -> None:
        """Up, and back down from where that led."""
        self.names = self.house.begin([self.plan, Plan(0, (CANARY,))])
        is_possible = self.house.mirror.does(self.plan.same())
        done = self.house.run("upgrade", "--json")
        look = self.house.place.look()
        self._answers(done)
        if done.exit_code == 0:
            self.house.tally["applied"] += 1
            self._is_applied(done, look, is_possible=is_possible)
            self._goes_down(look)
        else:
            self.house.tally[f"refused: {done.line.split(':')[0]}"] += 1
            self._is_refused(done, look, is_possible=is_possible)

    def require(self, holds: object, what: str, ended: Ended) -> None:
        if not holds:
            self.house.fault(self.plan.seed, what, [self.plan], ended)

    def _answers(self, ended: Ended) -> None:
        """One object that says the exit code, a sentence for a failure, and nothing left behind."""
        said: Any = {}
        lines = ended.out.splitlines()
        if len(lines) == 1:
            said = json.loads(lines[0])
        self.require(said.get("exit_code") == ended.exit_code, f"its object says {lines}", ended)
        is_sentence = ended.exit_code == 0 or ended.line.startswith("MIG-")
        self.require(is_sentence, "no sentence", ended)
        may_be_ours = any(word in self.plan.up + self.plan.down for word in wicked.EXITS)
        self.require(ended.exit_code != 1 or may_be_ours, "it takes it for a bug of its own", ended)
        self.require(self.house.place.left() == 0, "a session or a lock is left", ended)

    def _is_applied(self, done: Ended, look: Look, *, is_possible: bool) -> None:
        self.require(is_possible, "applied, although its SQL cannot be run", done)
        self.require(look.recorded == (self.names[-1],), f"applied, and {look.recorded} recorded", done)
        self.require(self.house.mirror.does(CANARY.same for _ in "1"), "the mirror is broken", done)
        self.require(look.holds_what(self.house.mirror.look()), "it made something else than its SQL", done)
        known = json.loads(self.house.place.ledger() or "{}").get("applied", [])
        named = [one["revision"] for one in known if one["direction"] == "up"]
        self.require(named == [BASE, *self.names], f"the ledger knows {named}", done)

    def _is_refused(self, done: Ended, look: Look, *, is_possible: bool) -> None:
        self.require(not (self.plan.is_good and is_possible), "refused without a reason", done)
        is_at_base = look.recorded == (BASE,)
        self.require(is_at_base, f"refused, and {look.recorded} recorded", done)
        says_so = any(word in done.err for word in STAYS) or "engine.begin" in self.plan.up
        leaves = any(word in self.plan.up for word in LEAVES) and "rolled back" not in done.line
        self.require(
            look.holds_what(self.house.base) or says_so or leaves, "refused, and something stayed", done
        )

    def _goes_down(self, above: Look) -> None:
        """A loss is counted before it happens, and what is back is as it was."""
        down = self.house.run("downgrade", BASE, "--json")
        self._answers(down)
        below = self.house.place.look()
        told: list[dict[str, Any]] = []
        if down.line.startswith(("MIG-SAFE-07", "MIG-REV-08")):
            self.require(below == above, "something happened without consent", down)
            told = json.loads(down.out)["details"] or []
            down = self.house.run("downgrade", BASE, "--confirm-data-loss", "--json")
            self._answers(down)
            below = self.house.place.look()
        self.house.tally[f"down: {down.line.split(':')[0] or ('counted' if told else 'level')}"] += 1
        if down.exit_code == 0:
            self._is_back(down, above, below, told)
        else:
            # What it has changed in this very transaction, PostgreSQL may not let it alter.
            is_barred = "pending trigger events" in down.line
            self.require(is_barred or not self.plan.is_good, "it does not go down", down)
            # The small one behind it may have gone first.
            recorded = below.recorded[0] if len(below.recorded) == 1 else below.recorded
            self.require(recorded in self.names, f"it did not go down, and {recorded} is recorded", down)

    def _is_back(self, down: Ended, above: Look, below: Look, told: list[dict[str, Any]]) -> None:
        self.require(below.recorded == (BASE,), f"it went down, and {below.recorded} is recorded", down)
        if self.plan.is_good:
            self.require(below.schema == self.house.base.schema, "it went down to something else", down)
        if json.loads(down.out).get("read_from"):
            return
        said = {f"{one['table']}{'.' if one['column'] else ''}{one['column']}": one["count"] for one in told}
        gone = places.lost(above.rows, below.rows)
        # What has another name is still there.
        gone = {name: count for name, count in gone.items() if "RENAME" not in self.plan.down}
        is_said = gone.items() <= said.items() if self.plan.is_good else gone.keys() <= said.keys()
        self.require(is_said, f"it said {said} and lost {gone}", down)
