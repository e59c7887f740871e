"""Charts as drawings that the server makes: plain shapes with classes, and nothing that a page would have to run."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

WIDTH, HEIGHT = 480, 200
LEFT, RIGHT, TOP, BOTTOM = 76, 32, 12, 26
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


class Series(NamedTuple):
    """One of several lines: its name, which stands where it ends, its points as SVG writes them, and where it ends."""

    name: str
    points: str
    end: float


class Several(NamedTuple):
    """Several lines over one another, from zero up."""

    width: int
    height: int
    right: int
    series: Sequence[Series]
    levels: Sequence[Mark]
    names: Sequence[Mark]


# So much room the names of several lines have beside them, and so far apart they are read.
NAMES_WIDTH, NAME_HEIGHT = 90, 14


def several(names: Sequence[str], counts: Sequence[tuple[str, Sequence[int]]]) -> Several | None:
    """Counts of the same points, each under its own name; None for fewer than two points, or nothing but zero."""
    most = max((max(series, default=0) for _name, series in counts), default=0)
    if len(names) < 2 or most == 0:
        return None
    right = WIDTH - NAMES_WIDTH
    step = (right - LEFT) / (len(names) - 1)

    def height_of(count: int) -> float:
        return round(HEIGHT - BOTTOM - count / most * (HEIGHT - TOP - BOTTOM), 1)

    every = -(-len(names) // MOST_NAMES)
    ends = _apart([height_of(series[-1]) for _name, series in counts])
    return Several(
        WIDTH,
        HEIGHT,
        right,
        [
            Series(
                name,
                " ".join(
                    f"{round(LEFT + at * step, 1)},{height_of(count)}" for at, count in enumerate(series)
                ),
                end,
            )
            for (name, series), end in zip(counts, ends, strict=True)
        ],
        [Mark(height_of(level), f"{level:,}") for level in sorted({0, most // 2, most})],
        [
            Mark(round(LEFT + at * step, 1), name)
            for at, name in enumerate(names)
            if (len(names) - 1 - at) % every == 0
        ],
    )


def _apart(heights: Sequence[float]) -> list[float]:
    """Heights moved until names there lie neither on one another nor on what is named below the drawing."""
    placed: dict[int, float] = {}
    last, lowest = float("-inf"), float(HEIGHT - BOTTOM)
    from_above = sorted(range(len(heights)), key=heights.__getitem__)
    for place in from_above:
        last = placed[place] = max(heights[place], last + NAME_HEIGHT)
    for place in reversed(from_above):
        placed[place] = min(placed[place], lowest)
        lowest = placed[place] - NAME_HEIGHT
    return [placed[place] for place in range(len(heights))]
