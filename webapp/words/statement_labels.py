"""What a figure is called by the statement's own standard, scope, industry format and months, and in its currency.

Filers of IFRS print 売上収益 and banks 経常収益 where others print 売上高. Sources: EDINETタクソノミ (勘定科目リスト,
国際会計基準タクソノミ要素リスト, 主要な経営指標等), 連結財務諸表規則, 財務諸表等規則, 銀行法施行規則.
What is not here is called as in J-GAAP by those who trade and make things: such are also the names in lists of
statements that are not all of one kind.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Column

from webapp.label import Label
from webapp.models.financial_statement import FinancialStatement
from webapp.services.changes import row_codec
from webapp.words import labels, units
from webapp.words.speech import Speech
from webapp.words.units import YEN, Unit

IFRS: Mapping[str, Label] = {
    "revenue": Label("売上収益", "Revenue"),
    "income_before_taxes": Label("税引前利益", "Profit before tax"),
    "income_taxes": Label("法人所得税費用", "Income tax expense"),
    "profit": Label("当期利益", "Profit"),
    "profit_attributable_to_owners": Label(
        "親会社の所有者に帰属する当期利益", "Profit attributable to owners of parent"
    ),
    "profit_attributable_to_nci": Label(
        "非支配持分に帰属する当期利益", "Profit attributable to non-controlling interests"
    ),
    "comprehensive_income": Label("当期包括利益", "Comprehensive income"),
    "receivables": Label("営業債権及びその他の債権", "Trade and other receivables"),
    "noncurrent_assets": Label("非流動資産", "Non-current assets"),
    "short_term_borrowings": Label("借入金（流動）", "Borrowings, current"),
    "long_term_borrowings": Label("借入金（非流動）", "Borrowings, non-current"),
    "noncurrent_liabilities": Label("非流動負債", "Non-current liabilities"),
    "lease_obligations_current": Label("リース負債（流動）", "Lease liabilities, current"),
    "lease_obligations_noncurrent": Label("リース負債（非流動）", "Lease liabilities, non-current"),
    "net_assets": Label("資本合計", "Total equity"),
    "equity_attributable_to_owners": Label(
        "親会社の所有者に帰属する持分", "Equity attributable to owners of parent"
    ),
    "valuation_adjustments": Label("その他の資本の構成要素", "Other components of equity"),
    "non_controlling_interests": Label("非支配持分", "Non-controlling interests"),
    "liabilities_and_net_assets": Label("負債及び資本合計", "Liabilities and equity"),
    "fx_effect_on_cash": Label(
        "現金及び現金同等物の為替変動による影響", "Effect of exchange rate changes on cash"
    ),
    "depreciation_amortization": Label("減価償却費及び償却費", "Depreciation and amortisation"),
    "eps_basic": Label("基本的１株当たり当期利益", "Basic earnings per share"),
    "eps_diluted": Label("希薄化後１株当たり当期利益", "Diluted earnings per share"),
    "bps": Label("１株当たり親会社所有者帰属持分", "Equity attributable to owners of parent per share"),
    "equity_ratio_reported": Label(
        "親会社所有者帰属持分比率（開示）", "Ratio of equity attributable to owners of parent, reported"
    ),
    "roe_reported": Label("親会社所有者帰属持分利益率（開示）", "Return on equity, reported"),
    "capex_intangible": Label("無形資産の取得による支出", "Purchase of intangible assets"),
}
US_GAAP: Mapping[str, Label] = {
    "income_before_taxes": Label("税引前利益", "Income before income taxes"),
    "profit_attributable_to_owners": Label(
        "当社株主に帰属する当期純利益", "Net income attributable to the company’s shareholders"
    ),
    "profit_attributable_to_nci": Label(
        "非支配持分に帰属する当期純利益", "Net income attributable to non-controlling interests"
    ),
    "equity_attributable_to_owners": Label("株主資本", "Shareholders’ equity of the company"),
    "shareholders_equity": Label("株主資本合計", "Total shareholders’ equity"),
    "valuation_adjustments": Label(
        "その他の包括利益（損失）累計額", "Accumulated other comprehensive income (loss)"
    ),
    "non_controlling_interests": Label("非支配持分", "Non-controlling interests"),
    "eps_basic": Label(
        "基本的１株当たり当社株主に帰属する当期純利益",
        "Basic net income per share attributable to shareholders",
    ),
    "eps_diluted": Label(
        "希薄化後１株当たり当社株主に帰属する当期純利益",
        "Diluted net income per share attributable to shareholders",
    ),
    "bps": Label("１株当たり株主資本", "Shareholders’ equity per share"),
    "equity_ratio_reported": Label("株主資本比率（開示）", "Shareholders’ equity ratio, reported"),
    "roe_reported": Label("株主資本利益率（開示）", "Return on shareholders’ equity, reported"),
}
# 連結財務諸表規則 第64条, 第43条の2: the profit of a group before taxes is also adjusted for minority matters.
CONSOLIDATED: Mapping[str, Label] = {
    "income_before_taxes": Label("税金等調整前当期純利益", "Profit before income taxes"),
    "valuation_adjustments": Label("その他の包括利益累計額", "Accumulated other comprehensive income"),
}
# 財務諸表等規則 第95条の4, 第67条: a company by itself has neither a parent's owners nor others.
PARENT_ONLY: Mapping[str, Label] = {
    "profit_attributable_to_owners": Label("当期純利益（株主に帰属）", "Profit attributable to shareholders"),
}
BANK: Mapping[str, Label] = {
    "revenue": Label("経常収益", "Ordinary income"),
    "interest_expense": Label("資金調達費用", "Interest expenses (fund raising)"),
    "sga_expenses": Label("営業経費", "General and administrative expenses"),
    "ordinary_income": Label("経常利益", "Ordinary profit"),
    "cash_and_deposits": Label("現金預け金", "Cash and due from banks"),
    "short_term_borrowings": Label("借用金", "Borrowed money"),
}
INSURER: Mapping[str, Label] = {
    "revenue": Label("経常収益", "Ordinary income"),
    "ordinary_income": Label("経常利益", "Ordinary profit"),
    "cash_and_deposits": Label("現金及び預貯金", "Cash and deposits"),
}
SECURITIES: Mapping[str, Label] = {
    "revenue": Label("営業収益", "Operating revenue"),
    "sga_expenses": Label("販売費・一般管理費", "Selling, general and administrative expenses"),
}
SERVICE: Mapping[str, Label] = {"revenue": Label("営業収益", "Operating revenue")}
# EDINETタクソノミの概要説明, 業種一覧. Only statements under J-GAAP are filed in the format of an industry.
BY_INDUSTRY: Mapping[str, Mapping[str, Label]] = {
    "BNK": BANK,
    "INS": INSURER,
    "SEC": SECURITIES,
    "CMD": SERVICE,
    "RWY": SERVICE,
    "HWY": SERVICE,
    "ELC": SERVICE,
    "ELE": SERVICE,
    "IVT": SERVICE,
    "INV": SERVICE,
    "SPF": SERVICE,
    "WAT": {
        "revenue": Label(
            "海運業収益及びその他の営業収益", "Shipping business revenue and other operating revenue"
        )
    },
}
# 修正国際基準 differs from IFRS in what is recognised, not in its lines (JMIS, ASBJ 2015).
BY_STANDARD: Mapping[str, Mapping[str, Label]] = {"IFRS": IFRS, "JMIS": IFRS, "USGAAP": US_GAAP}
BY_SCOPE: Mapping[str, Mapping[str, Label]] = {"consolidated": CONSOLIDATED, "non_consolidated": PARENT_ONLY}


# What interim statements call 当期 in what they earned. 四半期連結財務諸表規則 and 中間連結財務諸表規則, 様式; IFRS and
# US-GAAP filers print the same words.
INTERIM = {"Q1": "四半期", "Q2": "四半期", "Q3": "四半期", "Q4": "四半期", "HY": "中間"}
EARNED = (
    "income_before_taxes",
    "profit",
    "profit_attributable_to_owners",
    "profit_attributable_to_nci",
    "comprehensive_income",
    "eps_basic",
    "eps_diluted",
)
# Where they say it although a year's statement does not say 当期.
SAID_OF_INTERIM: Mapping[str, Mapping[str, str]] = {
    "JGAAP": {"comprehensive_income": "当期包括利益"},
    "IFRS": {"income_before_taxes": "税引前当期利益"},
    "JMIS": {"income_before_taxes": "税引前当期利益"},
    "USGAAP": {"income_before_taxes": "税引前当期純利益", "comprehensive_income": "当期包括利益"},
}
# Six months of which the last quarter began on 1 April 2024 or later are reported as a half-year, whatever the DEI
# calls them: 四半期報告書 ended (金融商品取引法等の一部を改正する法律, 令和5年法律第79号, 附則 第2条).
LAST_OF_QUARTERS = date(2024, 6, 29)


class Basis(NamedTuple):
    """Standard, scope, industry format, currency and months of a statement, or those that all of a list share.

    `period_type`: of interim statements, whose names differ; None of years.
    """

    standard: str | None = None
    scope: str | None = None
    industry_format: str | None = None
    currency: str | None = None
    period_type: str | None = None


NO_BASIS = Basis()
# The columns that say it.
COLUMNS = ("accounting_standard", "scope", "industry_format", "currency", "period_type")


def of_record(record: Any) -> Basis:
    """The basis of a statement; none of another record."""
    if not isinstance(record, FinancialStatement):
        return NO_BASIS
    names = (*COLUMNS, "period_end_on")
    return of_values({name: getattr(record, name) for name in names})


def of_values(values: Mapping[str, Any]) -> Basis:
    """The basis that these values of a statement's columns say."""
    basis = Basis(*map(values.get, COLUMNS))
    return basis._replace(period_type=_interim(basis.period_type, values.get("period_end_on")))


def _interim(period_type: str | None, end_on: date | None) -> str | None:
    is_half = period_type == "Q2" and end_on is not None and end_on > LAST_OF_QUARTERS
    return "HY" if is_half else period_type if period_type in INTERIM else None


def of_facts(facts: Mapping[str, Any]) -> Basis:
    """The basis of the statement of which a finding keeps these facts, some of them as text."""
    end_on = facts.get("period_end_on")
    known = {
        "accounting_standard": facts.get("standard"),
        "period_end_on": date.fromisoformat(end_on) if isinstance(end_on, str) else end_on,
    }
    return of_values({**facts, **known})


def is_called_by_basis(column: Column[Any]) -> bool:
    """Whether a statement's figure has other names on other bases."""
    return column.table is FinancialStatement.__table__ and column.name in _named_by_basis()


def of_column(column: Column[Any], basis: Basis) -> Label | None:
    """What a figure is called on this basis, where that differs."""
    if column.table is not FinancialStatement.__table__:
        return None
    return _differing(basis._replace(currency=None)).get(column.name)


def unit_of(column: Column[Any], basis: Basis, unit: Unit = YEN) -> Label | None:
    """What a figure is counted in: money in this unit, in the currency of the statement."""
    if units.is_money(column):
        return unit.in_currency(basis.currency)
    if column.info.get("unit") == "per_share":
        return YEN.in_currency(basis.currency)
    return labels.unit_of(column)


def is_of_currency(column: Column[Any] | None) -> bool:
    """Whether a column holds amounts in the currency of its statement."""
    if column is None or column.table is not FinancialStatement.__table__:
        return False
    return column.info.get("unit") in ("money", "per_share")


def called(column: Column[Any], basis: Basis) -> Label:
    """What a column is called, on this basis where it is a statement's figure."""
    return of_column(column, basis) or labels.of_column(column)


@lru_cache
def called_by(basis: Basis) -> Mapping[str, Label]:
    """What every figure that has other names on other bases is called on this one, by column."""
    columns = row_codec.table_of(FinancialStatement).columns
    return {name: called(columns[name], basis) for name in _named_by_basis()}


def with_unit(column: Column[Any], speech: Speech, basis: Basis = NO_BASIS, unit: Unit = YEN) -> str:
    """The same, with its unit where it has one: 経常収益（百万円）."""
    name, counted_in = speech.say(called(column, basis)), unit_of(column, basis, unit)
    return name if counted_in is None else speech.in_brackets(name, speech.say(counted_in))


@lru_cache
def _named_by_basis() -> frozenset[str]:
    parts = (*BY_STANDARD.values(), *BY_SCOPE.values(), *BY_INDUSTRY.values())
    return frozenset(EARNED).union(*parts)


@lru_cache
def _differing(basis: Basis) -> Mapping[str, Label]:
    """The names that differ on a basis, by column."""
    names = {name: label for part in _parts(basis) for name, label in part.items()}
    if basis.period_type is None:
        return names
    return names | {name: _of_interim(name, names, basis) for name in EARNED}


def _of_interim(name: str, names: Mapping[str, Label], basis: Basis) -> Label:
    """What a year's 当期純利益 is called in a quarter or a half-year."""
    label = names.get(name) or labels.of_column(row_codec.table_of(FinancialStatement).columns[name])
    said = SAID_OF_INTERIM.get(basis.standard or "JGAAP", {}).get(name, label.ja)
    return Label(said.replace("当期", INTERIM[basis.period_type or ""]), label.en)


def _parts(basis: Basis) -> Iterator[Mapping[str, Label]]:
    """Names of one kind each; what comes later goes before."""
    if basis.standard != "JGAAP":
        yield BY_STANDARD.get(basis.standard or "", {})
        return
    yield BY_SCOPE.get(basis.scope or "", {})
    yield BY_INDUSTRY.get(basis.industry_format or "", {})
