"""The language of commands: what is asked for, then what the terminal speaks, then English."""

import pytest

from webapp.cli import import_report, speaking
from webapp.cli.speaking import Speech
from webapp.files.rows import WrongFile
from webapp.rules.findings import Finding


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
    assert speaking.wanted(asked, environment).language == spoken


def test_a_sentence_is_said_with_its_values() -> None:
    message = "Written as change set %(number)s."
    assert Speech("en").gettext(message, number=7) == "Written as change set 7."
    assert Speech("ja").gettext(message, number=7) == "変更セット 7 として書き込みました。"


def test_what_a_file_should_have_been_is_said_whole() -> None:
    error = WrongFile(
        expected="a zip of at most %(most)s files", found="one of %(number)s", most=100, number=101
    )
    english = "Expected a zip of at most 100 files; found one of 101."
    assert (str(error), Speech("en").wrong_file(error)) == (english, english)
    assert Speech("ja").wrong_file(error) == "必要なもの: ファイル 100 件以内の zip。実際: 101 のもの。"


def test_a_percent_sign_in_a_file_is_only_a_percent_sign() -> None:
    plain = WrongFile(expected="one", found="100 %")
    filled = WrongFile(expected="a zip with one CSV in it", found="more in %(name)s", name="100%s.csv")
    assert str(plain) == Speech("en").wrong_file(plain) == "Expected one; found 100 %."
    assert Speech("ja").wrong_file(filled).endswith("実際: 100%s.csv はそれ以上。")


def test_a_finding_is_said_with_its_values() -> None:
    finding = Finding("name_ja", "must have at most %(longest)s characters", {"longest": 200})
    assert Speech("en").finding(finding) == "must have at most 200 characters"
    assert "200" in Speech("ja").finding(finding)
    assert Speech("ja").finding(finding) != Speech("en").finding(finding)


def test_a_word_that_no_table_knows_is_said_as_it_is() -> None:
    assert import_report.word(Speech("ja"), "something_new") == "something new"
