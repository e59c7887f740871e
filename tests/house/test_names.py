"""Names say what they hold: the answer, the file, the row; never only that something was made, told or found."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import Source, broken, planted, python

HOLD_NOTHING = {"made", "res", "ret", "stuff", "thing", "tmp", "told", "val", "wanted"}
# Beside what was expected, what was found instead says what it is.
FOUND, EXPECTED = "found", "expected"


def empty_names(source: Source) -> Iterator[tuple[int, str]]:
    """Locals and parameters of functions that are called by what happened to them."""
    for function in source.nodes:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            bound = dict(_bound(function))
            forbidden = HOLD_NOTHING if EXPECTED in bound else HOLD_NOTHING | {FOUND}
            yield from ((bound[name], name) for name in bound.keys() & forbidden)


def _bound(function: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno


def of_the_application() -> list[Source]:
    return [source for source in python() if source.path.startswith("webapp/")]


def test_no_name_says_only_what_happened_to_what_it_holds() -> None:
    assert broken(empty_names, of_the_application()) == {}


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    found = look()",
        "def f(told): pass",
        "async def f():\n    for wanted in look(): pass",
        "def f():\n    if (res := look()): pass",
        "def f():\n    return [made for made in look()]",
    ],
)
def test_a_name_that_says_nothing_is_found(text: str) -> None:
    assert broken(empty_names, [planted(text)])


@pytest.mark.parametrize(
    "text", ["def f(expected, found): pass", "class A:\n    found: str", "def found(): pass"]
)
def test_what_is_found_beside_what_was_expected_says_what_it_is(text: str) -> None:
    assert broken(empty_names, [planted(text)]) == {}
