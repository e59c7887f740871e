"""What lists of companies have in common: whose silence ends a company, and whose codes must not clash."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from webapp.files.rows import MasterList
from webapp.label import Label
from webapp.models.company import Company
from webapp.rules import change, masters
from webapp.rules.company import CEASED, DELISTED, LISTED
from webapp.rules.findings import Finding
from webapp.services.changes.proposals import Wish
from webapp.services.changes.proposing import Stored
from webapp.services.changes.row_codec import Key
from webapp.services.intake import wholeness
from webapp.services.intake.merging import Merge
from webapp.services.intake.wholeness import Covered, Pace

Row = Mapping[str, Any]

# The kind of JPX's lists: EDINET's are held against their day.
OF_JPX = masters.OF_JPX
CODE_HEADINGS = ("ＥＤＩＮＥＴコード", "コード")
NOT_WHOLE = "ended_by_a_list_that_is_not_whole"
UNREADABLE = "absent_from_a_list_with_unreadable_rows"

WORDS = {
    NOT_WHOLE: Label("一覧が全件そろっていないため終了としない", "ended by a list that is not whole"),
    UNREADABLE: Label("読めない行のある一覧に載っていない", "absent from a list with unreadable rows"),
    DELISTED: Label("上場廃止", "delisted"),
    CEASED: Label("提出者一覧から除外", "off the list of filers"),
}


def close(
    merging: Merge, covered: Sequence[Covered], pace: Pace, listing: MasterList[Any], stored: Stored
) -> None:
    """End the listing, or the place on the list, of companies it no longer names; their codes still find them.

    A list that is not whole ends nobody, not even those of whom its own rows say so, and remarks on it. A row whose
    code cannot be read may be any of those who are absent, so a list with such a row closes none of them.
    """
    absent = [company.row for company in covered if not company.is_named]
    gaps = [*wholeness.gaps(covered, len(listing.bad_rows), pace), *_wide_endings(merging, stored, pace)]
    remarks = [] if listing.is_whole else gaps
    if listing.is_part:
        remarks = [
            Finding(
                None,
                "the file holds mended rows alone, which were refused before: it ends nobody",
                is_blocking=False,
            )
        ]
    if remarks:
        merging.remarks += remarks
        merging.left_alone[NOT_WHOLE] += len(absent) + _keep_listings(merging, stored)
        return
    merging.closed.update(
        wish.values["listing_status"] for wish in merging.wishes if wish.action == change.CLOSE
    )
    if any(bad.column in (None, *CODE_HEADINGS) for bad in listing.bad_rows):
        merging.left_alone.update({UNREADABLE: len(absent)} if absent else {})
        return
    for company in absent:
        merging.closed[pace.ends_as] += 1
        merging.wishes.append(Wish(Company, change.CLOSE, {"listing_status": pace.ends_as}, (company["id"],)))


def _wide_endings(merging: Merge, stored: Stored, pace: Pace) -> Iterator[Finding]:
    """A remark where the list's own rows end the listing of more companies than a later list does."""
    listed = sum(_is_of_listed(wish, stored) for wish in merging.wishes)
    ended = sum(_ends_listing(wish, stored) for wish in merging.wishes)
    if wholeness.is_wide(ended, listed, pace.of_all):
        yield Finding(
            None,
            "the list takes their listing from %(ended)s of %(listed)s listed companies:"
            " it is not whole and ends nobody",
            {"ended": ended, "listed": listed},
            is_blocking=False,
        )


def _keep_listings(merging: Merge, stored: Stored) -> int:
    """Take back what the list's own rows would end; how many."""
    ending = [place for place, wish in enumerate(merging.wishes) if _ends_listing(wish, stored)]
    for place in ending:
        wish = merging.wishes[place]
        values = {name: value for name, value in wish.values.items() if name != "listing_status"}
        merging.wishes[place] = replace(wish, action=change.UPDATE, values=values)
    return len(ending)


def _ends_listing(wish: Wish, stored: Stored) -> bool:
    return _is_of_listed(wish, stored) and wish.values.get("listing_status", LISTED) != LISTED


def _is_of_listed(wish: Wish, stored: Stored) -> bool:
    return wish.key is not None and stored.get(wish.key, {}).get("listing_status") == LISTED


def without_clashes(merging: Merge, stored: Stored) -> Merge:
    """The merge without rows that would give one securities code to two listed companies."""
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
        merging.refused.append((wish, Finding("ticker_symbol", message, holder)))
    kept = [wish for place, wish in enumerate(merging.wishes) if place not in refused]
    return replace(merging, wishes=kept)


def _clashing(merging: Merge, stored: Stored) -> set[int]:
    """The places of wishes whose securities code two listed companies would then hold."""
    after: dict[Key, Row] = {**stored}
    for place, wish in enumerate(merging.wishes):
        key = wish.key or ("new", place)
        if wish.action == change.DELETE:
            after.pop(key)
            continue
        after[key] = {**after.get(key, {}), **wish.values, "place": place}
    holders: dict[str, list[Row]] = {}
    for row in after.values():
        if row.get("listing_status") == LISTED and row.get("ticker_symbol"):
            holders.setdefault(row["ticker_symbol"], []).append(row)
    return {row["place"] for rows in holders.values() if len(rows) > 1 for row in rows if "place" in row}
