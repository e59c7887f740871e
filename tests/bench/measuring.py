"""How things are measured: in turn, in one run, so that a noisy machine is noisy for all of them; medians count."""

import gc
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure, what it is compared with, and the most that it may be (None where it only informs)."""

    name: str
    measured: float
    unit: str
    reference: str
    at_most: float | None = None

    @property
    def goal(self) -> str | None:
        return None if self.at_most is None else f"<= {self.at_most:g}"

    @property
    def holds(self) -> bool | None:
        return None if self.at_most is None else self.measured <= self.at_most

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "measured": round(self.measured, 4),
            "unit": self.unit,
            "reference": self.reference,
            "goal": self.goal,
            "holds": self.holds,
        }


@dataclass(frozen=True, slots=True)
class Cost:
    """What one call took: seconds on the clock, and seconds of this process's own work."""

    wall: float
    cpu: float


def cost_of(call: Callable[[], object]) -> Cost:
    """The cost of one call; what earlier calls left to collect is collected before it."""
    gc.collect(0)
    wall, cpu = time.perf_counter(), time.process_time()
    call()
    return Cost(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)


def in_turn(rounds: int, calls: Mapping[str, Callable[[], object]], *, warm_up: int = 3) -> dict[str, Cost]:
    """The median costs of calls that take turns; each round begins with another one."""
    for call in calls.values():
        for _ in range(warm_up):
            call()
    names = list(calls)
    found: dict[str, list[Cost]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            found[name].append(cost_of(calls[name]))
    return {name: middle(costs) for name, costs in found.items()}


def middle(costs: Iterable[Cost]) -> Cost:
    """Medians, of each kind by itself."""
    kept = list(costs)
    return Cost(wall=median(cost.wall for cost in kept), cpu=median(cost.cpu for cost in kept))


def ms(seconds: float) -> str:
    """A time to read."""
    return f"{seconds * 1000:,.1f} ms"
