"""The Python files that the house rules are about, read once, and what a rule finds in them."""

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("webapp", "migrations")


@dataclass(frozen=True, slots=True)
class Source:
    """A file: its path from the project's root, its text, and its syntax, of which many rules look at every node."""

    path: str
    text: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]

    @property
    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))

    @property
    def texts(self) -> Iterator[tuple[int, str]]:
        """Every string with its line; what an f-string fills in stands as {}."""
        parts = {id(part) for node in self.nodes if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in self.nodes:
            if isinstance(node, ast.JoinedStr):
                yield node.lineno, "".join(_plain(part) for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
                yield node.lineno, node.value


Rule = Callable[[Source], Iterable[tuple[int, str]]]


def _plain(part: ast.expr) -> str:
    return str(part.value) if isinstance(part, ast.Constant) else "{}"


def planted(text: str, path: str = "webapp/services/planted.py") -> Source:
    """A file that only a test knows."""
    tree = ast.parse(text)
    return Source(path, text, tree, tuple(ast.walk(tree)))


@cache
def python() -> tuple[Source, ...]:
    """Every Python file of the product."""
    files = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return tuple(planted(path.read_text("utf-8"), path.relative_to(ROOT).as_posix()) for path in files)


def but_revisions() -> list[Source]:
    """Without the revisions: SQL as PostgreSQL will see it, frozen, of as many lines as tables have columns."""
    return [source for source in python() if not source.path.startswith("migrations/versions/")]


def broken(rule: Rule, sources: Iterable[Source]) -> dict[str, list[str]]:
    """What breaks a rule, by file."""
    by_file = {
        source.path: [f"line {line}: {what}" for line, what in sorted(rule(source))] for source in sources
    }
    return {path: lines for path, lines in by_file.items() if lines}


def name_of(function: ast.expr) -> str:
    """The last part of what is called."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
