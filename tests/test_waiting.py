"""Tests wait by locators and `expect`: what Playwright polls with eval, the pages' own policy refuses."""

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = sorted(path for path in HERE.rglob("*.py") if path != Path(__file__))
# An expression is evaluated anew by each look, and refused from the second on:
# https://github.com/microsoft/playwright/pull/36986
POLLS = {"wait_for_function"}
TEXT_AS_CODE = re.compile(r"\beval\(|new Function\(|set(?:Timeout|Interval)\(\s*['\"`]")
# A file that names none of these does neither, and need not be parsed.
NAMES = re.compile("|".join((*POLLS, "eval", "Function", "setTimeout", "setInterval")))


def faults(source: str) -> list[str]:
    """What in a test's source polls by eval, or has a page run text as code."""
    if not NAMES.search(source):
        return []
    nodes = list(ast.walk(ast.parse(source)))
    names = [node.attr for node in nodes if isinstance(node, ast.Attribute)]
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [name for name in names if name in POLLS] + [text for text in texts if TEXT_AS_CODE.search(text)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(HERE)))
def test_nothing_is_waited_for_by_eval(path: Path) -> None:
    assert faults(path.read_text()) == []


def test_a_wait_by_eval_would_be_found() -> None:
    assert faults("page.wait_for_function('window.isReady')") == ["wait_for_function"]
    assert faults("page.evaluate('setInterval(\"look()\", 50)')") == ['setInterval("look()", 50)']
    assert faults("page.wait_for_load_state()") == []
