"""Charts as drawings that the server makes: plain shapes with classes, and nothing that a page would have to run."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

WIDTH, HEIGHT = 480, 200
LEFT, RIGHT, TOP, BOTTOM = 76, 14, 12, 26
# So many names of points fit below each other's side.
MOST_NAMES = 8


class Point(NamedTuple):
    """A point by its name; without a value there is a gap."""

    name: str
    value: Decimal | None


class Dot(NamedTuple):
    """A point where it is drawn, and what is said of it."""

    x: float
    y: float
    said: str


class Mark(NamedTuple):
    """A text beside an axis, and where along it."""

    at: float
    text: str


class Chart(NamedTuple):
    """A line of points over a few levels; lines are points as SVG writes them."""

    width: int
    height: int
    lines: Sequence[str]
    dots: Sequence[Dot]
    levels: Sequence[Mark]
    names: Sequence[Mark]


def line(points: Sequence[Point], write: Callable[[Decimal], str]) -> Chart | None:
    """Points in their order, joined as far as no value is missing between; None where fewer than two have one."""
    values = [point.value for point in points if point.value is not None]
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    span = float(high - low) or 1.0
    step = (WIDTH - LEFT - RIGHT) / (len(points) - 1)

    def height_of(value: Decimal) -> float:
        return round(HEIGHT - BOTTOM - float(value - low) / span * (HEIGHT - TOP - BOTTOM), 1)

    lines: list[list[str]] = [[]]
    dots, names = [], []
    every = -(-len(points) // MOST_NAMES)
    for place, point in enumerate(points):
        x = round(LEFT + place * step, 1)
        if (len(points) - 1 - place) % every == 0:
            names.append(Mark(x, point.name))
        if point.value is None:
            lines.append([])
            continue
        dots.append(Dot(x, height_of(point.value), f"{point.name} {write(point.value)}"))
        lines[-1].append(f"{x},{dots[-1].y}")
    levels = sorted({low, high} | ({Decimal(0)} if low < 0 < high else set()))
    return Chart(
        WIDTH,
        HEIGHT,
        [" ".join(joined) for joined in lines if len(joined) > 1],
        dots,
        [Mark(height_of(level), write(level)) for level in levels],
        names,
    )
