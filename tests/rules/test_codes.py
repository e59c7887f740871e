"""Codes as people write them, by themselves and in front of a name."""

import pytest

from webapp.rules import codes


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7203", "7203"),
        ("７２０３", "7203"),
        ("72030", "7203"),
        ("7203.T", "7203"),
        ("tyo:7203", "7203"),
        ("7203 JP Equity", "7203"),
        ("130a", "130A"),
        ("E02144", "E02144"),
        ("T1180301018771", "1180301018771"),
        ("トヨタ", None),
        ("72", None),
    ],
)
def test_a_code_is_read_in_any_spelling(text: str, value: str | None) -> None:
    found = codes.read(text)
    assert (None if found is None else found.value) == value


def test_a_label_of_ours_begins_with_a_code() -> None:
    code, rest = codes.lead("7203 トヨタ自動車株式会社")
    assert code is not None
    assert (code.value, rest) == ("7203", "トヨタ自動車株式会社")
    assert codes.lead("7203 トヨタ 自動車")[1] == "トヨタ 自動車"
    whole, nothing = codes.lead("E02144")
    assert whole is not None
    assert nothing == ""
    assert codes.lead("トヨタ自動車 7203") == (None, "")
    assert codes.lead("トヨタ") == (None, "")
