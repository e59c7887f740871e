"""Curated rows are written in one place, and one place commits."""

import ast
import re
from collections.abc import Iterator

import pytest

import webapp.models  # noqa: F401 - every table is known before the first is asked for
from tests.house.sources import Source, broken, but_revisions, name_of, planted
from webapp import db
from webapp.models.columns import Curated

MAPPED = [mapper.class_ for mapper in db.Base.registry.mappers]
CURATED = {model.__name__: model.__tablename__ for model in MAPPED if issubclass(model, Curated)}
OUR_OWN = {model.__name__ for model in MAPPED} - set(CURATED)

MAY_WRITE_CURATED_ROWS = {
    "webapp/services/changes/row_writing.py",
    # Feeds, which have no items: written as they are classified, taken back as the history has them.
    "webapp/services/changes/feeds/writing.py",
    "webapp/services/changes/feeds/reverting.py",
    "migrations/backfills.py",
}
# They add and remove rows of ours: accounts, attempts, change sets, files, views. None knows a curated model.
MAY_ADD_OWN_ROWS = {
    "webapp/services/accounts/accounts.py",
    "webapp/services/accounts/signing_in.py",
    "webapp/services/changes/stored/change_sets.py",
    "webapp/services/intake/received_files.py",
    "webapp/services/intake/uploading/uploads.py",
    "webapp/services/lists/saved_views.py",
    "webapp/services/queueing/deferring.py",
}
MAY_COMMIT = {
    "webapp/db.py",
    # This machine's server, before there is a database of ours; a database is made outside transactions.
    "webapp/cli/embedded.py",
    "webapp/cli/up.py",
    # How far a job has come, beside its transaction; and a question that is asked outside of any.
    "webapp/jobs/telling.py",
    "webapp/jobs/worker.py",
    # The release step: its lock, its session's settings, its second look, what it records itself.
    "migrations/release_step/database/connecting.py",
    "migrations/release_step/database/locking.py",
    "migrations/release_step/database/watching.py",
    "migrations/release_step/verbs/backing_up.py",  # a transaction that only reads, and ANALYZE
    "migrations/release_step/schema/left.py",
    "migrations/release_step/verbs/stamping.py",
    # Built and rolled back, or each batch by itself, or the whole of a revision, by Alembic.
    "migrations/backfills.py",
    "migrations/env.py",
    "migrations/indexes.py",
    "migrations/release_step/revisions/offline.py",
}

STATEMENTS = {"insert", "update", "delete", "merge"}
ON_SESSION = {
    "add",
    "query",
    "add_all",
    "delete",
    "merge",
    "bulk_save_objects",
    "bulk_insert_mappings",
    "bulk_update_mappings",
}
COMMITTING = {"commit", "autocommit_block", "begin_transaction"}
SQL = re.compile(
    r"\b(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|TRUNCATE(?: TABLE)?|COPY)\s+(?:ONLY\s+)?"
    rf"(?:\"?(?:{'|'.join(CURATED.values())})\b|\{{\}})"
)


def curated_writes(source: Source) -> Iterator[tuple[int, str]]:
    """INSERT, UPDATE and DELETE that are, or may be, of a curated table."""
    for line, text in source.texts:
        if match := SQL.search(text):
            yield line, match[0]
    for call in source.calls:
        name, words = name_of(call.func), ast.unparse(call)
        is_of_table = isinstance(call.func, ast.Attribute) and "__table__" in words
        if name in STATEMENTS and (isinstance(call.func, ast.Name) or is_of_table) and not _is_of_ours(call):
            yield call.lineno, words


def _is_of_ours(call: ast.Call) -> bool:
    """Whether a model that is not curated is named; where nothing is named, nobody knows."""
    return bool({node.id for node in ast.walk(call) if isinstance(node, ast.Name)} & OUR_OWN)


def session_writes(source: Source) -> Iterator[tuple[int, str]]:
    """Rows that are written by being handed to the session, or through a query of it."""
    for call in source.calls:
        function = call.func
        is_method = isinstance(function, ast.Attribute) and function.attr in ON_SESSION
        if is_method and ast.unparse(function).rpartition(".")[0].endswith("session"):
            yield call.lineno, ast.unparse(call)


def curated_names(source: Source) -> Iterator[tuple[int, str]]:
    """Imports of curated models."""
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name in CURATED)


def commits(source: Source) -> Iterator[tuple[int, str]]:
    """Whatever ends a transaction so that it stays, or works outside of one."""
    for call in source.calls:
        words = ast.unparse(call.func)
        is_outside = any(word.arg == "autocommit" for word in call.keywords) or words == "psycopg.connect"
        is_block = words.endswith(("connection.begin", "engine.begin", "session.begin"))
        if name_of(call.func) in COMMITTING or is_outside or is_block:
            yield call.lineno, words
    for line, text in source.texts:
        if text.strip(" ;") in ("COMMIT", "AUTOCOMMIT"):
            yield line, text


def test_curated_rows_are_written_from_items_by_feeds_and_by_backfills_only() -> None:
    assert set(broken(curated_writes, but_revisions())) == MAY_WRITE_CURATED_ROWS


def test_rows_are_handed_to_the_session_only_by_those_who_know_no_curated_model() -> None:
    adding = [source for source in but_revisions() if source.path in broken(session_writes, [source])]
    assert {source.path for source in adding} == MAY_ADD_OWN_ROWS
    assert broken(curated_names, adding) == {}


def test_one_place_commits_and_the_release_step_where_it_must() -> None:
    assert set(broken(commits, but_revisions())) == MAY_COMMIT


@pytest.mark.parametrize(
    "text",
    [
        "from sqlalchemy import update\ndb.session.execute(update(Company).values(name_ja='x'))",
        "db.session.execute(insert(model))",
        "db.session.execute(delete(row_codec.table_of(model)))",
        "db.session.execute(Company.__table__.insert())",
        "db.session.execute(text('DELETE FROM companies WHERE id = 1'))",
        "db.session.execute(text(f'UPDATE {table} SET name_ja = :name'))",
        "cursor.copy('COPY stock_prices FROM STDIN')",
    ],
)
def test_a_write_of_curated_rows_is_found(text: str) -> None:
    assert broken(curated_writes, [planted(text)])


@pytest.mark.parametrize(
    "text", ["execute(update(User).values(theme='dark'))", "{}.update(a)", "say('Update it')"]
)
def test_what_is_no_write_of_curated_rows_is_none(text: str) -> None:
    assert broken(curated_writes, [planted(text)]) == {}


@pytest.mark.parametrize(
    "text", ["db.session.add(company)", "db.session.delete(row)", "session.query(Company).delete()"]
)
def test_a_row_that_is_handed_to_the_session_is_found(text: str) -> None:
    assert broken(session_writes, [planted(text)])


def test_a_curated_model_is_known_by_its_import() -> None:
    assert broken(curated_names, [planted("from webapp.models.company import Company")])


@pytest.mark.parametrize(
    "text",
    [
        "db.session.commit()",
        "with engine.begin() as connection: pass",
        "psycopg.connect(url, autocommit=True)",
        "connection.execution_options(isolation_level='AUTOCOMMIT')",
        "session.execute(text('COMMIT;'))",
    ],
)
def test_a_commit_is_found(text: str) -> None:
    assert broken(commits, [planted(text)])
