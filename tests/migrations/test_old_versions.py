"""Versions that were kept before their table knew who began them learn it from the rows in them."""

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy.engine import URL

from migrations import run_migrations

pytestmark = pytest.mark.release

BEFORE = "93c6f0b8e1d7"
INDUSTRY = b"""
    INSERT INTO industries (code, name_ja, name_en, sector17_code, sector17_name_ja, sector17_name_en)
    SELECT lpad(n::text, 4, '0'), 'x', 'x', '1', 'x', 'x' FROM generate_series(1, 2500) n
"""
CHANGE = b"UPDATE industries SET name_en = name_en || 'x'"
BEGUN = (
    b"SELECT version, begun_by_change_set_id, ended_by_change_set_id, ended_by_transaction_id IS NULL, count(*)"
    b" FROM row_versions GROUP BY 1, 2, 3, 4 ORDER BY 1"
)


def test_versions_from_before_are_filled_in_and_later_ones_say_more(
    new_database: Callable[[], URL], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database().set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("APP_ENV", "local")
    assert run_migrations.main(["upgrade", BEFORE, "--json"]) == 0
    with psycopg.connect(url, autocommit=True) as connection:
        for number, statement in (("5", INDUSTRY), ("6", CHANGE), ("", CHANGE), ("7", CHANGE)):
            connection.execute("SELECT set_config('app.change_set_id', %s, false)", [number])
            connection.execute(statement)
        assert run_migrations.main(["upgrade", "--json"]) == 0
        connection.execute(CHANGE)
        told = connection.execute(BEGUN).fetchall()
    assert told == [
        (1, 5, 6, True, 2500),
        (2, 6, None, True, 2500),
        (3, None, 7, True, 2500),
        (4, 7, 7, False, 2500),
    ]
