"""A statement's figures are called as its own standard calls them, and remarks on them say so too."""

import re

import pytest
from flask import Flask

from tests import factories
from tests.screens.browsing import Browser
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec

COLUMNS = row_codec.table_of(FinancialStatement).columns
IFRS = (
    "売上収益",
    "税引前利益",
    "法人所得税費用",
    "当期利益",
    "親会社の所有者に帰属する当期利益",
    "非流動資産",
)
IFRS += ("非流動負債", "資本合計", "親会社の所有者に帰属する持分", "基本的１株当たり当期利益")
JGAAP = ("売上高", "固定資産", "純資産合計", "税引前当期純利益", "１株当たり当期純利益")
FIGURES = ("revenue", "income_before_taxes", "noncurrent_assets", "net_assets", "eps_basic")


def labels(page: str) -> set[str]:
    """What stands as a label of a field, a value or a column, without units."""
    told = re.findall(r"<(?:dt|span|p[^>]*)>([^<]+)<", page)
    return {one.partition("（円")[0] for text in told for one in re.split("[：、]", text)}


@pytest.mark.usefixtures("connection")
@pytest.mark.parametrize("path", ["details", "edit"])
def test_a_statement_under_ifrs_reads_as_ifrs(app: Flask, path: str) -> None:
    key = factories.statement(accounting_standard="IFRS").id
    said = labels(Browser(app, language="ja").get(f"/admin/statements/{path}/", id=key).text)
    assert set(IFRS) <= said
    assert said.isdisjoint(JGAAP)


@pytest.mark.usefixtures("connection")
def test_a_group_under_japanese_gaap_has_its_profit_before_taxes_adjusted(app: Flask) -> None:
    for scope, name in (("consolidated", "税金等調整前当期純利益"), ("non_consolidated", "税引前当期純利益")):
        key = factories.statement(scope=scope).id
        assert name in labels(Browser(app, language="ja").get("/admin/statements/details/", id=key).text)


@pytest.mark.usefixtures("connection")
def test_a_list_and_a_file_of_one_standard_are_headed_by_it(app: Flask) -> None:
    factories.statement(accounting_standard="IFRS")
    browser = Browser(app, language="ja")
    columns = ",".join(("company", *FIGURES))
    asked = {"flt0_accounting_standard_is": "IFRS", "columns": columns}
    assert "売上収益<span" in browser.get("/admin/statements/", **asked).text
    assert "売上高<span" in browser.get("/admin/statements/", columns=columns).text
    file = browser.get("/admin/statements/export/csv/", **asked)
    assert "売上収益（円）" in file.text
    file.close()
