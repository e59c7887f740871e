"""What stands beside a statement that is typed is sought by its keys, however many statements there are."""

import json

import pytest
from sqlalchemy import text

from tests import factories
from webapp import db
from webapp.services.changes import row_sql, statements_beside

pytestmark = pytest.mark.usefixtures("connection")


def test_no_statement_is_read_but_those_beside_the_one_that_is_typed() -> None:
    typed = factories.statement()
    db.session.flush()
    asked = json.dumps([{"place": 0, "whole": {"id": typed.id, "company_id": typed.company_id}}])
    with row_sql.planned_for_few():
        explained = text(f"EXPLAIN {statements_beside.BESIDE.text}")
        plan = "\n".join(db.session.scalars(explained, {"rows": asked}))
    assert "financial_statements above" in plan
    assert "Seq Scan on financial_statements" not in plan
