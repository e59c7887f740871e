"""Why a file is not taken."""

from webapp.files.rows import WrongFile
from webapp.words import wrong_files
from webapp.words.speech import Speech


def test_what_a_file_should_have_been_is_said_whole() -> None:
    error = WrongFile(
        expected="a zip of at most %(most)s files", found="one of %(number)s", most=100, number=101
    )
    english = "Expected a zip of at most 100 files; found one of 101."
    assert (str(error), wrong_files.sentence(error, Speech("en"))) == (english, english)
    assert (
        wrong_files.sentence(error, Speech("ja"))
        == "必要なもの：ファイル 100 件以内の zip。実際：101 のもの。"
    )


def test_a_percent_sign_in_a_file_is_only_a_percent_sign() -> None:
    plain = WrongFile(expected="one", found="100 %")
    filled = WrongFile(expected="a zip with one CSV in it", found="more in %(name)s", name="100%s.csv")
    assert str(plain) == wrong_files.sentence(plain, Speech("en")) == "Expected one; found 100 %."
    assert wrong_files.sentence(filled, Speech("ja")).endswith("実際：100%s.csv はそれ以上。")
