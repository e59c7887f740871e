"""A whole installation to use with a browser."""

from collections.abc import Iterator

import pytest

from tests.installation import Installation, first_run


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with first_run(tmp_path_factory.mktemp("first-day") / "var") as running:
        yield running
