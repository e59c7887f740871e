"""Rows to test with: a valid one of each curated table, with what a test wants different."""

import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, select

from webapp import db
from webapp.models.company import Company
from webapp.models.company_name import CompanyName
from webapp.models.filing import Filing
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding_decision import FindingDecision
from webapp.models.industry import Industry
from webapp.models.market.corporate_action import CorporateAction
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.saved_view import SavedView
from webapp.models.stock_price import StockPrice
from webapp.services.changes import applying, proposing, row_codec
from webapp.services.changes.proposals import Author, Intent, Wish

AUTHOR = Author("a test")
OHLC = ("open", "high", "low", "close")
FILING: dict[str, Any] = {"document_type": "120", "submitted_at": datetime(2025, 6, 27, 9, tzinfo=UTC)}
STATEMENT: dict[str, Any] = {
    "fiscal_year_start_on": date(2024, 4, 1),
    "fiscal_year_end_on": date(2025, 3, 31),
    "period_type": "FY",
    "period_start_on": date(2024, 4, 1),
    "period_end_on": date(2025, 3, 31),
    "scope": "consolidated",
    "accounting_standard": "JGAAP",
}
_numbers = itertools.count(10_001)


def intent(kind: str = "edit", **more: Any) -> Intent:
    return Intent(kind, more.pop("author", AUTHOR), **more)


def create(model: type[db.Base], **values: Any) -> Any:
    """Create one row through the door and return it."""
    (row,) = create_together(model, values)
    return row


def create_together(model: type[db.Base], *rows: dict[str, Any]) -> list[Any]:
    """Create rows in one change set, which costs little more than one of them does."""
    wishes = [Wish(model, "create", values) for values in rows]
    change_set = applying.carry_out(proposing.propose(wishes, intent("create")))
    assert change_set is not None
    created = db.session.scalars(select(model).filter_by(change_set_id=change_set.id)).all()
    if len(rows) == 1:
        # Most tests begin with one row, of which no item has to be read.
        return list(created)
    by_key = {inspect(row).identity: row for row in created}
    return [by_key[row_codec.key_from(model, item.row_key or "")] for item in change_set.items]


def industry(**values: Any) -> Any:
    code = f"{next(_numbers) % 10000:04d}"
    names = {"name_ja": "その他製品", "name_en": "Other Products"}
    sector = {
        "sector17_code": "10",
        "sector17_name_ja": "情報通信・サービスその他",
        "sector17_name_en": "IT & Services",
    }
    return create(Industry, **({"code": code} | names | sector | values))


def company(**values: Any) -> Any:
    (row,) = companies(values)
    return row


def companies(*rows: dict[str, Any]) -> list[Any]:
    numbered = [(next(_numbers), values) for values in rows]
    named = [{"edinet_code": f"E{n:05d}", "name_ja": f"試験{n}株式会社"} | values for n, values in numbered]
    return create_together(Company, *named)


def company_name(**values: Any) -> Any:
    if "company_id" not in values:
        values["company_id"] = company().id
    facts = {"kind": "name_ja", "value": f"旧試験{next(_numbers)}株式会社"}
    return create(CompanyName, **(facts | values))


def filing(**values: Any) -> Any:
    number = next(_numbers)
    if "company_id" not in values:
        values["company_id"] = company().id
    return create(Filing, **({"doc_id": f"S{number:07d}"} | FILING | values))


def statement(**values: Any) -> Any:
    if "company_id" not in values:
        values["company_id"] = company().id
    return create(FinancialStatement, **(STATEMENT | values))


def price(**values: Any) -> Any:
    if "company_id" not in values:
        values["company_id"] = company().id
    return create(
        StockPrice,
        **(
            {"traded_on": date(2025, 6, 27), "data_source": "a test"}
            | dict.fromkeys(OHLC, Decimal(1000))
            | values
        ),
    )


def prices(company_id: int, days: Iterable[date]) -> list[Any]:
    """A company's prices of these days, in one change set."""
    facts = {"company_id": company_id, "data_source": "a test"} | dict.fromkeys(OHLC, Decimal(1000))
    return create_together(StockPrice, *(facts | {"traded_on": day} for day in days))


def corporate_action(**values: Any) -> Any:
    if "company_id" not in values:
        values["company_id"] = company().id
    ten_for_one = {"kind": "split", "ratio_from": Decimal(1), "ratio_to": Decimal(10)}
    return create(
        CorporateAction, **({"ex_on": date(2022, 9, 29), "data_source": "a test"} | ten_for_one | values)
    )


def shares(**values: Any) -> Any:
    if "company_id" not in values:
        values["company_id"] = company().id
    counted = {"as_of_on": date(2025, 3, 31), "issued": 1_298_690_000, "data_source": "a test"}
    return create(SharesOutstanding, **(counted | values))


def finding_decision(**values: Any) -> Any:
    number = next(_numbers)
    facts = {
        "rule": "a_test",
        "origin": "",
        "table_name": "companies",
        "row_key": str(number),
        "field": "name_en",
    }
    return create(
        FindingDecision, **(facts | {"digest": f"{number:064x}", "due_on": date(2026, 12, 1)} | values)
    )


def saved_view(owner_id: int, **values: Any) -> SavedView:
    """A view of the companies that somebody has saved; it is no curated data, so it needs no change set."""
    facts = {"screen": "companies", "name": f"view {next(_numbers)}", "query": "search=7974"}
    view = SavedView(owner_id=owner_id, **(facts | values))
    db.session.add(view)
    db.session.flush()
    return view


# Every curated table, with what makes a row of it; and what an edit of such a row may change.
MAKERS: dict[type[db.Base], Callable[..., Any]] = {
    Industry: industry,
    Company: company,
    CompanyName: company_name,
    Filing: filing,
    FinancialStatement: statement,
    StockPrice: price,
    CorporateAction: corporate_action,
    SharesOutstanding: shares,
    FindingDecision: finding_decision,
}
CHANGES: dict[type[db.Base], dict[str, Any]] = {
    Industry: {"name_en": "Others"},
    Company: {"website_url": "https://www.nintendo.co.jp/", "has_consolidated": True},
    CompanyName: {"valid_until": date(2025, 3, 31)},
    Filing: {"period_end_on": date(2025, 3, 31)},
    FinancialStatement: {"revenue": Decimal(1164922000000), "sources": {"revenue": {"doc": "S100W6TG"}}},
    FindingDecision: {"due_on": date(2026, 12, 24), "reason": "as filed"},
    StockPrice: {"volume": 1000, "adjusted_close": Decimal("123.4567")},
    CorporateAction: {"effective_on": date(2022, 10, 1)},
    SharesOutstanding: {"treasury": 134_000_000},
}
