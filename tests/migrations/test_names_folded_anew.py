"""Names that were folded before ー, small kana and old kanji were thought of are folded anew, without a new version."""

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy.engine import URL

from migrations import run_migrations

pytestmark = pytest.mark.release

BEFORE = "c19d4e6a80b7"


def test_keys_are_folded_anew_and_no_company_seems_changed(
    new_database: Callable[[], URL], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database().set(drivername="postgresql").render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("APP_ENV", "local")
    assert run_migrations.main(["upgrade", BEFORE, "--json"]) == 0
    with psycopg.connect(url, autocommit=True) as connection:
        connection.cursor().executemany(
            "INSERT INTO companies (name_ja, name_ja_folded, name_en, name_kana, listing_status)"
            " VALUES (%s, 'リコ', %s, %s, 'unlisted')",
            [
                ("株式会社リコー", "ＲＩＣＯＨ", "カブシキガイシャリコー"),
                ("富士フイルム　髙﨑", None, None),
                ("株式会社", "Co., Ltd.", "カブシキガイシャ"),
            ],
        )
        told = "SELECT version, changed_at FROM companies ORDER BY id"
        before = connection.execute(told).fetchall()
        assert run_migrations.main(["upgrade", "--json"]) == 0
        assert connection.execute(told).fetchall() == before
        assert connection.execute("SELECT count(*) FROM row_versions").fetchall() == [(0,)]
        connection.execute("UPDATE companies SET name_en = 'x' WHERE name_en = 'Co., Ltd.'")
        assert connection.execute("SELECT count(*) FROM row_versions").fetchall() == [(1,)]
        keys = "SELECT name_ja_folded, name_en_folded, name_kana_folded FROM companies ORDER BY id"
        assert connection.execute(keys).fetchall() == [
            ("リコー", "ricoh", "リコー"),
            ("富士フイルム高崎", None, None),
            ("株式会社", "x", "カブシキガイシャ"),
        ]
