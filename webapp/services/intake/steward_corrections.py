"""Keep what stewards corrected: an import never writes over a steward's value, it reports the difference."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from webapp.rules import finding
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_labels, row_sql
from webapp.services.changes.feeds import classifying
from webapp.services.changes.feeds.plan import FeedPlan
from webapp.services.changes.following import stewards_words
from webapp.services.changes.proposals import KeyOf, Wish
from webapp.services.changes.proposing import StoredByModel
from webapp.services.changes.row_writing import OnRows
from webapp.services.checking import findings
from webapp.services.intake.merging import Merge

# Values of a feed that are remarked on one by one; the others are counted.
MOST_REMARKS = 1000


def respect_all(wishes: Sequence[Wish], stored: StoredByModel) -> Iterator[tuple[Wish, list[Finding]]]:
    """Each wish as `stewards_words.respect` leaves it, and its remarks, table by table."""
    for model in dict.fromkeys(wish.model for wish in wishes):
        yield from stewards_words.respect(
            model, [wish for wish in wishes if wish.model is model], stored[model]
        )


def hold_in_feed(plan: FeedPlan) -> tuple[int, list[Finding]]:
    """Keep what stewards set among the classified rows of a feed: how many values, and remarks on the first."""
    by_hand = (
        f"SELECT c.line, i.field FROM steward_values i JOIN {plan.table} t ON {row_sql.same_row(plan.model)}"
        f" JOIN feed_classified c ON {plan.same_row('c', 't')} WHERE i.table_name = :table"
    )
    number = classifying.hold(plan, by_hand, {"table": plan.table})
    return number, [_of_held(plan, *one) for one in classifying.held(plan, MOST_REMARKS)]


def _of_held(plan: FeedPlan, line: int, field: str, value: str, row: Mapping[str, Any]) -> Finding:
    key = row_codec.row_key(row_codec.key_of(plan.model, row))
    record = row_labels.called(plan.model, row)
    return Finding(
        field, stewards_words.BY_LIST, {"value": value}, False, record=record, row_key=key, line=line
    )


def respecting(
    stored: StoredByModel, wishes: Sequence[Wish], kept: list[Finding], on_rows: OnRows
) -> Iterator[Wish]:
    """The wishes without what stewards set otherwise; remarks on that are added to `kept`."""
    for done, (wish, remarks) in enumerate(respect_all(wishes, stored), start=1):
        kept += remarks
        on_rows(done, len(wishes))
        yield wish


def source_says(origin: str, merge: Merge, kept: Iterable[Finding]) -> list[dict[str, Any]]:
    """What a file says of fields that stewards set, as JSON: where it differs now, and where it did when last asked."""
    asked = findings.disagreeing(origin)
    differing = {(remark.row_key, remark.field) for remark in kept}
    says: dict[tuple[str, str, str], Any] = {}
    for wish in merge.wishes if asked or differing else ():
        if wish.key is None:
            continue
        table, row_key = row_codec.table_of(wish.model).name, row_codec.row_key(wish.key)
        standing = asked.get((table, row_key), ())
        for name, value in wish.values.items():
            is_asked = name in standing or (row_key, name) in differing
            if is_asked and not isinstance(value, dict | KeyOf):
                says[table, row_key, name] = value
    for (model, key, name), value in merge.says.items():
        says[row_codec.table_of(model).name, row_codec.row_key(key), name] = value
    of_source = {"origin": origin, "rule": finding.STEWARD_AGAINST_SOURCE}
    return [
        {"table": table, "row_key": row_key, "field": name, "value": row_codec.to_json(value)} | of_source
        for (table, row_key, name), value in says.items()
    ]
