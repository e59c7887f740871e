"""What is one table or one function stays one."""

import ast
from collections.abc import Iterator

from tests.house.sources import Source, broken, planted, python
from webapp import sqlstates

STATES = {value for name, value in vars(sqlstates).items() if name.isupper() and isinstance(value, str)}


def spelt_states(source: Source) -> Iterator[tuple[int, str]]:
    """SQLSTATEs as five characters instead of by name."""
    return ((line, text) for line, text in source.texts if len(text) == 5 and text in STATES)


def markers(source: Source) -> Iterator[tuple[int, str]]:
    """Functions that only mark a sentence for translation."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef) and node.name == "_":
            yield node.lineno, ast.unparse(node)


def test_sqlstates_are_spelt_in_one_file() -> None:
    assert set(broken(spelt_states, python())) == {"webapp/sqlstates.py"}


def test_one_function_marks_sentences() -> None:
    assert set(broken(markers, python())) == {"webapp/words/marked.py"}


def test_a_state_that_is_spelt_elsewhere_is_found() -> None:
    assert broken(spelt_states, [planted("is_same = error.sqlstate == '23505'")])


def test_a_second_marker_is_found() -> None:
    assert broken(markers, [planted("def _(sentence):\n    return sentence\n")])
