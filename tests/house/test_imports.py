"""What is imported, and what is read of the surroundings, is seen by whoever reads the head of a file."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.sources import Source, broken, name_of, planted, python

# Files that are found instead of named, and the two tables of commands, which are loaded when they are called.
MAY_IMPORT_BY_TEXT = {"webapp/discovering.py", "webapp/cli/table.py", "migrations/release_step/table.py"}
# Settings need SQLAlchemy, and the language of a terminal is wanted before; see the first one's docstring.
MAY_READ_VARIABLES = {"webapp/environment.py", "migrations/run_migrations.py", "migrations/env.py"}

BY_TEXT = {
    "__import__",
    "import_module",
    "import_string",
    "resolve_name",
    "run_module",
    "run_path",
    "exec",
    "eval",
}
VARIABLES = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}


def by_text(source: Source) -> Iterator[tuple[int, str]]:
    """Imports whose name stands in a string, which hide an edge from import-linter."""
    for node in source.nodes:
        if isinstance(node, ast.Name | ast.Attribute):
            name = name_of(node)
            if name in BY_TEXT or (name == "modules" and ast.unparse(node) == "sys.modules"):
                yield node.lineno, name


def inside_functions(source: Source) -> Iterator[tuple[int, str]]:
    """Imports that only happen when somebody calls."""
    # What is in a function is indented, and most files indent none: their functions need not be gone through.
    if not any(isinstance(node, ast.Import | ast.ImportFrom) and node.col_offset for node in source.nodes):
        return
    for function in source.nodes:
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node.lineno, f"in {function.name}"


def variables(source: Source) -> Iterator[tuple[int, str]]:
    """Looks at the variables of the process."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in VARIABLES and ast.unparse(node.value) == "os":
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom) and node.module == "os":
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in VARIABLES)


def test_only_files_that_are_named_here_import_by_text() -> None:
    assert set(broken(by_text, python())) == MAY_IMPORT_BY_TEXT


def test_no_function_imports() -> None:
    assert broken(inside_functions, python()) == {}


def test_variables_are_read_at_the_entrances_only() -> None:
    assert set(broken(variables, python())) == MAY_READ_VARIABLES


@pytest.mark.parametrize(
    "text",
    [
        "import importlib\nhome = importlib.import_module('webapp.app')",
        "from importlib import import_module as load\nfrom importlib import import_module\nimport_module('x')",
        "home = __import__('webapp.app')",
        "import sys\nhome = sys.modules['webapp.app']",
        "exec('import webapp.app')",
        "import runpy\nrunpy.run_path('webapp/app.py')",
    ],
)
def test_an_import_by_text_is_found(text: str) -> None:
    assert broken(by_text, [planted(text)])


@pytest.mark.parametrize(
    "text",
    [
        "def late():\n    import json\n",
        "class Late:\n    async def load(self):\n        if self:\n            from webapp import db\n",
    ],
)
def test_an_import_in_a_function_is_found(text: str) -> None:
    assert broken(inside_functions, [planted(text)])


def test_an_import_for_types_and_one_in_a_class_are_none_in_a_function() -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import json\nclass A:\n    import json\n"
    assert broken(inside_functions, [planted(text)]) == {}


@pytest.mark.parametrize(
    "text",
    [
        "import os\nkey = os.environ['SECRET_KEY']",
        "import os\nkey = os.getenv('SECRET_KEY')",
        "from os import environ\nkey = environ['SECRET_KEY']",
        "from os import getenv as read",
    ],
)
def test_a_look_at_a_variable_is_found(text: str) -> None:
    assert broken(variables, [planted(text)])


def test_an_environ_that_was_handed_over_is_no_look() -> None:
    assert broken(variables, [planted("def url(call):\n    return call.environ['DATABASE_URL']\n")]) == {}
