"""Fields with what stands around them."""

from typing import Any

import pytest
from flask import Flask
from flask_admin.form import BaseForm
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired

from webapp.forms import elements, fields
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec
from webapp.words import speech

COMPANY = row_codec.table_of(Company).columns
STATEMENT = row_codec.table_of(FinancialStatement).columns
AnyForm: Any = BaseForm


def form_in(language: str) -> Any:
    """A form with a field of each kind."""
    spoken = speech.of_language(language)
    columns = [COMPANY[name] for name in ("ticker_symbol", "name_ja", "capital_stock", "description")]
    asked = {
        **{column.name: fields.for_column(column, spoken) for column in (*columns, STATEMENT["period_type"])},
        "plain": StringField('<b>"', [InputRequired("<i>")], description="& hint"),
        "long": TextAreaField("Long"),
        "tick": BooleanField("Tick"),
    }
    return type("Form", (AnyForm,), asked)(data={"name_ja": '"><script>', "capital_stock": 5})


def shown(
    app: Flask, name: str, language: str = "en", errors: list[str] | None = None, extra: str = ""
) -> str:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        field = form_in(language)[name]
        field.errors = errors or []
        return str(app.jinja_env.globals["framed"](field, extra))  # type: ignore[operator]  # a function


def test_a_control_stands_below_its_label_with_its_unit(app: Flask) -> None:
    markup = shown(app, "capital_stock", "ja", extra=" why")
    assert markup.startswith('<div class="field why" data-field="capital_stock">')
    assert '<label for="capital_stock"><span>資本金</span></label>' in markup
    assert (
        '<div class="with-unit"><input id="capital_stock" name="capital_stock" type="text" value="5"'
        in markup
    )
    assert '><span class="unit">円</span></div>' in markup


def test_each_language_is_kept_apart(app: Flask) -> None:
    for _ in range(2):
        assert "<span>Capital stock</span>" in shown(app, "capital_stock", "en")
        assert "<span>資本金</span>" in shown(app, "capital_stock", "ja")
        assert ">Full year</option>" in shown(app, "period_type", "en")
        assert ">通期</option>" in shown(app, "period_type", "ja")


def test_what_must_be_filled_says_so_beside_its_hint(app: Flask) -> None:
    markup = shown(app, "plain")
    assert '<span class="must">required</span>' in markup
    assert 'aria-describedby="plain-hint"' in markup
    assert '<p class="hint" id="plain-hint">&amp; hint</p>' in markup


def test_an_error_stands_at_its_field_and_is_gone_with_it(app: Flask) -> None:
    calm = shown(app, "ticker_symbol")
    wrong = shown(app, "ticker_symbol", errors=["is <needed>", "is too long"])
    assert wrong.startswith('<div class="field wrong" data-field="ticker_symbol">')
    assert 'aria-describedby="ticker_symbol-hint ticker_symbol-errors"' in wrong
    assert 'aria-invalid="true"' in wrong
    assert '<div id="ticker_symbol-errors"><p class="err"><svg' in wrong
    assert "<span>is &lt;needed&gt;</span></p><p" in wrong
    assert shown(app, "ticker_symbol") == calm


def test_an_error_that_says_the_hint_once_more_replaces_it(app: Flask) -> None:
    markup = shown(app, "plain", errors=["& hint"])
    assert markup.count("&amp; hint") == 1
    assert 'aria-describedby="plain-errors"' in markup


@pytest.mark.parametrize(
    ("name", "classes"),
    [("description", "field wide"), ("long", "field wide"), ("tick", "field check"), ("plain", "field")],
)
def test_kinds_of_fields_have_their_classes(app: Flask, name: str, classes: str) -> None:
    assert shown(app, name).startswith(f'<div class="{classes}" data-field="{name}">')


def test_nothing_that_is_shown_becomes_markup(app: Flask) -> None:
    assert 'value="&#34;&gt;&lt;script&gt;" required>' in shown(app, "name_ja")
    assert "<span>&lt;b&gt;&#34;</span>" in shown(app, "plain")


def test_an_input_is_kept_without_its_value() -> None:
    made = [
        elements.control({"name": "a"}, value, required=True, class_=None, x_y="z") for value in ("1", '"2"')
    ]
    assert made == [
        '<input name="a" value="1" required x-y="z">',
        '<input name="a" value="&#34;2&#34;" required x-y="z">',
    ]
