"""Files, functions and folders that one can take in at a glance, and rooms that say what is in them."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import pytest

from tests.house.sources import ROOT, Source, broken, but_revisions, planted, python

MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 40
MOST_FILES = 25
# A room of more files than these says what belongs there and what does not.
FILES_WITHOUT_WORDS = 5
# What grows with every release, or is made by a program.
MAY_HOLD_MORE = {"migrations/versions"}
MADE = ("webapp/static/built", "webapp/static/packed", "webapp/static/vendor")


def functions(source: Source) -> Iterator[tuple[int, str]]:
    """Functions that are too long."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > MOST_LINES_OF_A_FUNCTION:
                yield node.lineno, f"{node.name} has {lines} lines"


def long_files(root: Path, patterns: Iterable[str]) -> dict[str, int]:
    """Files with too many lines."""
    lines = {
        path: len(path.read_text("utf-8").splitlines()) for pattern in patterns for path in root.glob(pattern)
    }
    named = {path.relative_to(root).as_posix(): number for path, number in lines.items()}
    return {
        path: number for path, number in named.items() if number > MOST_LINES and not path.startswith(MADE)
    }


def full_folders(paths: Iterable[str]) -> dict[str, int]:
    """Folders with too many files."""
    counted = Counter(str(PurePosixPath(path).parent) for path in paths)
    return {folder: number for folder, number in counted.items() if number > MOST_FILES}


def wordless_rooms(sources: Iterable[Source]) -> list[str]:
    """Rooms of many files whose docstring is a single line."""
    rooms = [source for source in sources if source.path.endswith("__init__.py")]
    files = Counter(str(PurePosixPath(source.path).parent) for source in sources)
    for source in rooms:
        files[str(PurePosixPath(source.path).parent)] -= 1
    return [
        folder
        for source in rooms
        if files[folder := str(PurePosixPath(source.path).parent)] > FILES_WITHOUT_WORDS
        and "\n\n" not in (ast.get_docstring(source.tree) or "")
    ]


def files_of(*folders: str) -> list[str]:
    """Every file in folders, but for what is made and what Python keeps."""
    paths = (path.relative_to(ROOT).as_posix() for name in folders for path in (ROOT / name).rglob("*.*"))
    return [path for path in paths if "__pycache__" not in path and not path.startswith(MADE)]


def test_no_function_is_too_long() -> None:
    assert broken(functions, but_revisions()) == {}


def test_no_file_is_too_long() -> None:
    patterns = (
        "webapp/**/*.py",
        "migrations/**/*.py",
        "webapp/static/js/**/*.js",
        "webapp/static/css/**/*.css",
        "templates/**/*.*",
    )
    assert long_files(ROOT, patterns) == {}


def test_no_folder_is_too_full() -> None:
    full = full_folders(files_of("webapp", "migrations", "templates", "tests"))
    assert set(full) <= MAY_HOLD_MORE


def test_every_room_of_many_files_says_what_belongs_there_and_what_does_not() -> None:
    assert wordless_rooms([source for source in python() if source.path.startswith("webapp/")]) == []


def test_a_long_function_is_found_and_one_that_just_fits_is_not() -> None:
    def text(lines: int) -> str:
        return "def f():\n" + "    pass\n" * (lines - 1)

    assert broken(functions, [planted(text(MOST_LINES_OF_A_FUNCTION + 1))])
    assert broken(functions, [planted(text(MOST_LINES_OF_A_FUNCTION))]) == {}


@pytest.mark.parametrize(
    "name", ["webapp/a.py", "webapp/static/js/list/a.js", "webapp/static/css/a.css", "templates/a.html"]
)
def test_a_long_file_is_found_wherever_it_lies(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text("\n" * (MOST_LINES + 1))
    assert long_files(tmp_path, ["**/*.*"]) == {name: MOST_LINES + 1}


def test_a_full_folder_is_found() -> None:
    assert full_folders(f"webapp/screens/{number}.py" for number in range(MOST_FILES + 1)) == {
        "webapp/screens": MOST_FILES + 1
    }


def test_a_room_without_words_is_found() -> None:
    files = [planted("", f"webapp/jobs/{number}.py") for number in range(FILES_WITHOUT_WORDS + 1)]
    assert wordless_rooms([planted('"""Jobs."""', "webapp/jobs/__init__.py"), *files]) == ["webapp/jobs"]
    words = '"""Jobs.\n\nWhat starts them lies elsewhere.\n"""'
    assert wordless_rooms([planted(words, "webapp/jobs/__init__.py"), *files]) == []
