"""A database of its own for tests whose writers meet, and so commit."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from webapp import db


@pytest.fixture
def committed(migrated_database: Callable[[], Any], engine: Engine) -> Iterator[Engine]:
    """A database of its own, for what is committed."""
    other = db.make_engine(migrated_database())
    db.bind(other)
    yield other
    db.session.remove()
    db.bind(engine)
    other.dispose()
