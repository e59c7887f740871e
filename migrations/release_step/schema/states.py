"""What ails an object that is defined as it should be: it is drift when it is there, and none when it has gone."""

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from migrations.release_step.database import diagnosing

KIND = "state"
BEHIND, UNPOPULATED = "behind its data", "not populated"
# Whoever holds a table for long keeps us from looking, not from answering.
LOCK_MS = 100
# A greatest value is read off an index; without one, only out of a table of at most 8 MB, and of as many rows where
# nobody has analyzed it.
FEW_PAGES, SOME_ROWS = 1024, 100_000

VIEWS = text("""
    SELECT 'materialized view ' || relname FROM pg_class
    WHERE relnamespace = to_regnamespace(quote_ident(CAST(:schema AS text))) AND relkind = 'm' AND NOT relispopulated
""")
# Columns that take their values from a sequence, as its owner or in their default.
FED = text("""
    SELECT DISTINCT quote_literal('sequence ' || s.relname) AS name, quote_ident(s.relname) AS sequence,
           quote_ident(t.relname) AS "table", quote_ident(attname) AS column, seqincrement AS step
    FROM pg_sequence JOIN pg_class s ON s.oid = seqrelid
    JOIN (SELECT objid AS sequence, refobjid AS "table", refobjsubid AS number FROM pg_depend
          WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
            AND refobjsubid > 0
          UNION
          SELECT refobjid, adrelid, adnum FROM pg_depend JOIN pg_attrdef a ON a.oid = objid
          WHERE classid = 'pg_attrdef'::regclass AND refclassid = 'pg_class'::regclass) fed ON fed.sequence = s.oid
    JOIN pg_class t ON t.oid = fed."table" JOIN pg_attribute a ON attrelid = t.oid AND attnum = number
    WHERE s.relnamespace = to_regnamespace(quote_ident(CAST(:schema AS text))) AND t.relkind IN ('r', 'p')
      AND t.relnamespace = s.relnamespace AND NOT seqcycle AND atttypid IN (20, 21, 23)
      AND has_table_privilege(t.oid, 'SELECT') AND has_table_privilege(s.oid, 'SELECT')
      AND ((t.relkind = 'r' AND t.relpages <= :few AND pg_stat_get_live_tuples(t.oid) <= :some)
           OR EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indkey[0] = attnum
                        AND indisvalid AND indpred IS NULL))
    ORDER BY 1, 3, 4
""")
# The data are as old as the statement, the sequence is read later: a row that is just being added never looks ahead.
IS_BEHIND = (
    "SELECT {name} WHERE (SELECT {furthest}({column})::numeric FROM {table}) {beyond}"
    " (SELECT last_value + CASE WHEN is_called THEN {step}::numeric ELSE 0 END FROM {sequence})"
)


def take(connection: Connection, schema: str) -> dict[tuple[str, str], str]:
    """What ails the schema, which is on the search path; of tables that somebody locks nothing is known."""
    ailing = {(KIND, name): UNPOPULATED for name in connection.scalars(VIEWS, {"schema": schema})}
    fed = connection.execute(FED, {"schema": schema, "few": FEW_PAGES, "some": SOME_ROWS}).mappings().all()
    parts = [
        (
            IS_BEHIND.format(**row, furthest="max", beyond=">=")
            if row["step"] > 0
            else IS_BEHIND.format(**row, furthest="min", beyond="<=")
        )
        for row in fed
    ]
    behind = _names(connection, " UNION ALL ".join(parts)) if parts else []
    return ailing | {(KIND, name): BEHIND for name in behind}


def _names(connection: Connection, query: str) -> list[str]:
    plain = {"no_parameters": True}
    try:
        with connection.begin_nested() as glance:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_MS}ms'")
            names = [str(row[0]) for row in connection.exec_driver_sql(query, execution_options=plain)]
            # Which takes the timeout back, too.
            glance.rollback()
    except DBAPIError as error:
        if not diagnosing.diagnose(error).is_transient:
            raise
        return []
    return names
