"""What files of lists are called."""

from datetime import UTC, datetime

import pytest

from tests import plans
from webapp.lists import file_names, query
from webapp.models.company import Company
from webapp.words import speech

NOON = datetime(2026, 11, 29, 3, 0, 1, tzinfo=UTC)


def name(address: str, label: str = "企業") -> str:
    return file_names.of(query.parse(plans.of(Company), address), label, NOON, speech.of_language("ja"))


def test_it_says_what_and_when_in_japans_time() -> None:
    assert name("search=任天堂") == "企業_任天堂_20261129_120001"


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("a/b\\c:d*e?f", "a-b-c-d-e-f"),
        ("\u202e任天\u200b堂", "任天-堂"),
        ("../..", ""),
        ('x"y', "x-y"),
        ("...", ""),
    ],
)
def test_nothing_in_it_leaves_its_folder_or_hides(typed: str, part: str) -> None:
    assert file_names.fit(typed) == part


def test_a_long_search_keeps_to_what_file_systems_take() -> None:
    long = name("search=" + "株" * 150)
    assert len(long.encode()) < 255 - len(".xlsx")
    assert long.endswith("_20261129_120001")
    assert "\ufffd" not in long
