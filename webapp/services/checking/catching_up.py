"""Look at everything anew after a change too large for its own transaction, and each night: indicators, and rules."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from sqlalchemy import text

from webapp import db
from webapp.services.changes import row_sql
from webapp.services.changes.following import (
    accounting_findings,
    indicators,
    master_findings,
    odd_prices,
    small_changes,
    summary_findings,
)
from webapp.services.changes.following.indicators import Computed
from webapp.services.checking import price_days

# Applied within the last rounds of the worker; what is the same is not written again, so that twice costs a look.
LARGE = text(
    "SELECT EXISTS (SELECT 1 FROM change_sets c WHERE c.applied_at > now() - interval '3 minutes'"
    " AND (c.table_name = ANY(:tables) OR c.other_tables && CAST(:tables AS varchar[]))"
    " AND (SELECT sum(value::text::bigint) FROM jsonb_each(c.counts)"
    " WHERE key IN ('created', 'updated', 'closed', 'deleted')) > :most LIMIT 1)"
)


def has_been_large(tables: Sequence[str]) -> bool:
    """Whether a change of these tables has been applied lately that was too large to be followed at once."""
    facts = {"tables": list(tables), "most": small_changes.MOST_ROWS}
    return bool(db.session.scalar(LARGE, facts))


def after_large_changes() -> int:
    """How many indicators were written or went; 0 where no large change has been applied lately."""
    tables = {*indicators.TABLES, *accounting_findings.TABLES, *master_findings.TABLES}
    return everything() if has_been_large(sorted(tables)) else 0


def everything() -> int:
    """Repair what was left stale, whoever wrote past the change sets; how many indicators were written or went."""
    computed = look_at_everything()
    return computed.written + computed.gone


def look_at_everything() -> Computed:
    """Compute all indicators and file all findings, wherever an input has changed; what became of the indicators."""
    _look_in_memory()
    computed = indicators.compute()
    _file_all_findings()
    return computed


def parts_of_everything() -> Sequence[Callable[[], Computed]]:
    """The same in parts that wait for none of the others, each for a transaction of its own."""
    return (*(partial(_half, half) for half in indicators.HALVES), _findings)


def _half(of_companies: str) -> Computed:
    _look_in_memory()
    return indicators.compute_half(of_companies)


def _findings() -> Computed:
    _look_in_memory()
    _file_all_findings()
    return Computed(0, 0)


def _look_in_memory() -> None:
    db.set_locally({"work_mem": row_sql.WORK_MEMORY})


def _file_all_findings() -> None:
    accounting_findings.look_at_all()
    summary_findings.look_at_all()
    master_findings.look_at_all()
    price_days.note_missing()


def after_prices() -> int:
    """Look at the prices of the days of which some were written lately; of how many companies there are some."""
    if has_been_large((odd_prices.ACTIONS,)):
        return all_prices()
    days = odd_prices.days_of_late()
    return 0 if days is None else odd_prices.look_between(*days)


def all_prices() -> int:
    """Look at every day of every company, whoever wrote it; how many companies have prices."""
    return odd_prices.look_between(date.min, date.max)
