"""The seed as it is once loaded, what people do to it, and what another run makes of that."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, Engine, func, select

from tests.databases import inside, taken_back, taken_back_within
from tests.factories import intent
from tests.services.intake.test_seeding import TABLES, company, created, statement
from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.company import Company
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding import FiledFinding
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.models.stock_price import StockPrice
from webapp.rules import statement as statement_rules
from webapp.rules.accounting.catalogue import RULES
from webapp.rules.accounting.rule import BLOCKS
from webapp.services.changes import applying, proposing
from webapp.services.changes.proposals import Wish
from webapp.services.intake import seeding

pytestmark = pytest.mark.usefixtures("connection")


class Seeded(NamedTuple):
    """A connection in whose transaction the seed has been loaded, and what came of that."""

    connection: Connection
    outcomes: Sequence[seeding.Outcome]


@pytest.fixture(scope="module")
def seeded(engine: Engine) -> Iterator[Seeded]:
    """Loaded once for all of these tests."""
    with taken_back(engine) as connection:
        with inside(connection, engine):
            outcomes = seeding.load()
            db.session.commit()
        yield Seeded(connection, outcomes)


@pytest.fixture
def connection(seeded: Seeded, engine: Engine) -> Iterator[Connection]:
    """Within that transaction a test has its own, which is rolled back."""
    with taken_back_within(seeded.connection, engine):
        yield seeded.connection


def delete(model: type[db.Base], keys: list[tuple[Any, ...]]) -> None:
    wanted = [Wish(model, "delete", key=key) for key in keys]
    applying.carry_out(proposing.propose(wanted, intent("delete")))


def test_the_second_run_changes_nothing() -> None:
    sets = db.session.scalar(select(func.count()).select_from(ChangeSet))
    outcomes = seeding.load()
    assert {(outcome.created, outcome.left_out, outcome.change_set_id) for outcome in outcomes} == {
        (0, 0, None)
    }
    assert sum(outcome.kept for outcome in outcomes) == sum(TABLES.values())
    assert db.session.scalar(select(func.count()).select_from(ChangeSet)) == sets


def test_every_change_set_is_the_seeds_applied_and_names_its_source(seeded: Seeded) -> None:
    outcomes = seeded.outcomes
    sets = db.session.scalars(select(ChangeSet).order_by(ChangeSet.id)).all()
    assert [outcome.change_set_id for outcome in outcomes] == [change_set.id for change_set in sets]
    assert {(found.kind, found.status, found.author_name) for found in sets} == {("seed", "applied", "seed")}
    for outcome, change_set in zip(outcomes, sets, strict=True):
        assert change_set.reason == f"Starter data: {outcome.file}"
        assert change_set.counts["created"] == outcome.created
        expected = "fictional" if outcome.file.startswith("fictional") else "日本取引所グループ"
        assert expected in (change_set.source or "") or "出典：EDINET閲覧（提出）サイト" in (
            change_set.source or ""
        )


def test_nintendo_has_its_figures_with_filing_element_and_context() -> None:
    found = statement("E02367", date(2025, 3, 31))
    assert (found.revenue, found.total_assets) == (Decimal(1164922000000), Decimal(3398515000000))
    assert (found.eps_basic, found.roe_reported) == (Decimal("239.47"), Decimal("0.1047"))
    assert (found.shares_issued, found.is_current, found.rounding_unit) == (1298690000, True, 1000000)
    assert found.sources["revenue"] == {
        "filing": "S100W73A",
        "element": "jppfs_cor:NetSales",
        "context": "CurrentYearDuration",
    }
    assert found.filing is not None
    assert found.filing.submitted_at == datetime(2025, 6, 26, 3, 26, tzinfo=UTC)
    assert (found.announced_on, found.announced_at) == (date(2025, 6, 26), found.filing.submitted_at)
    assert found.industry_format == "CTE"


def test_scope_standard_and_unit_are_the_filers() -> None:
    alone = statement("E02055", date(2018, 3, 31))
    assert (alone.scope, alone.rounding_unit, alone.revenue) == (
        "non_consolidated",
        1000,
        Decimal(17529099000),
    )
    assert alone.profit_attributable_to_owners is None
    assert statement("E02055", date(2019, 3, 31)).scope == "consolidated"
    assert statement("E01780", date(2021, 3, 31)).accounting_standard == "USGAAP"
    assert statement("E01780", date(2022, 3, 31)).accounting_standard == "IFRS"
    # Its US-GAAP report tags the summary only: not disclosed is no zero.
    assert statement("E01780", date(2021, 3, 31)).gross_profit is None


def test_every_figure_says_where_it_stands_and_no_statement_breaks_a_rule_without_a_cause() -> None:
    broken = set()
    figures = set(FinancialStatement.__table__.columns.keys())
    for found in db.session.scalars(select(FinancialStatement)):
        values = {name: getattr(found, name) for name in figures}
        broken |= {
            (found.company.edinet_code, found.fiscal_year_end_on.year, finding.rule)
            for finding in statement_rules.check(values)
        }
        assert all(values[name] is not None for name in found.sources)
        if found.filing_doc_id:
            assert found.revenue is not None
            assert {source["filing"] for source in found.sources.values()} == {found.filing_doc_id}
        else:
            assert found.sources == {}
    # Fujitsu's profit of 2025 is also that of operations it has discontinued, which IFRS shows apart from taxes; TDK
    # puts its share of profit of associates, and what it calls otherwise, above operating profit.
    assert broken == {("E01766", 2025, "P5"), *(("E01780", year, "P2i") for year in range(2022, 2026))}


def test_what_stewards_changed_stays_and_only_what_is_missing_comes() -> None:
    nintendo = company("E02367")
    edit = [Wish(Company, "update", {"name_en": "Nintendo", "head_office_address": None}, (nintendo.id,))]
    applying.carry_out(proposing.propose(edit, intent()))
    db.session.execute(StockPrice.__table__.delete().where(StockPrice.traded_on == date(2024, 4, 1)))
    assert created() == {"stock_prices": 2}
    nintendo = company("E02367")
    assert (nintendo.name_en, nintendo.head_office_address, nintendo.version) == ("Nintendo", None, 2)


def test_what_somebody_deleted_stays_deleted() -> None:
    kakuu = company("9Y1X").id
    prices = select(StockPrice.traded_on).where(StockPrice.company_id == kakuu)
    delete(StockPrice, [(kakuu, day) for day in db.session.scalars(prices)])
    found = select(FinancialStatement.id).where(FinancialStatement.company_id == kakuu)
    delete(FinancialStatement, [(number,) for number in db.session.scalars(found)])
    counted = select(SharesOutstanding.as_of_on).where(SharesOutstanding.company_id == kakuu)
    delete(SharesOutstanding, [(kakuu, day) for day in db.session.scalars(counted)])
    delete(Company, [(kakuu,)])
    outcomes = {outcome.file: outcome for outcome in seeding.load()}
    assert sum(outcome.created for outcome in outcomes.values()) == 0
    assert {file: outcome.left_out for file, outcome in outcomes.items() if outcome.left_out} == {
        "fictional_companies.csv": 1,
        "fictional_statements.csv": 3,
        "fictional_shares.csv": 3,
        "fictional_prices.csv": 244,
    }


def test_the_seed_ends_with_shares_and_what_is_computed_of_them() -> None:
    nintendo, kakuu = company("E02367"), company("9Y0X")
    last, *_ = sorted(nintendo.shares, key=lambda count: count.as_of_on, reverse=True)
    assert (last.as_of_on, last.issued, last.treasury) == (date(2025, 3, 31), 1_298_690_000, 134_441_800)
    assert last.data_source == "EDINET S100W73A"
    computed = select(FinancialIndicator).where(
        FinancialIndicator.company_id == kakuu.id,
        FinancialIndicator.basis == "FY",
        FinancialIndicator.as_of_on == date(2025, 3, 31),
    )
    one = db.session.scalars(computed).one()
    assert None not in (one.market_cap, one.per, one.pbr, one.eps, one.bps)
    close = select(StockPrice.close).where(
        StockPrice.company_id == kakuu.id, StockPrice.traded_on == date(2025, 3, 31)
    )
    assert one.market_cap == (db.session.scalar(close) or 0) * 20_000_000
    # Of a company alone no statement says whose its profit is.
    alone = select(FinancialIndicator.roe, FinancialIndicator.net_margin, FinancialIndicator.eps).where(
        FinancialIndicator.company_id == company("9Y1X").id,
        FinancialIndicator.basis == "FY",
        FinancialIndicator.as_of_on == date(2025, 3, 31),
    )
    assert db.session.execute(alone).one() == (Decimal("0.02811998"), Decimal("0.00456919"), Decimal("26.25"))


def test_no_grave_rule_is_broken_by_what_the_seed_brings() -> None:
    """Shares and what is per share leap where shares were split, and the seed says so."""
    graves = {rule.id for rule in RULES if rule.severity == BLOCKS}
    broken = db.session.execute(
        select(FiledFinding.rule, FiledFinding.row_key).where(
            FiledFinding.rule.in_(graves), FiledFinding.closed_at.is_(None)
        )
    )
    assert broken.all() == []
