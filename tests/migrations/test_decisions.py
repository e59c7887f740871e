"""Filling how change sets were decided: authors no longer stand as the deciders of their own changes."""

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL

from migrations import run_migrations

pytestmark = pytest.mark.release

BEFORE, FILLED = "7f15b8a3c0e6", "b83d6e4f92c1"
USERS = """
    INSERT INTO users (email, name, role, password_hash, is_active)
    SELECT word || '@example.co.jp', word, 'steward', 'x', true FROM (VALUES ('author'), ('other')) AS u (word)
    RETURNING id
"""
CHANGE_SETS = """
    INSERT INTO change_sets (kind, table_name, status, author_id, author_name, counts, findings, digest, decided_by_id,
        decided_at, applied_at)
    SELECT 'edit', 'companies', status, author_id, 'a test', '{}', '[]', repeat('0', 64), decided_by_id,
        CASE WHEN status <> 'proposed' THEN now() END, CASE WHEN status = 'applied' THEN now() END
    FROM (VALUES
        ('applied', :author, :author),
        ('applied', :author, :other),
        ('rejected', :author, :other),
        ('applied', NULL, NULL),
        ('rejected', NULL, NULL),
        ('applied', NULL, :other),
        ('proposed', :author, NULL)
    ) AS c (status, author_id, decided_by_id)
"""


def test_old_change_sets_say_who_decided_and_only_others_are_named(
    empty_url: URL, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url.render_as_string(hide_password=False))
    assert run_migrations.main(["upgrade", BEFORE]) == 0
    with database.begin() as connection:
        author, other = connection.scalars(text(USERS)).all()
        connection.execute(text(CHANGE_SETS), {"author": author, "other": other})
    assert run_migrations.main(["upgrade"]) == 0
    with database.connect() as connection:
        decided = connection.execute(text("SELECT decided_how, decided_by_id FROM change_sets ORDER BY id"))
        assert [tuple(row) for row in decided] == [
            ("policy", None),
            ("person", other),
            ("person", other),
            ("policy", None),
            ("policy", None),
            ("person", other),
            (None, None),
        ]
