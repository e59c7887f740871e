"""Records as values: each says what an instance of its model says, and nothing that was not read."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from tests import factories
from tests.screens.browsing import Browser, statements
from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.naming import ENGLISH, JAPANESE
from webapp.services.lists import record_values
from webapp.words import keys

pytestmark = pytest.mark.usefixtures("connection")


def read(model: type[db.Base], columns: Iterable[str] = (), relations: Iterable[str] = ()) -> list[Any]:
    reader = record_values.reader(model, columns, relations)
    return list(map(reader.make, db.session.execute(reader.selected(select().select_from(model)))))


def relations_to_one(model: type[db.Base]) -> Iterator[str]:
    return (one.key for one in inspect(model).relationships if one.direction.name == "MANYTOONE")


@pytest.mark.parametrize("model", factories.MAKERS, ids=lambda model: model.__name__)
def test_a_value_has_the_columns_the_key_and_the_names_of_an_instance(model: type[db.Base]) -> None:
    factories.MAKERS[model]()
    columns = [column.key for column in inspect(model).column_attrs]
    values = {keys.of_row(value): value for value in read(model, columns)}
    instances = db.session.scalars(select(model)).all()
    assert instances
    assert values.keys() == {keys.of_row(instance) for instance in instances}
    for instance in instances:
        value = values[keys.of_row(instance)]
        assert value.model is instance.model is model
        assert [getattr(value, name) for name in columns] == [getattr(instance, name) for name in columns]
        for language in (JAPANESE, ENGLISH):
            assert value.naming.of_record(value, language) == instance.naming.of_record(instance, language)


@pytest.mark.parametrize("model", factories.MAKERS, ids=lambda model: model.__name__)
def test_what_it_refers_to_is_named_and_is_none_where_it_refers_to_nothing(model: type[db.Base]) -> None:
    factories.MAKERS[model]()
    relations = list(relations_to_one(model))
    instance, *_others = db.session.scalars(select(model).order_by(*inspect(model).primary_key))
    values = read(model, relations=relations)
    value = next(one for one in values if keys.of_row(one) == keys.of_row(instance))
    for name in relations:
        referred, own = getattr(instance, name), getattr(value, name)
        if referred is None:
            assert own is None
        else:
            assert keys.of_row(own) == keys.of_row(referred)
            assert own.naming.of_record(own) == str(referred)


def test_what_was_not_read_is_no_blank() -> None:
    factories.statement(revenue=1, total_assets=1)
    (value,) = read(FinancialStatement, ["revenue"])
    assert value.revenue == 1
    with pytest.raises(AttributeError):
        _unread = value.total_assets


def test_a_list_makes_no_instance_of_what_it_shows(app: Flask) -> None:
    factories.statement()
    page = Browser(app).get("/admin/statements/")
    assert "/admin/statements/details/" in page.text
    assert not [one for one in db.session.identity_map.values() if isinstance(one, FinancialStatement)]


def test_a_condition_names_the_record_that_the_page_shows_and_asks_for_no_other(app: Flask) -> None:
    company_id = factories.company(name_ja="架空電機", edinet_code="E99999").id
    factories.statement(company_id=company_id)
    browser = Browser(app)
    for path, query in (
        ("/admin/companies/", {"flt0_edinet_code_is": "E99999"}),
        ("/admin/statements/", {"flt0_company_is": "E99999"}),
    ):
        browser.get(path, **query)
        db.session.expunge_all()
        with statements() as seen:
            page = browser.get(path, **query)
        assert "E99999 架空電機" in page.text
        assert len(seen) == 2


def test_a_condition_that_finds_nothing_still_names_its_record(app: Flask) -> None:
    factories.company(name_ja="架空電機", edinet_code="E99999")
    page = Browser(app).get("/admin/statements/", flt0_company_is="E99999")
    assert "E99999 架空電機" in page.text
