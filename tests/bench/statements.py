"""A statement's page beside a list of fifty: with the year before, and with ten periods, every figure of them given."""

from collections.abc import Iterator
from functools import partial

import psycopg
from psycopg import sql

from tests.bench.applications import Applications
from tests.bench.measuring import Measurement, in_turn, ms
from webapp.services.changes.revisions import FIGURES

LIST = "/admin/statements/"
ROUNDS = 20
MOST_OF_A_LIST = 1.5
PERIODS = 10
# The latest of ten years that a company has in one scope.
LATEST = """
SELECT (array_agg(id ORDER BY fiscal_year_end_on DESC))[1] FROM financial_statements WHERE scope = 'consolidated'
GROUP BY company_id HAVING count(*) >= %s ORDER BY company_id LIMIT 1
"""
OF_ITS_COMPANY = "WHERE company_id = (SELECT company_id FROM financial_statements WHERE id = %s)"


def measure(here: Applications) -> Iterator[Measurement]:
    """Time of both pages, and statements of the longer one."""
    with psycopg.connect(here.url) as connection:
        (key,) = connection.execute(LATEST, [PERIODS]).fetchone() or (None,)
        given = sql.SQL(", ").join(
            sql.SQL("{0} = coalesce({0}, 1)").format(sql.Identifier(name))
            for name in sorted(FIGURES - {"treasury_shares"})
        )
        connection.execute(
            sql.SQL("UPDATE financial_statements SET {} ").format(given) + sql.SQL(OF_ITS_COMPANY), [key]
        )
    one = f"{LIST}details/?id={key}"
    ten = f"{one}&periods={PERIODS}"
    pages = {"list": LIST, "one": one, "ten": ten}
    costs = in_turn(ROUNDS, {name: partial(here.ours.get, path) for name, path in pages.items()})
    of_list = costs["list"]
    for name, words, most in (
        ("one", "beside the year before", None),
        ("ten", "ten periods", MOST_OF_A_LIST),
    ):
        beside = f"list of 50 statements: {ms(of_list.wall)}, this {ms(costs[name].wall)}"
        yield Measurement(
            f"statement page, {words}, time", costs[name].wall / of_list.wall, "x", beside, most
        )
        beside = f"list of 50 statements: {ms(of_list.cpu)}, this {ms(costs[name].cpu)}"
        yield Measurement(f"statement page, {words}, CPU", costs[name].cpu / of_list.cpu, "x", beside)
    count = len(here.statements_of(ten))
    yield Measurement("statement page, ten periods, SQL statements", count, "", "", None)
