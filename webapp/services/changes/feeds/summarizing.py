"""What a feed does, in a few figures and rows: counts, fields, ranges, and examples before and after."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import text

from webapp import db
from webapp.rules import change
from webapp.services.changes import row_codec, row_labels
from webapp.services.changes.feeds.plan import FeedPlan, quoted, type_of
from webapp.services.changes.proposals import Wish

# Examples of each kind of change.
EXAMPLES = 5


@dataclass(slots=True)
class Summary:
    """How many rows come to what, which fields change in how many, and what the written rows range over."""

    verdicts: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    fields: dict[str, int] = field(default_factory=dict)
    ranges: dict[str, dict[str, Any]] = field(default_factory=dict)
    samples: list[dict[str, Any]] = field(default_factory=list)

    @property
    def written(self) -> int:
        """How many rows are written."""
        return self.verdicts[change.NEW] + self.verdicts[change.CHANGED]

    def as_json(self) -> dict[str, Any]:
        """What a change set keeps of it, beside its counts."""
        return {"fields": self.fields, "ranges": self.ranges, "samples": self.samples}


def summary(plan: FeedPlan) -> Summary:
    """What the classified rows come to."""
    summed = Summary()
    by_verdict = text("SELECT verdict, reason, count(*) FROM feed_classified GROUP BY verdict, reason")
    for verdict, reason, number in db.session.execute(by_verdict):
        summed.verdicts[verdict] += number
        if verdict == change.LEFT:
            summed.left[reason] += number
    by_field = text(
        "SELECT name, count(*) FROM feed_classified, unnest(fields) AS name"
        f" WHERE verdict = '{change.CHANGED}' GROUP BY name ORDER BY count(*) DESC, name"
    )
    if summed.verdicts[change.CHANGED]:
        summed.fields = dict(db.session.execute(by_field).all())
    if summed.written:
        summed.ranges = _ranges(plan)
        summed.samples = [*_samples(plan, change.NEW), *_samples(plan, change.CHANGED)]
    return summed


def _ranges(plan: FeedPlan) -> dict[str, dict[str, Any]]:
    """Of each day and reference of the key: how many values there are, and of days the first and the last."""
    days = [name for name in plan.key if plan.columns[name].type.python_type is date]
    counted = [name for name in plan.key if name in days or plan.columns[name].foreign_keys]
    parts = [f"count(DISTINCT {quoted(name)})" for name in counted]
    parts += [f"{end}({quoted(name)})" for name in days for end in ("min", "max")]
    row = db.session.execute(
        text(
            f"SELECT {', '.join(parts)} FROM feed_classified"
            f" WHERE verdict IN ('{change.NEW}', '{change.CHANGED}')"
        )
    ).one()
    ranges = {name: {"values": row[place]} for place, name in enumerate(counted)}
    for place, name in enumerate(days):
        first, last = row[len(counted) + 2 * place : len(counted) + 2 * place + 2]
        ranges[name] |= {"first": first.isoformat(), "last": last.isoformat()}
    return ranges


def _samples(plan: FeedPlan, verdict: str) -> list[dict[str, Any]]:
    """The first rows of a kind, each with its name, its key and the fields before and after."""
    names = (*plan.key, *plan.figures)
    new = ", ".join(f"c.{quoted(name)}::{type_of(plan.columns[name])} AS {quoted(name)}" for name in names)
    own = [column.name for column in row_codec.key_columns(plan.model) if column.name not in names]
    stored = {name: f"was_{name}" for name in plan.written} | {name: name for name in own}
    old = ", ".join(f"t.{quoted(name)} AS {quoted(called)}" for name, called in stored.items())
    rows = db.session.execute(
        text(
            # Chosen before they are joined: PostgreSQL would join all of them, and then take the first.
            f"SELECT c.line, c.fields, {new}, {old} FROM (SELECT * FROM feed_classified"
            f" WHERE verdict = :verdict ORDER BY line LIMIT :most) c LEFT JOIN {plan.table} t"
            f" ON {plan.same_row('c', 't')} ORDER BY c.line"
        ),
        {"verdict": verdict, "most": EXAMPLES},
    ).mappings()
    samples = [_sample(plan, {str(name): value for name, value in row.items()}) for row in rows]
    return _named(plan, samples)


def _sample(plan: FeedPlan, row: Mapping[str, Any]) -> dict[str, Any]:
    values = {**{name: row[name] for name in plan.figures}, **plan.constants}
    changed: Sequence[str] = row["fields"] if row["fields"] is not None else list(values)
    return {
        "action": change.CREATE if row["fields"] is None else change.UPDATE,
        "line": row["line"],
        "key": {name: row[name] for name in plan.key},
        "number": tuple(row[column.name] for column in row_codec.key_columns(plan.model)),
        "before": {} if row["fields"] is None else {name: row["was_" + name] for name in changed},
        "after": {name: values[name] for name in changed},
    }


def _named(plan: FeedPlan, samples: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    wish = Wish(plan.model, change.UPDATE)
    labels = row_labels.of_rows([(wish, sample["key"]) for sample in samples])
    named = []
    for sample, label in zip(samples, labels, strict=True):
        number = sample["number"]
        values = {name: value for name, value in sample.items() if name != "number"}
        named.append(
            {
                **values,
                "label": label,
                "row_key": None if None in number else row_codec.row_key(number),
                "key": row_codec.encode(sample["key"]),
                "before": row_codec.encode(sample["before"]),
                "after": row_codec.encode(sample["after"]),
            }
        )
    return named
