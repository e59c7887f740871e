"""The indicators as SQL are, of thousands of random statements, exactly what they are in Python of each."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.indicators import random_companies
from webapp.indicators import as_rows, as_sql
from webapp.indicators.assembling import Inputs, Place
from webapp.indicators.formulas import INDICATORS

COMPANIES = 200


def in_python(companies: Mapping[int, Inputs]) -> dict[tuple[int, Place], dict[str, Any]]:
    """The rows of every place."""
    return {
        (company_id, at): row
        for company_id, inputs in companies.items()
        for at, row in as_rows.reckon(inputs, ()).fresh.items()
    }


def in_sql(
    connection: Connection, companies: Mapping[int, Inputs]
) -> dict[tuple[int, Place], dict[str, Any]]:
    """The same rows as they are computed over sets."""
    random_companies.store(connection, companies)
    # As whoever computes all of them does.
    connection.execute(text("SET LOCAL enable_nestloop = off"))
    rows = connection.execute(text(f"WITH {as_sql.reckoned()} SELECT * FROM fresh"))
    return {(row.company_id, Place.of(row._mapping)): row._asdict() for row in rows}


@pytest.mark.long
def test_both_readings_give_the_same_values_and_the_same_reasons(connection: Connection) -> None:
    seed = random.randrange(2**32)
    companies = random_companies.make(random.Random(seed), range(1, COMPANIES + 1))
    # First what takes long: a transaction that waits meanwhile is ended.
    python = in_python(companies)
    sql = in_sql(connection, companies)
    assert python.keys() == sql.keys(), f"seed {seed}"
    differing = [
        (company_id, at, name, value, sql[company_id, at][name])
        for (company_id, at), row in python.items()
        for name, value in row.items()
        if value != sql[company_id, at][name]
    ]
    assert differing == [], f"seed {seed}"
    reasons = {(row["basis"], row["statuses"].get(one.name)) for row in sql.values() for one in INDICATORS}
    assert len(reasons) == 26, f"seed {seed}: {sorted(map(str, reasons))}"
