"""What lists of companies have in common: whose silence ends a company, and whose codes must not clash."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from webapp.files.rows import MasterList, WrongFile
from webapp.label import Label
from webapp.models.company import Company
from webapp.rules import change
from webapp.rules.company import CEASED, DELISTED, LISTED, UNLISTED
from webapp.rules.findings import Finding
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key
from webapp.services.intake.merging import Merge

Row = Mapping[str, Any]

CODE_HEADINGS = ("ＥＤＩＮＥＴコード", "コード")
# A later list ends a few filers in a hundred (693 of 7,675 in 28 months). One that ends a fifth is not a later list.
MOST_ENDED = 0.2
FEW = 50

WORDS = {
    "absent_from_a_list_with_unreadable_rows": Label(
        "読めない行のある一覧に載っていない", "absent from a list with unreadable rows"
    ),
    DELISTED: Label("上場廃止", "delisted"),
    CEASED: Label("提出者一覧から除外", "off the list of filers"),
}


def close_absent(merging: Merge, absent: Iterable[Row], status: str, listing: MasterList[Any]) -> None:
    """End the listing, or the place on the list, of companies it no longer names; their codes still find them.

    A row whose code cannot be read may be any of them, so such a list closes nobody.
    """
    is_unreadable = any(bad.column in (None, *CODE_HEADINGS) for bad in listing.bad_rows)
    for company in absent:
        if is_unreadable:
            merging.left_alone["absent_from_a_list_with_unreadable_rows"] += 1
        else:
            merging.closed[status] += 1
            merging.wishes.append(Wish(Company, change.CLOSE, {"listing_status": status}, (company["id"],)))


def checked(merging: Merge, stored: Stored) -> Merge:
    """The merge without rows that clash; raises WrongFile where it would end too many companies."""
    _refuse_emptying(merging, stored)
    return _without_clashes(merging, stored)


def _refuse_emptying(merging: Merge, stored: Stored) -> None:
    ended = sum(merging.closed.values())
    active = sum(company["listing_status"] in (LISTED, UNLISTED) for company in stored.values())
    if ended > max(FEW, active * MOST_ENDED):
        raise WrongFile(
            expected="a later list of the same companies",
            found="one without %(ended)s of %(active)s companies",
            ended=f"{ended:,}",
            active=f"{active:,}",
        )


def _without_clashes(merging: Merge, stored: Stored) -> Merge:
    """Refuse list rows that would give one securities code to two listed companies."""
    clashing = _clashing(merging, stored)
    # Where the list merely confirms what is stored, the stored holder is right and the newcomer is refused.
    refused = {
        place
        for place in clashing
        if stored.get(merging.wishes[place].key or (), {}).get("listing_status") != LISTED
    } or clashing
    for place in sorted(refused):
        wish = merging.wishes[place]
        holder = {"code": wish.values.get("ticker_symbol")}
        message = "another listed company has the securities code %(code)s"
        merging.refused.append((wish.line, Finding("ticker_symbol", message, holder)))
    kept = [wish for place, wish in enumerate(merging.wishes) if place not in refused]
    return replace(merging, wishes=kept)


def _clashing(merging: Merge, stored: Stored) -> set[int]:
    """The places of wishes whose securities code two listed companies would then hold."""
    after: dict[Key, Row] = {**stored}
    for place, wish in enumerate(merging.wishes):
        key = wish.key or ("new", place)
        after[key] = {**after.get(key, {}), **wish.values, "place": place}
    holders: dict[str, list[Row]] = {}
    for row in after.values():
        if row.get("listing_status") == LISTED and row.get("ticker_symbol"):
            holders.setdefault(row["ticker_symbol"], []).append(row)
    return {row["place"] for rows in holders.values() if len(rows) > 1 for row in rows if "place" in row}
