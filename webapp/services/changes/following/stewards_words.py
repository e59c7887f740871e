"""What stewards set by hand stays: whatever a source wishes over it is left out of the wish, and remarked on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from webapp import db
from webapp.models.financial_statement import FinancialStatement
from webapp.models.market.shares_outstanding import SharesOutstanding
from webapp.rules import change
from webapp.rules.fields import Saying
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_labels
from webapp.services.changes.following import steward_values
from webapp.services.changes.proposals import Wish
from webapp.services.changes.row_codec import Key, Stored

BY_LIST = Saying("kept the value entered by hand; the list says %(value)s").message
BY_REPORT = Saying("kept the value entered by hand; the report says %(value)s").message
# What reports filed with EDINET alone say anything of.
FILED = frozenset({FinancialStatement, SharesOutstanding})


def stewards_values(
    model: type[db.Base], stored: Stored, keys: Iterable[Key]
) -> dict[Key, Mapping[str, Any]]:
    """Of these rows, by key, what the fields hold that a steward set, blanked or verified by hand."""
    of_rows = steward_values.of_rows(model, keys)
    return {key: {name: stored[key].get(name) for name in by_field} for key, by_field in of_rows.items()}


def respect(
    model: type[db.Base], wishes: Sequence[Wish], stored: Stored
) -> Iterator[tuple[Wish, list[Finding]]]:
    """Each wish without the fields in which it would write over a steward's value, and a remark for each of those."""
    corrected = stewards_values(model, stored, _differing(wishes, stored))
    for wish in wishes:
        values_by_hand = corrected.get(wish.key, {}) if wish.key is not None else {}
        against = [
            name
            for name, value in values_by_hand.items()
            if name in wish.values and wish.values[name] != value
        ]
        if not against or wish.key is None:
            yield wish, []
            continue
        values = {name: value for name, value in wish.values.items() if name not in against}
        remarks = [
            Finding(
                name,
                BY_REPORT if model in FILED else BY_LIST,
                _said(model, name, wish.values[name], stored[wish.key]),
                False,
            )
            for name in against
        ]
        of_row = [row_labels.of_wish(remark, wish, stored[wish.key]) for remark in remarks]
        action = change.UPDATE if wish.action == change.CLOSE and "listing_status" in against else wish.action
        yield replace(wish, action=action, values=values), of_row


def _said(model: type[db.Base], name: str, value: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    column = row_codec.table_of(model).columns[name]
    return row_labels.amounts(column, row, {"value": value})


def _differing(wishes: Iterable[Wish], stored: Stored) -> Iterator[Key]:
    """The rows over which a wish would write at all; of the others nobody needs to know who set them."""
    for wish in wishes:
        if wish.key is not None and any(
            stored[wish.key].get(name) != value for name, value in wish.values.items()
        ):
            yield wish.key
