"""The language of commands: what is asked for, then what the terminal speaks, then English."""

import os
import re
import subprocess
import sysconfig
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from webapp.cli import import_kinds, speaking, table

STOCKCODE = Path(sysconfig.get_path("scripts")) / "stockcode"


@pytest.mark.parametrize(
    ("asked", "environment", "spoken"),
    [
        (None, {}, "en"),
        (None, {"LANG": "C.UTF-8"}, "en"),
        (None, {"LANG": "ja_JP.UTF-8"}, "ja"),
        (None, {"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
        (None, {"LANG": "ja_JP.UTF-8", "LC_ALL": ""}, "ja"),
        (None, {"LANG": "en_US.UTF-8", "LC_MESSAGES": "ja_JP"}, "ja"),
        ("ja", {"LANG": "en_US.UTF-8"}, "ja"),
        ("en", {"LC_ALL": "ja_JP.UTF-8"}, "en"),
    ],
)
def test_a_language_is_chosen(asked: str | None, environment: dict[str, str], spoken: str) -> None:
    assert speaking.chosen(asked, environment).language == spoken


def stockcode(*words: str, language: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "LANG": language, "PYTHONUTF8": "1"}
    return subprocess.run([STOCKCODE, *words], env=environment, capture_output=True, text=True, check=False)


def test_a_command_explains_itself_in_the_language_of_the_terminal() -> None:
    japanese = stockcode("import", "--help", language="ja_JP.UTF-8").stdout
    assert japanese.startswith("使い方: stockcode import [OPTIONS]")
    assert "  --yes           確認せずに書き込みます。\n" in japanese
    assert re.findall(r"[A-Za-z]+ [a-z]+ [a-z]+", japanese) == []
    english = stockcode("import", "--help", language="C.UTF-8").stdout
    assert english.startswith("Usage: stockcode import [OPTIONS]")
    assert "  --yes           Do not ask.\n" in english


def test_the_list_of_commands_gives_the_first_line_of_each() -> None:
    told = stockcode("--help", language="ja_JP.UTF-8").stdout
    longest = max(map(len, table.COMMANDS))
    assert f"\n  {'import':{longest}}  種類 KIND のファイル FILES を取り込みます。\n" in told
    assert "..." not in told.replace("[ARGS]...", "")


def test_a_wrong_call_is_told_in_the_language_of_the_terminal() -> None:
    done = stockcode("import", "nothing", language="ja_JP.UTF-8")
    assert done.returncode == 2
    kinds = ", ".join(map(repr, import_kinds.NAMES))
    assert done.stderr.endswith(f"'nothing' は {kinds} のどれでもありません。\n")


def test_clicks_own_sentences_are_those_that_it_says() -> None:
    said = extract_from_dir(Path(click.__file__).parent, method_map=[("**.py", "python")])
    known = {message for _file, _line, message, _notes, _context in said}
    with (speaking.CATALOGUES / "ja" / "LC_MESSAGES" / "click.po").open("rb") as file:
        catalogue = read_po(file, locale="ja")
    kept = {entry.id for entry in catalogue if entry.id}
    assert kept
    assert kept - known == set()
    for entry in catalogue:
        for japanese in [entry.string] if isinstance(entry.string, str) else entry.string:
            if entry.id:
                english = " ".join([entry.id] if isinstance(entry.id, str) else entry.id)
                assert set(re.findall(r"{[^}]+}", japanese)) <= set(re.findall(r"{[^}]+}", english))
