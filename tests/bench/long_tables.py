"""Statements from a long table as a feed, end to end in cold processes, beside raw COPY of the same rows."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import psycopg
from sqlalchemy import Column

from tests.bench import data, feeds
from tests.bench.feeds import MOST_MB
from tests.bench.measuring import Measurement
from tests.bench.place import STOCKCODE, Finished, Place
from webapp.lists import headings
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec
from webapp.words.speech import of_language

LEFT_OUT = ("id", "sources", "based_on_id", "filing_doc_id", "version", "changed_at", "change_set_id")
ENGLISH = of_language("en")


def measure(place: Place, size: data.Size) -> Iterator[Measurement]:
    """New statements, the same again, a preview and the undoing, in turn, each beside COPY of as many rows."""
    rows = max(12_000, size.statements)
    url, copied_url = _with_companies(place), _with_companies(place)
    files = _files(place, rows)
    took: dict[str, Finished] = {"start": _import(place, files["one"], url, "--dry-run")}
    took["preview"] = _import(place, files["new"], url, "--dry-run")
    took["new"] = _import(place, files["new"], url)
    columns = ", ".join((*(column.name for column in _columns()), "sources"))
    copied = feeds.copied_in(url, copied_url, "financial_statements", columns)
    took["again"] = _import(place, files["new"], url)
    took["undo"] = feeds.undone(place, took["new"], url)
    for one in (url, copied_url):
        place.drop(one)
    yield from _told(took, copied, rows)


def _told(took: Mapping[str, Finished], copied: float, rows: int) -> Iterator[Measurement]:
    start = took["start"].seconds
    for case, goal, name in (("new", 4.0, "new statements"), ("again", None, "the same statements again")):
        seconds = took[case].seconds - start
        beside = f"{rows:,} rows: {seconds:.1f} s and {start:.1f} s to start, COPY into the same table {copied:.1f} s"
        yield Measurement(f"long table: {name}", seconds / copied, "x COPY", beside, goal)
        yield Measurement(
            f"long table: {name}, peak memory", took[case].peak_mb, "MB", f"{rows:,} rows", MOST_MB
        )
    imported = took["new"].seconds - start
    for case, goal, name in (
        ("preview", 1.0, "preview of new statements"),
        ("undo", 3.0, "undoing of new statements"),
    ):
        seconds = took[case].seconds - start
        yield Measurement(
            f"long table: {name}",
            seconds / imported,
            "x import",
            f"{seconds:.1f} s, the import {imported:.1f} s",
            goal,
        )


def _with_companies(place: Place) -> str:
    url = place.migrated_database()
    size = data.size_at(1.0)
    facts = {"companies": size.companies, "letters": data.LETTERS, "changed_at": data.CHANGED_AT}
    with psycopg.connect(place.as_superuser(url), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in (data.INDUSTRIES, data.COMPANIES_SQL):
            connection.execute(statement.format(**facts).encode())
        connection.execute("VACUUM (ANALYZE)")
    return url


def _files(place: Place, rows: int) -> dict[str, Path]:
    """Statements as an export of the list has them, every column as it is stored, of no record yet; and one of them."""
    source = _with_companies(place)
    facts = {"companies": data.COMPANIES, "statements": rows, "changed_at": data.CHANGED_AT}
    files = {name: place.directory / f"{name}_statements.csv" for name in ("new", "one")}
    with psycopg.connect(source, autocommit=True) as connection:
        connection.execute(data.STATEMENTS_SQL.format(**facts).encode())
        for name, most in (("new", rows), ("one", 1)):
            query = f"COPY ({_exported()} ORDER BY s.id LIMIT {most}) TO STDOUT (FORMAT csv, HEADER)"
            with files[name].open("wb") as file, connection.cursor().copy(query.encode()) as copy:
                for block in copy:
                    file.write(block)
    place.drop(source)
    return files


def _exported() -> str:
    heads = ", ".join(f'{_value(column)} AS "{_head(column)}"' for column in _columns())
    record = headings.of_record(FinancialStatement, ENGLISH)
    return f"SELECT {heads}, '' AS \"{record}\" FROM financial_statements s JOIN companies c ON c.id = s.company_id"


def _columns() -> list[Column[object]]:
    table = row_codec.table_of(FinancialStatement)
    return [column for column in table.columns if column.name not in LEFT_OUT]


def _head(column: Column[object]) -> str:
    head = headings.of_stored(column, ENGLISH)
    return headings.of_code(head, ENGLISH) if column.foreign_keys else head


def _value(column: Column[object]) -> str:
    if column.foreign_keys:
        return "c.edinet_code"
    return f"upper(s.{column.name}::text)" if column.type.python_type is bool else f"s.{column.name}"


def _import(place: Place, path: Path, url: str, how: str = "--yes") -> Finished:
    return place.run((str(STOCKCODE), "import", "table", str(path), "--new", how, "--json"), url)
