"""What a company alone leaves to be understood: nobody else shares in its profit and in its equity. Pure.

非支配株主 are of a group (企業会計基準第22号 第26項, 第39項), so that a statement of one company may leave out
whose its profit is, and 自己資本 is its 純資産 less 新株予約権 (企業会計基準第5号 第4項, 第7項). What is disclosed
comes first.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from webapp.rules.expressions import Combined, Expression, Figure

Row = Mapping[str, Any]
ALONE = "non_consolidated"
# The statement, under the name that it has in `periods_sql`.
STATEMENT = "s"
SUBSCRIPTION_RIGHTS = Figure("subscription_rights", STATEMENT)


class Understood(NamedTuple):
    """What a figure comes to, and the figure without which that is not known."""

    of: Expression
    known_by: str


# Beside a summary's net assets alone it is not known whether there are subscription rights; a balance sheet tells.
UNDERSTOOD: Mapping[str, Understood] = {
    "profit_attributable_to_owners": Understood(Figure("profit", STATEMENT), "profit"),
    "equity_attributable_to_owners": Understood(
        Figure("net_assets", STATEMENT) - SUBSCRIPTION_RIGHTS.or_zero, "total_liabilities"
    ),
}
READ = frozenset(
    name
    for one in UNDERSTOOD.values()
    for name in (one.known_by, *(figure.name for figure in one.of.figures()))
)


def filled(row: Row) -> Row:
    """The statement with what is understood of it in place of what is missing."""
    if row["scope"] != ALONE:
        return row
    facts = {STATEMENT: row}
    more = {name: one.of.value(facts) for name, one in UNDERSTOOD.items() if _is_understood(row, name)}
    return {**row, **more, "understood": frozenset(more)} if more else row


def figure_sql(name: str) -> str:
    """A figure of a statement, filled in the same way."""
    figure = f"{STATEMENT}.{name}::numeric"
    if name not in UNDERSTOOD:
        return figure
    of, known_by = UNDERSTOOD[name]
    understood = (
        f"CASE WHEN {STATEMENT}.scope = '{ALONE}' AND {STATEMENT}.{known_by} IS NOT NULL THEN {of.sql()} END"
    )
    return f"coalesce({figure}, {understood})"


def terms_of(row: Row, name: str) -> Iterator[tuple[int, str]]:
    """The figures of a filled statement that one of its figures is made of, each added or taken away."""
    return _signed(UNDERSTOOD[name].of) if name in row.get("understood", ()) else iter(((1, name),))


def _is_understood(row: Row, name: str) -> bool:
    return row.get(name) is None and row.get(UNDERSTOOD[name].known_by) is not None


def _signed(of: Expression, sign: int = 1) -> Iterator[tuple[int, str]]:
    if isinstance(of, Combined):
        yield from _signed(of.left, sign)
        yield from _signed(of.right, -sign if of.sign == "-" else sign)
    else:
        yield from ((sign, figure.name) for figure in of.figures())
