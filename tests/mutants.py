"""make mutants: one sign, number or word of a rule or formula is changed at a time, and the tests must notice.

Each change is tried in a process of its own, which reads the changed source in place of the file; nothing is written.
The tests are those of Python alone: that SQL says the same, a property test shows of the rules as they are.
"""

import ast
import importlib.util
import os
import random
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import click
import flask_admin.contrib.sqla  # noqa: F401  # read once, and not by each child
import psycopg  # noqa: F401  # likewise
import pytest
import sqlalchemy.orm  # noqa: F401  # likewise

ROOT = Path(__file__).parents[1]
TARGETS = ("webapp/rules/expressions.py", "webapp/rules/accounting", "webapp/indicators")
# What is text for PostgreSQL no test of Python alone can notice.
LEFT_OUT = ("as_sql.py", "__init__.py")
TESTS = ("tests/rules/accounting", "tests/rules/test_further_rules.py", "tests/indicators",
         "tests/words/test_remarks.py", "tests/test_earlier_defects.py")  # fmt: skip
WITHOUT = "not sql and not both_readings"
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

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        # What is SQL is left out, as above.
        return node if node.name.endswith("sql") else self.generic_visit(node)


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
        place = ROOT / target
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            if path.name not in LEFT_OUT:
                counting = Changing(UNCHANGED)
                counting.visit(ast.parse(path.read_text("utf-8")))
                yield from (Mutant(path, number) for number in range(counting.count))


def tried(mutant: Mutant) -> tuple[bool, int]:
    """Whether a test noticed it, and its line."""
    changing = Changing(mutant.number)
    tree = ast.fix_missing_locations(changing.visit(ast.parse(mutant.path.read_text("utf-8"))))
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        sys.meta_path.insert(0, InPlace(mutant.path, tree))
        try:
            status = pytest.main(["-x", "-q", "-p", "no:randomly", "-k", WITHOUT, *TESTS])
        except BaseException:  # whatever it was, it was noticed
            status = 1
        os._exit(0 if status == 0 else 1)
    return os.waitpid(child, 0)[1] != 0, changing.line


@click.command()
@click.option("--sample", type=int, help="Try so many of them, chosen by chance.")
@click.option("--seed", type=int, default=1)
@click.option("--only", default="", help="Try those of files whose path has this in it.")
def main(sample: int | None, seed: int, only: str) -> None:
    """Try them, name those that nobody noticed, and exit with 1 where those are too many."""
    chosen: Sequence[Mutant] = [mutant for mutant in every() if only in str(mutant.path)]
    click.echo(f"{len(chosen)} mutants")
    # Tests that fail anyway would notice everything.
    if chosen and tried(Mutant(chosen[0].path, UNCHANGED))[0]:
        raise click.ClickException("The tests fail on the files as they are.")
    if sample is not None and sample < len(chosen):
        chosen = random.Random(seed).sample(chosen, sample)
    noticed = 0
    for mutant in chosen:
        is_noticed, line = tried(mutant)
        noticed += is_noticed
        if not is_noticed:
            click.echo(f"  survived: {mutant.path.relative_to(ROOT)}:{line} (change {mutant.number})")
    score = 100 * noticed / len(chosen)
    click.echo(f"{noticed} of {len(chosen)} noticed: {score:.0f} % (at least {LEAST_SCORE})")
    sys.exit(score < LEAST_SCORE)


if __name__ == "__main__":
    main()
