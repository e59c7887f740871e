"""One language as a value."""

import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

import pytest

from webapp.label import Label
from webapp.words import speech

ENGLISH, JAPANESE = speech.of_language("en"), speech.of_language("ja")
TICKER = Label("証券コード", "Securities code")


@dataclass
class Saying:
    """A sentence and what fills it."""

    message: str
    params: dict[str, Any] = field(default_factory=dict)


def test_there_is_one_speech_of_each_language() -> None:
    assert speech.of_language("ja") is JAPANESE
    assert (JAPANESE.say(TICKER), ENGLISH.say(TICKER)) == ("証券コード", "Securities code")


def test_a_sentence_is_said_with_its_values_and_labels_among_them() -> None:
    message = "Written as change set %(number)s."
    assert ENGLISH.gettext(message, number=7) == "Written as change set 7."
    assert JAPANESE.gettext(message, number=7) == "変更セット 7 として書き込みました。"
    assert "証券コード" in JAPANESE.gettext(message, number=TICKER)


def test_how_many_things_there_are_is_said_in_grouped_digits() -> None:
    one, many = "%(num)s more record has changed.", "%(num)s more records have changed."
    assert ENGLISH.ngettext(one, many, 5079) == "5,079 more records have changed."
    assert "5,079" in JAPANESE.ngettext(one, many, 5079)


def test_a_sentence_without_a_translation_is_said_as_it_is() -> None:
    assert JAPANESE.gettext("Nobody has ever translated this.") == "Nobody has ever translated this."


@pytest.mark.parametrize(("number", "said"), [(1, "1 record was deleted."), (2, "2 records were deleted.")])
def test_so_many_things_are_said_in_their_number(number: int, said: str) -> None:
    forms = ("%(num)s record was deleted.", "%(num)s records were deleted.")
    assert ENGLISH.ngettext(*forms, number) == said
    assert JAPANESE.ngettext(*forms, number) == f"{number} 件を削除しました。"


def test_what_a_rule_says_is_said_filled() -> None:
    saying = Saying("must have at most %(longest)s characters", {"longest": 200})
    assert ENGLISH.sentence(saying) == "must have at most 200 characters"
    assert "200" in JAPANESE.sentence(saying)
    assert JAPANESE.sentence(saying) != ENGLISH.sentence(saying)


def test_a_speech_is_loaded_without_babel_and_sqlalchemy() -> None:
    script = "import sys, webapp.words.speech; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert {"babel", "flask", "sqlalchemy"}.isdisjoint(done.stdout.split())
