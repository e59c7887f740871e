"""Our lists beside stock Flask-Admin's, and those of ten million prices beside that of the companies."""

from collections.abc import Callable, Iterator
from functools import partial

import psycopg

from tests.bench.applications import Applications, PageFailed
from tests.bench.measuring import Cost, Measurement, in_turn, ms
from webapp.models.stock_price import StockPrice

COMPANIES, PRICES = "/admin/companies/", "/admin/prices/"
# Those with rows: one that asks for something row by row shows it.
FILLED = (COMPANIES, PRICES, "/admin/statements/", "/admin/industries/")
ROUNDS = 30
# What a browser accepts: compressing is part of what a page costs.
AS_BROWSERS_DO = "gzip, deflate, br, zstd"
# What only informs may take seconds.
ROUNDS_OF_SLOW = 3
MOST_STATEMENTS = 2
SORTED = {False: "ascending", True: "descending"}
# What the list of prices shows by default, as PostgreSQL alone finds it.
RAW_PAGE = """
SELECT p.company_id, p.traded_on, p.open, p.high, p.low, p.close, p.adjusted_close, p.volume, p.turnover, c.name_ja
FROM (SELECT company_id, traded_on FROM stock_prices ORDER BY traded_on DESC, company_id DESC OFFSET %s LIMIT 51) k
JOIN stock_prices p USING (company_id, traded_on) JOIN companies c ON c.id = p.company_id
ORDER BY p.traded_on DESC, p.company_id DESC
"""


def measure(here: Applications) -> Iterator[Measurement]:
    """Processor time and size of a list of 50 companies, and statements of each list."""
    size = {browser: len(page(COMPANIES)) for browser, page in _pages(here).items()}
    asked = {browser: partial(page, COMPANIES, AS_BROWSERS_DO) for browser, page in _pages(here).items()}
    costs = in_turn(ROUNDS, asked)
    mine, theirs = costs["ours"], costs["stock"]
    yield _compared("list of 50 companies, CPU", mine.cpu, theirs.cpu, 0.38)
    yield _compared("list of 50 companies, time", mine.wall, theirs.wall)
    beside = f"stock Flask-Admin: {size['stock'] / 1000:.0f} kB, ours {size['ours'] / 1000:.0f} kB"
    yield Measurement(
        "list of 50 companies, HTML", size["ours"] / size["stock"], "x", f"{beside}; not compressed", 0.46
    )
    for path in FILLED:
        count = len(here.statements_of(path))
        beside = "and one that finds out who asks"
        yield Measurement(f"list {path}, SQL statements", count, "", beside, MOST_STATEMENTS)


def measure_prices(here: Applications) -> Iterator[Measurement]:
    """The first page in every offered order, and the page in the middle of the table; all in turn."""
    view = here.views[StockPrice]
    shown = list(view.plan.columns)
    pages = {
        (name, is_descending): f"{PRICES}?sort={shown.index(name)}" + "&desc=1" * is_descending
        for name in view.plan.sorts
        for is_descending in SORTED
    }
    with psycopg.connect(here.url) as connection:
        row = _middle(connection, view.plan.size)
        deep = _after(here, connection, row, view.plan.size)
        calls: dict[str, Callable[[], object]] = {
            f"by {name}, {SORTED[is_descending]}": partial(here.ours.get, path)
            for (name, is_descending), path in pages.items()
        }
        calls |= {
            "companies": partial(here.ours.get, COMPANIES),
            "first": partial(here.ours.get, PRICES),
            "deep": partial(here.ours.get, deep),
        }
        slow: dict[str, Callable[[], object]] = {
            "stock first": partial(here.stock.get, PRICES),
            "stock deep": partial(here.stock.get, f"{PRICES}?page={row // view.plan.size}"),
            "raw deep": lambda: connection.execute(RAW_PAGE, [row]).fetchall(),
        }
        costs = in_turn(ROUNDS, calls) | in_turn(ROUNDS_OF_SLOW, slow, warm_up=1)
    yield from _of_prices(costs, row, deep)


def _of_prices(costs: dict[str, Cost], row: int, path: str) -> Iterator[Measurement]:
    companies, first, deep = costs["companies"].wall, costs["first"].wall, costs["deep"].wall
    stock = costs["stock first"].wall
    for case, cost in costs.items():
        if case.startswith("by "):
            beside = (
                f"our companies list: {ms(companies)}, this {ms(cost.wall)}; stock Flask-Admin {ms(stock)}"
            )
            yield Measurement(f"prices, first page {case}", cost.wall / companies, "x", beside, 1.2)
    beside = (
        f"our first page: {ms(first)}, this {ms(deep)} as {path}; stock Flask-Admin {ms(costs['stock deep'].wall)},"
        f" PostgreSQL alone with OFFSET {ms(costs['raw deep'].wall)}"
    )
    yield Measurement(f"prices, page after row {row:,}", deep / first, "x", beside, 1.2)


def _pages(here: Applications) -> dict[str, Callable[..., bytes]]:
    return {"ours": here.ours.get, "stock": here.stock.get}


def _compared(name: str, mine: float, theirs: float, at_most: float | None = None) -> Measurement:
    return Measurement(name, mine / theirs, "x", f"stock Flask-Admin: {ms(theirs)}, ours {ms(mine)}", at_most)


def _middle(connection: psycopg.Connection, page_size: int) -> int:
    """The row in the middle of the table at which a page begins."""
    found = connection.execute("SELECT count(*) FROM stock_prices").fetchone()
    assert found is not None
    return int(found[0]) // 2 // page_size * page_size


def _after(here: Applications, connection: psycopg.Connection, row: int, page_size: int) -> str:
    """The address of the page that follows so many rows: past a key where the list knows that, by number otherwise.

    A page elsewhere in the table would be too fast, so the rows on it are looked at. Raises PageFailed.
    """
    last, first = connection.execute(RAW_PAGE, [row - 1]).fetchmany(2)
    for query in (f"after={last[1]}%2C{last[0]}", f"page={row // page_size}"):
        html = here.ours.get(f"{PRICES}?{query}").decode()
        if _shows(html, first) and not _shows(html, last):
            return f"{PRICES}?{query}"
    raise PageFailed(f"No page of the list of prices begins with the row after the first {row:,}.")


def _shows(html: str, row: tuple[object, ...]) -> bool:
    """Whether a page of the list links to the record of this row."""
    company_id, traded_on = row[:2]
    return any(f"id={company_id}{comma}{traded_on}" in html for comma in (",", "%2C"))
