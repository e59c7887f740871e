"""The safe way to make a change: a file of `recipes/` for each kind, filled in with the names of the very change."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "recipes"
STEP = re.compile(r"^--- (?P<phase>expand|backfill|contract|after): (?P<title>.+)$", re.MULTILINE)
PART = re.compile(r"^--- (up|down)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Step:
    """One revision: its phase and title, what stands beside its functions, and their bodies."""

    phase: str
    title: str
    beside: str
    up: str
    down: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """Why, the revisions of this release, and what comes after it."""

    kind: str
    why: str
    steps: tuple[Step, ...]
    # What the code has to do before the later steps; blank where all belong to one release.
    after: str = ""
    later: tuple[Step, ...] = ()

    def __str__(self) -> str:
        lines = [self.why]
        for step in (*self.steps, *([None] if self.after else []), *self.later):
            lines += [f"-- in the next release, {self.after}"] if step is None else _lines(step)
        return "\n".join(lines)


def fill(kind: str, facts: Mapping[str, str]) -> Recipe:
    """The recipe of a kind for one change."""
    words = Template((FOLDER / f"{kind}.txt").read_text(encoding="utf-8")).substitute(facts)
    why, *rest = STEP.split(words)
    now: list[Step] = []
    later: list[Step] = []
    after = ""
    for phase, title, body in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        if phase == "after":
            after = title
        else:
            (later if after else now).append(_step(phase, title, body))
    return Recipe(kind, why.strip(), tuple(now), after, tuple(later))


def _step(phase: str, title: str, body: str) -> Step:
    parts = PART.split(body)
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    beside, up = (parts[0], named["up"]) if "up" in named else ("", parts[0])
    return Step(phase, title, beside.strip(), up.strip(), named.get("down", "").strip())


def _lines(step: Step) -> list[str]:
    beside = [step.beside] if step.beside else []
    up, down = (textwrap.indent(part or "...", "    ") for part in (step.up, step.down))
    return [
        f"-- {step.phase}: {step.title}",
        *beside,
        "def upgrade() -> None:",
        up,
        "def downgrade() -> None:",
        down,
    ]
