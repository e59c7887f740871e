"""Which revision of a statement is the current one, over the sets of a feed: what `revisions` says of single ones.

Of one identity one row at most is current: the one that was announced last. What a feed makes current lets the one
before go, though the file does not name it: such rows are classified beside those of the file, with lines below zero.
"""

from sqlalchemy import text

from webapp import db
from webapp.models.financial_statement import IDENTITY, FinancialStatement
from webapp.rules import change, filing
from webapp.services.changes import revisions
from webapp.services.changes.feeds.plan import FeedPlan, quoted

# Of a changed row these may make another one current.
TELLING = (revisions.IS_CURRENT, revisions.ANNOUNCED, revisions.DOCUMENT, revisions.BASE)
SAID = (revisions.ANNOUNCED, revisions.DOCUMENT, revisions.BASE)
# Neither its document was withdrawn nor that of a row over which it is laid.
STANDS = (
    "NOT EXISTS (SELECT FROM filings g WHERE g.doc_id = r.filing_doc_id AND g.withdrawal_status <> :standing)"
    " AND (r.based_on_id IS NULL OR NOT EXISTS (WITH RECURSIVE below AS ("
    "SELECT b.id, b.filing_doc_id, b.based_on_id FROM financial_statements b WHERE b.id = r.based_on_id UNION"
    " SELECT b.id, b.filing_doc_id, b.based_on_id FROM below JOIN financial_statements b ON b.id = below.based_on_id)"
    " SELECT FROM below JOIN filings g ON g.doc_id = below.filing_doc_id AND g.withdrawal_status <> :standing))"
)
WRITTEN = f"c.verdict IN ('{change.NEW}', '{change.CHANGED}')"
OF_IDENTITY = ", ".join(IDENTITY)


def settle(plan: FeedPlan) -> None:
    """Let of each identity that a feed of statements touches the right row be current; nothing of other tables."""
    if plan.model is not FinancialStatement:
        return
    db.session.execute(text("DROP TABLE IF EXISTS pg_temp.feed_revisions"))
    db.session.execute(text(_elected(plan)), {"standing": filing.STANDING})
    db.session.execute(text(_of_file()))
    db.session.execute(text(_of_others(plan)))
    nothing = f"DELETE FROM feed_classified c WHERE c.verdict = '{change.CHANGED}' AND c.fields = '{{}}'"
    db.session.execute(text(nothing))


def _elected(plan: FeedPlan) -> str:
    """Every revision of the touched identities: its line, or its number where the file does not name it, and whether
    it is the elected one."""
    touched = (
        f"SELECT DISTINCT {OF_IDENTITY} FROM feed_classified c WHERE c.verdict = '{change.NEW}'"
        f" OR (c.verdict = '{change.CHANGED}' AND c.fields && ARRAY[{', '.join(map(repr, TELLING))}])"
    )
    given = f"{OF_IDENTITY}, revision_no, {', '.join(_column(plan, name) for name in SAID)}"
    of_file = (
        f"SELECT c.line, NULL::bigint AS id, {given}, c.is_current AS wanted, t.is_current AS was"
        f" FROM (SELECT c.* FROM feed_classified c JOIN touched USING ({OF_IDENTITY}) WHERE {WRITTEN}) c"
        f" LEFT JOIN LATERAL (SELECT t.is_current{_stored(plan)} FROM financial_statements t"
        f" WHERE {plan.same_row('c', 't')}) t ON true"
    )
    of_others = (
        f"SELECT NULL::integer, t.id, {OF_IDENTITY}, t.revision_no, {', '.join(f't.{name}' for name in SAID)},"
        f" t.is_current, t.is_current FROM financial_statements t JOIN touched USING ({OF_IDENTITY})"
        f" WHERE NOT EXISTS (SELECT 1 FROM feed_classified c WHERE {plan.same_row('c', 't')} AND {WRITTEN})"
    )
    rank = "coalesce(r.announced_at, 'infinity') DESC, r.revision_no DESC"
    # As `revisions` elects: made so by hand, the latest of the new ones, the one that was, any other that is wanted;
    # the latest that stands where the current one goes.
    return (
        f"CREATE TEMPORARY TABLE feed_revisions ON COMMIT DROP AS WITH touched AS MATERIALIZED ({touched}),"
        f" revision AS (SELECT r.*, {STANDS} AS stands FROM ({of_file} UNION ALL {of_others}) r),"
        f" placed AS (SELECT r.*, row_number() OVER (PARTITION BY {OF_IDENTITY}, stands ORDER BY {rank}) AS place,"
        f" bool_or(was AND NOT (wanted AND stands)) OVER (PARTITION BY {OF_IDENTITY}) AS has_gone FROM revision r),"
        " chosen AS (SELECT r.*, CASE WHEN NOT stands THEN NULL WHEN wanted AND NOT was THEN 1"
        " WHEN wanted AND was IS NULL AND place = 1 THEN 2 WHEN wanted AND was THEN 3 WHEN wanted THEN 4"
        " WHEN has_gone THEN 5 END AS choice FROM placed r)"
        " SELECT line, id, wanted, choice IS NOT NULL AND row_number()"
        f" OVER (PARTITION BY {OF_IDENTITY} ORDER BY choice NULLS LAST, {rank}) = 1 AS is_current FROM chosen r"
    )


def _column(plan: FeedPlan, name: str) -> str:
    """A column of the file's row; of the stored one where the file does not give it."""
    return f"c.{name}" if name in plan.figures else f"t.{name}"


def _stored(plan: FeedPlan) -> str:
    return "".join(f", t.{name}" for name in SAID if name not in plan.figures)


def _of_file() -> str:
    """Rows of the file that are, or are not, current otherwise than they say."""
    fields = "array_remove(c.fields, 'is_current')"
    # Said by the stored row: what it is already is no change of it.
    return (
        "UPDATE feed_classified c SET is_current = r.is_current, fields = CASE WHEN c.fields IS NULL THEN NULL"
        f" WHEN 'is_current' = ANY (c.fields) THEN {fields} ELSE c.fields || ARRAY['is_current'] END"
        " FROM feed_revisions r WHERE r.line = c.line AND r.is_current IS DISTINCT FROM c.is_current"
    )


def _of_others(plan: FeedPlan) -> str:
    """Stored rows that the file does not name, and that become or are no longer current."""
    names = (*plan.key, *plan.figures)
    columns = ", ".join(map(quoted, names))
    values = ", ".join("r.is_current" if name == "is_current" else f"t.{quoted(name)}" for name in names)
    return (
        f"INSERT INTO feed_classified (line, {columns}, base_version, fields, verdict)"
        f" SELECT -row_number() OVER (ORDER BY t.id), {values}, t.version, ARRAY['is_current'], '{change.CHANGED}'"
        " FROM feed_revisions r JOIN financial_statements t ON t.id = r.id WHERE r.is_current <> r.wanted"
    )
