"""What a feed says against stored rows, gathered in sets: stewards' values that it would change, and refused ones.

What was said before of the rows that the file names is asked again, so that it closes where it holds no more.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import String, text

from webapp import db
from webapp.rules import change, finding
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec, row_sql
from webapp.services.changes.feeds import classifying
from webapp.services.changes.feeds.plan import FeedPlan, limits, quoted
from webapp.services.changes.following.source_findings import NAMES

# Refused rows that are filed one by one, as many as an import with items may have; counts tell of all.
MOST_REFUSED = 10_000
NOT_TAKEN = Finding(None, "the source gives a value that this field does not take")
NEEDED = Finding(None, "the source gives no value, and one is needed")
NEW = (
    f"INSERT INTO source_said ({NAMES}) SELECT CAST(:origin AS text), CAST(:rule AS text), CAST(:table AS text), n.*"
    " FROM ({0})"
    " AS n (row_key, field, value, message, company_id, params, observed) WHERE NOT EXISTS (SELECT 1"
    " FROM source_said i WHERE i.rule = :rule AND i.row_key = n.row_key AND i.field IS NOT DISTINCT FROM n.field)"
)
OF_BREACH = ("of_field", "message", "is_broken", "place")
NOTHING = "NULL::text, NULL::bigint, {params}, NULL::jsonb"
# Open findings of this source, before keys are read as those of the table.
STANDING = (
    "(SELECT row_key, field, params FROM findings WHERE origin = :origin AND rule = :rule AND table_name = :table"
    " AND closed_at IS NULL OFFSET 0) i"
)


def gather(plan: FeedPlan, origin: str) -> bool:
    """Gather what the classified rows of this transaction say, beside what is gathered; whether that is anything."""
    for rule, statements in _statements(plan) if _concerns(plan, origin) else ():
        facts = {"origin": origin, "rule": rule, "table": plan.table, "most": MOST_REFUSED}
        for statement in statements:
            db.session.execute(text(NEW.format(statement)), {**plan.parameters, **facts})
    return bool(db.session.scalar(text("SELECT EXISTS (SELECT 1 FROM source_said)")))


def _statements(plan: FeedPlan) -> Iterator[tuple[str, Sequence[str]]]:
    yield finding.STEWARD_AGAINST_SOURCE, (_held(plan), _asked(plan))
    yield finding.REFUSED_FROM_SOURCE, (_refused(plan), *_mended(plan))


def _concerns(plan: FeedPlan, origin: str) -> bool:
    """Whether anything is held or refused, or stands open of this source: of most feeds there is nothing to gather."""
    asking = (
        "SELECT EXISTS (SELECT 1 FROM feed_held)"
        f" OR EXISTS (SELECT 1 FROM feed_classified WHERE verdict = '{change.REFUSED}')"
        " OR EXISTS (SELECT 1 FROM findings WHERE origin = :origin AND rule = ANY(:rules) AND table_name = :table"
        " AND closed_at IS NULL)"
    )
    facts = {"origin": origin, "rules": list(finding.OF_SOURCES), "table": plan.table}
    return bool(db.session.scalar(text(asking), facts))


def _held(plan: FeedPlan) -> str:
    """What the file says of the values that stewards set."""
    key = row_sql.key_of(plan.model, "t")
    return (
        f"SELECT {key}, h.field, {_value(plan)}, {NOTHING.format(params=_params(plan, 'c'))} FROM feed_held h"
        f" JOIN feed_classified c ON c.line = h.line JOIN {plan.table} t ON {plan.same_row('c', 't')}"
        f" WHERE {_fits(plan)}"
    )


def _asked(plan: FeedPlan) -> str:
    """What it says of fields in which stewards stood against the source before; a blank is no news, as elsewhere.

    Constants are said where a figure is.
    """
    given = "to_jsonb(r) ? i.field" + ("" if plan.blanks_count else " AND h.value IS NOT NULL")
    said, value = f"({given})", "to_jsonb(r) ->> i.field"
    if plan.constants:
        cases = " ".join(
            f"WHEN {_literal(name)} THEN CAST({plan.constant(name)} AS text)" for name in plan.constants
        )
        value = f"CASE i.field {cases} ELSE {value} END"
        names = ", ".join(map(_literal, plan.constants))
        said += f" OR (i.field IN ({names}) AND r.line IN (SELECT c.line FROM feed_classified c))"
    return (
        f"SELECT i.row_key, h.field, {_value(plan)}, {NOTHING.format(params='i.params')} FROM {STANDING}"
        f" JOIN {plan.table} t ON {row_sql.same_row(plan.model)} JOIN feed_received r ON {plan.same_row('r', 't')}"
        f" CROSS JOIN LATERAL (SELECT i.field, {value} AS value) h WHERE ({said}) AND {_fits(plan)}"
    )


def _refused(plan: FeedPlan) -> str:
    """Each value of a refused row that breaks a rule, in the words of the rule; the others of the row are not told."""
    broken = ", ".join(
        f"({_literal(field)}, {_literal(message)}, {condition}, {place})"
        for place, (field, message, condition) in enumerate(_breaches(plan))
    )
    own = ", ".join(map(_literal, (*classifying.OWN, *OF_BREACH)))
    whole = f"jsonb_strip_nulls(to_jsonb(c) - ARRAY[{own}])"
    of_company = "c.company_id" if "company_id" in plan.key else "NULL::bigint"
    key = f"coalesce({row_sql.key_of(plan.model, 't')}, {_key_of_file(plan, 'c')})"
    return (
        f"SELECT DISTINCT ON (c.line, c.of_field) {key}, c.of_field, CASE WHEN c.of_field IS NULL THEN {whole}"
        f" ELSE {_value(plan)} END, c.message, {of_company}, {_params(plan, 'c')}"
        f" || jsonb_build_object('is_stored', {row_sql.is_there(plan.model)}), w.whole -> c.of_field"
        " FROM (SELECT c.*, b.* FROM (SELECT * FROM feed_classified"
        f" WHERE verdict = '{change.REFUSED}' AND reason IS NULL ORDER BY line LIMIT :most) c"
        f" CROSS JOIN LATERAL (VALUES {broken}) b ({', '.join(OF_BREACH)}) WHERE b.is_broken) c"
        f" LEFT JOIN {plan.table} t ON {plan.same_row('c', 't')}"
        f" CROSS JOIN LATERAL (SELECT {row_sql.as_json(plan.model)} AS whole) w"
        " CROSS JOIN LATERAL (SELECT c.of_field AS field, to_jsonb(c) ->> c.of_field AS value) h"
        " ORDER BY c.line, c.of_field, c.place"
    )


def _breaches(plan: FeedPlan) -> Iterator[tuple[str | None, str, str]]:
    """What refuses a row: the field, the sentence, and when that is so."""
    for condition, rule in getattr(plan.model.rules, "SOUND", {}).items():
        yield rule.field, rule.message, f"({condition}) IS FALSE"
    for name in (*plan.key, *plan.figures):
        column = plan.columns[name]
        for condition in limits(column, quoted(name)):
            yield name, NOT_TAKEN.message, f"({condition}) IS FALSE"
        if not column.nullable:
            yield name, NEEDED.message, f"{quoted(name)} IS NULL"


def _mended(plan: FeedPlan) -> Iterator[str]:
    """Of rows of which a value was refused before, and of which the file tells again, nothing else than above."""
    nothing = NOTHING.format(params="NULL::jsonb")
    head = f"SELECT DISTINCT i.row_key, i.field, NULL::jsonb, {nothing} FROM {STANDING} JOIN"
    yield f"{head} feed_received r ON i.row_key = {_key_of_file(plan, 'r')}"
    if plan.key != tuple(column.name for column in row_codec.key_columns(plan.model)):
        rows = f"(SELECT {row_sql.key_of(plan.model, 't')} AS key FROM feed_received r"
        yield f"{head} {rows} JOIN {plan.table} t ON {plan.same_row('r', 't')}) r ON i.row_key = r.key"


def _key_of_file(plan: FeedPlan, row: str) -> str:
    """What a row is known by that stands nowhere yet."""
    return " || ',' || ".join(f"{row}.{quoted(name)}::text" for name in plan.key)


def _params(plan: FeedPlan, row: str) -> str:
    """What names of the rows need, beside that of their company."""
    named = [name for name in plan.key if name != "company_id"]
    return f"jsonb_build_object({', '.join(f'{_literal(name)}, {row}.{quoted(name)}' for name in named)})"


def _value(plan: FeedPlan) -> str:
    """The text `h.value` of `h.field` as items hold values: exact numbers as text."""
    kinds = {name: plan.columns[name].type.python_type for name in (*plan.key, *plan.written)}
    whole = [name for name, kind in kinds.items() if kind is int]
    flags = [name for name, kind in kinds.items() if kind is bool]
    cases = "".join(
        f" WHEN h.field IN ({', '.join(map(_literal, names))}) THEN to_jsonb(h.value::{kind})"
        for names, kind in ((whole, "numeric"), (flags, "boolean"))
        if names
    )
    return f"CASE{cases} ELSE to_jsonb(h.value) END" if cases else "to_jsonb(h.value)"


def _fits(plan: FeedPlan) -> str:
    """Whether `h.value` could stand in its column, so that both can be held against each other."""
    cases = ""
    for name in plan.written:
        column = plan.columns[name]
        value = "h.value" if isinstance(column.type, String) else "CAST(h.value AS numeric)"
        conditions = " AND ".join(f"({condition})" for condition in limits(column, value))
        cases += f" WHEN {_literal(name)} THEN ({conditions}) IS NOT FALSE" if conditions else ""
    return f"CASE h.field{cases} ELSE true END" if cases else "true"


def _literal(value: str | None) -> str:
    return "NULL::text" if value is None else "'" + value.replace("'", "''") + "'"
