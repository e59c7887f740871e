"""Drawings: a line of points, with gaps where nothing is known and as many names as fit."""

from decimal import Decimal
from itertools import pairwise

from webapp.words import charts
from webapp.words.charts import Point


def points(*values: int | None) -> list[Point]:
    return [
        Point(str(2020 + place), None if value is None else Decimal(value))
        for place, value in enumerate(values)
    ]


def test_points_are_joined_but_for_gaps() -> None:
    chart = charts.line(points(1, 3, None, 2, 5), str)
    assert chart is not None
    assert [joined.count(",") for joined in chart.lines] == [2, 2]
    assert [dot.said for dot in chart.dots] == ["2020 1", "2021 3", "2023 2", "2024 5"]
    assert [mark.text for mark in chart.levels] == ["1", "5"]
    heights = [dot.y for dot in chart.dots]
    assert heights[3] == charts.TOP
    assert heights[0] == charts.HEIGHT - charts.BOTTOM


def test_zero_is_a_level_between_a_loss_and_a_profit() -> None:
    chart = charts.line(points(-4, 4), str)
    assert chart is not None
    assert [mark.text for mark in chart.levels] == ["-4", "0", "4"]


def test_the_last_point_is_always_named() -> None:
    chart = charts.line(points(*range(20)), str)
    assert chart is not None
    assert len(chart.names) <= charts.MOST_NAMES
    assert chart.names[-1].text == "2039"


def test_one_point_is_no_line_and_a_level_one_is() -> None:
    assert charts.line(points(1, None), str) is None
    chart = charts.line(points(7, 7), str)
    assert chart is not None
    assert len(chart.levels) == 1


def test_names_of_lines_lie_apart_and_above_those_of_points() -> None:
    chart = charts.several(["1", "2"], [("most", [0, 9]), ("few", [0, 0]), ("none", [0, 0]), ("one", [0, 1])])
    assert chart is not None
    ends = sorted(one.end for one in chart.series)
    assert all(below - above >= charts.NAME_HEIGHT for above, below in pairwise(ends))
    assert ends[-1] <= charts.HEIGHT - charts.BOTTOM
