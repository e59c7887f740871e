"""make mutants: one sign, number or word of a rule or formula is changed at a time, and the tests must notice.

Each change is tried in a process of its own, which reads the changed source in place of the file; nothing is written.
It comes of one that has read what the changed file has no part in, once for all changes of that file. The tests are
those of Python alone: that SQL says the same, a property test shows of the rules as they are.
"""

import ast
import contextlib
import gc
import importlib.util
import json
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import click
import pytest

ROOT = Path(__file__).parents[1]
TARGETS = ("webapp/rules", "webapp/indicators")
# What is text for PostgreSQL no test of Python alone can notice.
LEFT_OUT = ("*sql.py", "masters.py", "__init__.py")
TESTS = ("tests/rules", "tests/indicators", "tests/words/test_remarks.py", "tests/test_earlier_defects.py")
PLAINLY = ("-m", "not real_data", "--noconftest", "--disable-plugin-autoload", "-p", "pytest_timeout",
           "--timeout=120", "--assert=plain")  # fmt: skip
LEAST_SCORE, UNCHANGED = 85, -1
COMPARED = {ast.LtE: ast.Lt, ast.Lt: ast.LtE, ast.GtE: ast.Gt, ast.Gt: ast.GtE, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}  # fmt: skip
RECKONED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


class Mutant(NamedTuple):
    """A file, and which of its changes."""

    path: Path
    number: int


class Changing(ast.NodeTransformer):
    """Makes the change of this number, and counts them all."""

    def __init__(self, number: int) -> None:
        self.number, self.count, self.line = number, 0, 0

    def _is_it(self, node: ast.expr) -> bool:
        self.count += 1
        if self.count - 1 == self.number:
            self.line = node.lineno
        return self.count - 1 == self.number

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if type(node.ops[0]) in COMPARED and self._is_it(node):
            node.ops[0] = COMPARED[type(node.ops[0])]()
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if type(node.op) in RECKONED and not _is_text(node) and self._is_it(node):
            node.op = RECKONED[type(node.op)]()
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._is_it(node):
            node.op = RECKONED[type(node.op)]()
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if isinstance(value, bool):
            return ast.copy_location(ast.Constant(not value), node) if self._is_it(node) else node
        if isinstance(value, int):
            return ast.copy_location(ast.Constant(value + 1), node) if self._is_it(node) else node
        if isinstance(value, str) and value.replace(".", "", 1).isdigit() and self._is_it(node):
            return ast.copy_location(ast.Constant(str(float(value) * 2)), node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        # Whether a class of ours is frozen or has slots changes nothing that it says.
        node.body = [self.visit(part) for part in node.body]
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        # Nor whether what is as long as another is held to it.
        return node if node.arg == "strict" else self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        # What is SQL is left out, as above.
        return node if node.name.endswith("sql") else self.generic_visit(node)


class WithoutDatabase:
    """Leaves out the tests that need PostgreSQL."""

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        items[:] = [item for item in items if "connection" not in item.fixturenames]


class InPlace(MetaPathFinder, Loader):
    """Gives a module its changed source."""

    def __init__(self, path: Path, tree: ast.Module) -> None:
        self.path, self.tree = path, tree
        self.name = ".".join(path.relative_to(ROOT).with_suffix("").parts)

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.tree, str(self.path), "exec"), module.__dict__)


def _is_text(node: ast.BinOp) -> bool:
    return any(isinstance(side, ast.JoinedStr | ast.Constant) and isinstance(getattr(side, "value", ""), str)
               for side in (node.left, node.right))  # fmt: skip


def every() -> Iterator[Mutant]:
    """All changes that there are."""
    for target in TARGETS:
        for path in sorted((ROOT / target).rglob("*.py")):
            if not any(path.match(pattern) for pattern in LEFT_OUT):
                counting = Changing(UNCHANGED)
                counting.visit(ast.parse(path.read_text("utf-8")))
                yield from (Mutant(path, number) for number in range(counting.count))


def nearest(path: Path) -> str:
    """The tests of a file in the place that mirrors its own: those of that name, or of its room."""
    mirrored = Path("tests", *path.relative_to(ROOT / "webapp").parts).with_name(f"test_{path.name}")
    return str(mirrored if (ROOT / mirrored).exists() else mirrored.parent)


def changed(mutant: Mutant) -> tuple[InPlace, int]:
    """The file with this change, and the line of it."""
    changing = Changing(mutant.number)
    tree = ast.fix_missing_locations(changing.visit(ast.parse(mutant.path.read_text("utf-8"))))
    return InPlace(mutant.path, tree), changing.line


def passed(in_place: InPlace, chosen: Sequence[str] = TESTS) -> list[str]:
    """The rooms' modules that the tests read, where all of them pass; none where one fails."""
    sys.meta_path.insert(0, in_place)
    try:
        status = pytest.main(["-x", "-q", *PLAINLY, *chosen], plugins=[WithoutDatabase()])
    except BaseException:  # whatever it was, it was noticed
        status = 1
    return [] if status else [name for name in sys.modules if name.startswith("webapp.")]


def survivors(mutants: Sequence[Mutant], names: Sequence[str]) -> list[tuple[int, int]]:
    """Of the changes of one file those that no test notices: line and number."""
    path = mutants[0].path
    unchanged = changed(Mutant(path, UNCHANGED))[0]
    _read_all_but(unchanged.name, names)
    # First those nearest to it, which notice most; should they fail anyway, they would notice everything.
    near = [nearest(path)]
    rounds = [near, TESTS] if _apart(partial(passed, unchanged, near)) else [TESTS]
    unseen = []
    for mutant in mutants:
        in_place, line = changed(mutant)
        if all(_apart(partial(passed, in_place, tests)) for tests in rounds):
            unseen.append((line, mutant.number))
    return unseen


def _read_all_but(left_out: str, names: Sequence[str]) -> None:
    """Read these modules but the one and whatever needs it."""
    sys.modules[left_out] = None  # type: ignore[assignment]  # whoever imports it fails
    for name in names:
        with contextlib.suppress(ImportError):  # of those that need the one
            importlib.import_module(name)
    del sys.modules[left_out]
    # What all children have in common no child looks through again.
    gc.freeze()


def _apart(act: Callable[[], Any]) -> Any:
    """What comes of it in a silent process of its own; None where that dies."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        try:
            os.write(writing, json.dumps(act()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return json.loads(said) if said else None


@click.command()
@click.option("--sample", type=int, help="Try so many of them, chosen by chance.")
@click.option("--seed", type=int, default=1)
@click.option("--only", default="", help="Try those of files whose path has this in it.")
def main(sample: int | None, seed: int, only: str) -> None:
    """Try them, name those that nobody noticed, and exit with 1 where those are too many."""
    chosen: Sequence[Mutant] = [mutant for mutant in every() if only in str(mutant.path)]
    click.echo(f"{len(chosen)} mutants")
    if sample is not None and sample < len(chosen):
        chosen = sorted(random.Random(seed).sample(chosen, sample))
    # Tests that fail anyway would notice everything.
    names = _apart(lambda: passed(changed(Mutant(chosen[0].path, UNCHANGED))[0])) if chosen else []
    if chosen and not names:
        raise click.ClickException("The tests fail on the files as they are.")
    noticed = 0
    for path, group in groupby(chosen, lambda mutant: mutant.path):
        of_file = list(group)
        unseen = _apart(partial(survivors, of_file, names))
        for line, number in unseen:
            click.echo(f"  survived: {path.relative_to(ROOT)}:{line} (change {number})")
        noticed += len(of_file) - len(unseen)
    score = 100 * noticed / len(chosen)
    click.echo(f"{noticed} of {len(chosen)} noticed: {score:.0f} % (at least {LEAST_SCORE})")
    sys.exit(score < LEAST_SCORE)


if __name__ == "__main__":
    main()
