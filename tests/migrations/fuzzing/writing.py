"""A generated revision, from its seed alone; and the small one behind it, which finds the session as it should be."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.migrations.fuzzing import acts, wicked
from tests.migrations.fuzzing.acts import Act, plain

Making = Callable[[Random, int], Act]
KINDS: tuple[tuple[int, Making], ...] = (
    (60, acts.statement),
    (8, acts.setting),
    (4, acts.undone),
    (4, acts.index),
    (4, acts.backfill),
    (12, wicked.wicked),
    (4, wicked.swallowed),
    (2, wicked.elsewhere),
)
# Half of all are what people mean to write: with a wicked act in each, little else would be tried.
GOOD: tuple[tuple[int, Making], ...] = tuple(
    pair for pair in KINDS if pair[1] in (acts.statement, acts.index, acts.backfill)
)
AS_IT_WAS = {
    "lock_timeout": "2s",
    "statement_timeout": "15min",
    "search_path": '"$user", public',
    "role": "none",
    "default_transaction_read_only": "off",
    "client_encoding": "UTF8",
}
LOOK = "; ".join(
    f"IF current_setting('{name}') <> '{value}' THEN RAISE EXCEPTION SQLSTATE '55000' USING MESSAGE = '{name}'; END IF"
    for name, value in AS_IT_WAS.items()
)
# One that only makes a table would not see that the one before it has left its settings behind.
CANARY = Act(
    f"{plain(f'DO $do$ BEGIN {LOOK}; END $do$')}\n{plain('CREATE TABLE canary (id int)')}",
    plain("DROP TABLE canary"),
    "CREATE TABLE canary (id int)",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The acts of one revision."""

    seed: int
    acts: tuple[Act, ...]

    @property
    def up(self) -> str:
        return "\n".join(act.up for act in self.acts)

    @property
    def down(self) -> str:
        return "\n".join(act.down for act in reversed(self.acts))

    @property
    def is_good(self) -> bool:
        """Whether nothing in it is what a revision must not do."""
        return not any(act.is_wicked for act in self.acts)

    @property
    def is_alone(self) -> bool:
        """Whether one step is all of it, as it has to be where a step leaves the transaction."""
        return len(self.acts) == 1

    def same(self) -> Iterator[str]:
        """SQL that does what this does, where it is applied."""
        for act in self.acts:
            if act.up == "return":
                return
            if act.same:
                yield act.same


def plan(seed: int) -> Plan:
    """Some acts, one in ten times with a way back that does what it must not."""
    random = Random(seed)
    kinds = GOOD if random.random() < 0.5 else KINDS
    made = tuple(_act(random, kinds, number) for number in range(1, random.choice([1, 1, 2, 3, 4, 5]) + 1))
    if kinds is KINDS and random.random() < 0.2:
        made = (*made, Act("pass", wicked.wicked(random, 0).up, is_wicked=True))
    return Plan(seed, made)


def chain(seed: int) -> list[Plan]:
    """Revisions as the README wants them: statements together, or one step that leaves the transaction, alone."""
    random = Random(seed)
    plans = []
    for number in range(1, random.randint(2, 4) + 1):
        making = random.choice([acts.statement, acts.index, acts.backfill])
        count = random.randint(1, 3) if making is acts.statement else 1
        made = tuple(_printable(random, making, number * 10 + place) for place in range(count))
        plans.append(Plan(seed, made))
    return plans


def _printable(random: Random, making: Making, number: int) -> Act:
    """One whose SQL the lint can read."""
    while "get_bind" in (act := making(random, number)).up + act.down:
        pass
    return act


def _act(random: Random, kinds: tuple[tuple[int, Making], ...], number: int) -> Act:
    weights, makings = zip(*kinds, strict=True)
    making: Making = random.choices(makings, weights)[0]
    return making(random, number)
