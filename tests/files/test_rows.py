from webapp.files.rows import SHOWN_LENGTH, RefusedRow, WrongFile, shown


def test_a_wrong_file_says_on_one_line_what_was_expected_and_what_was_found() -> None:
    assert str(WrongFile(expected="an intact zip", found="half of one")) == (
        "Expected an intact zip; found half of one."
    )


def test_a_refused_row_becomes_a_bad_row_once_its_line_is_known() -> None:
    bad = RefusedRow("コード", "13", "This is not a securities code.").at(7)
    assert (bad.line, bad.column, bad.value) == (7, "コード", "13")
    assert bad.reason == "This is not a securities code."


def test_a_shown_value_is_short_and_on_one_line() -> None:
    assert shown("極洋") == "極洋"
    assert shown("a\nb\x1b[31m\u202ec") == "a b [31m c"
    assert shown("長" * SHOWN_LENGTH) == "長" * SHOWN_LENGTH
    assert shown("長" * 1000) == "長" * (SHOWN_LENGTH - 1) + "…"
