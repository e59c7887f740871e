from datetime import date

import pytest

from tests.files import builders
from webapp.files import kinds


@pytest.mark.parametrize(
    ("kind", "name", "content", "as_of_on"),
    [
        ("edinet-codes", "Edinetcode.zip", builders.edinet_zip(builders.COMPANY), date(2023, 10, 31)),
        ("jpx-list", "data_j.csv", builders.jpx_csv(builders.ISSUE), date(2025, 5, 30)),
    ],
)
def test_each_kind_has_its_reader(kind: str, name: str, content: bytes, as_of_on: date) -> None:
    found = kinds.READERS[kind](content, name)
    assert (found.as_of_on, len(found.rows)) == (as_of_on, 1)
