"""What PostgreSQL's catalog says about one schema: queries that each yield kind, name and definition.

Names and definitions are spelled relative to the search path, which holds the schema alone: the same objects in
another schema read the same. The order of columns is left out on purpose; it differs between a table that was
created whole and one that grew.
"""

RELATIONS = """
    SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
                        WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE relkind::text END,
           relname,
           concat_ws('; ',
               CASE relpersistence WHEN 'u' THEN 'unlogged' END,
               CASE WHEN relrowsecurity THEN 'row security' END,
               CASE WHEN relforcerowsecurity THEN 'row security forced' END,
               CASE WHEN relreplident <> 'd' THEN 'replica identity ' || relreplident::text END,
               'options ' || array_to_string(reloptions, ', '),
               'access method ' || nullif((SELECT amname FROM pg_am WHERE oid = relam), 'heap'),
               'partitioned by ' || pg_get_partkeydef(c.oid),
               'partition of ' || CASE WHEN relispartition THEN
                   (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = c.oid) END,
               pg_get_expr(relpartbound, c.oid),
               'inherits ' || CASE WHEN NOT relispartition THEN
                   (SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno)
                    FROM pg_inherits WHERE inhrelid = c.oid) END,
               CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid, true) END)
    FROM pg_class c
    WHERE IN_SCHEMA AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT_OF_EXTENSION(c.oid)
"""

# pg_attver is PostgreSQL's own bookkeeping: newer minor releases (seen in 15.20) keep a version of each column there.
COLUMNS = """
    SELECT 'column', relname || '.' || attname,
           concat_ws(' ',
               format_type(atttypid, atttypmod),
               CASE WHEN attnotnull THEN 'NOT NULL' END,
               CASE attgenerated WHEN 's' THEN 'GENERATED STORED' WHEN 'v' THEN 'GENERATED VIRTUAL' END,
               CASE attidentity WHEN 'a' THEN 'IDENTITY ALWAYS' WHEN 'd' THEN 'IDENTITY BY DEFAULT' END,
               'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid),
               'COLLATE ' || CASE WHEN attcollation <> typcollation THEN attcollation::regcollation::text END,
               'STORAGE ' || CASE WHEN attstorage <> typstorage THEN attstorage::text END,
               'COMPRESSION ' || nullif(attcompression::text, ''),
               'OPTIONS ' || (SELECT string_agg(option, ', ') FROM unnest(attoptions) AS option
                              WHERE option NOT LIKE 'pg_attver=%'))
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    JOIN pg_type t ON t.oid = atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = attnum
    WHERE IN_SCHEMA AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT_OF_EXTENSION(c.oid)
"""

# From PostgreSQL 18 on, NOT NULL has constraints of its own; the column says it already, unless they are not valid.
CONSTRAINTS = """
    SELECT CASE contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'p' THEN 'primary key'
                        WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion' ELSE 'constraint' END,
           relname || '.' || conname,
           pg_get_constraintdef(k.oid, true) || CASE WHEN convalidated THEN '' ELSE ' (not valid)' END
    FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
    WHERE IN_SCHEMA AND contype <> 't' AND (contype <> 'n' OR NOT convalidated)
"""

INDEXES = """
    SELECT 'index', i.relname,
           concat_ws(' ', pg_get_indexdef(i.oid, 0, true), CASE WHEN NOT indisvalid THEN 'INVALID' END,
               CASE WHEN indisclustered THEN 'CLUSTERED' END, CASE WHEN indisreplident THEN 'REPLICA IDENTITY' END)
    FROM pg_index x JOIN pg_class i ON i.oid = indexrelid
    JOIN (SELECT oid FROM pg_class WHERE IN_SCHEMA) c ON c.oid = indrelid
"""

TRIGGERS = """
    SELECT 'trigger', relname || '.' || tgname,
           pg_get_triggerdef(t.oid, true)
               || CASE tgenabled WHEN 'O' THEN '' ELSE ' (enabled: ' || tgenabled::text || ')' END
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
    WHERE IN_SCHEMA AND NOT tgisinternal AND tgparentid = 0
"""

FUNCTIONS = """
    SELECT CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
           proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
           concat_ws(' ', 'RETURNS ' || pg_get_function_result(p.oid), lanname, 'volatility ' || provolatile::text,
               CASE WHEN proisstrict THEN 'STRICT' END, CASE WHEN prosecdef THEN 'SECURITY DEFINER' END,
               CASE WHEN proleakproof THEN 'LEAKPROOF' END, 'PARALLEL ' || proparallel::text,
               'SET ' || array_to_string(proconfig, ', '), 'AS ' || coalesce(pg_get_function_sqlbody(p.oid), prosrc))
    FROM pg_proc p JOIN pg_language l ON l.oid = prolang
    WHERE pronamespace = THE_SCHEMA AND NOT_OF_EXTENSION(p.oid)
"""

TYPES = """
    SELECT CASE typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range' ELSE 'composite type' END,
           typname,
           CASE typtype
               WHEN 'e' THEN (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
                              FROM pg_enum WHERE enumtypid = t.oid)
               WHEN 'd' THEN concat_ws(' ', format_type(typbasetype, typtypmod),
                              CASE WHEN typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || typdefault,
                              (SELECT string_agg(pg_get_constraintdef(oid, true), ' ' ORDER BY conname)
                               FROM pg_constraint WHERE contypid = t.oid AND contype = 'c'))
               WHEN 'r' THEN (SELECT format_type(rngsubtype, NULL) FROM pg_range WHERE rngtypid = t.oid)
               ELSE (SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
                     FROM pg_attribute WHERE attrelid = typrelid AND attnum > 0 AND NOT attisdropped)
           END
    FROM pg_type t LEFT JOIN pg_class c ON c.oid = typrelid
    WHERE typnamespace = THE_SCHEMA AND NOT_OF_EXTENSION(t.oid)
      AND (typtype IN ('e', 'd', 'r') OR (typtype = 'c' AND c.relkind = 'c'))
"""

SEQUENCES = """
    SELECT 'sequence', relname,
           concat_ws(' ', format_type(seqtypid, NULL), 'START', seqstart, 'INCREMENT', seqincrement, 'MIN', seqmin,
               'MAX', seqmax, 'CACHE', seqcache, CASE WHEN seqcycle THEN 'CYCLE' END,
               'OWNED BY ' || (SELECT refobjid::regclass || '.' || attname FROM pg_depend
                               JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
                               WHERE objid = c.oid AND classid = 'pg_class'::regclass
                                 AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')))
    FROM pg_sequence s JOIN pg_class c ON c.oid = seqrelid
    WHERE IN_SCHEMA AND NOT_OF_EXTENSION(c.oid)
"""

POLICIES_RULES_STATISTICS = """
    SELECT 'policy', relname || '.' || polname,
           concat_ws(' ', polcmd::text, CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
               (SELECT string_agg(CASE role WHEN 0 THEN 'public' ELSE role::regrole::text END, ', ' ORDER BY role)
                FROM unnest(polroles) AS role),
               'USING ' || pg_get_expr(polqual, polrelid), 'WITH CHECK ' || pg_get_expr(polwithcheck, polrelid))
    FROM pg_policy JOIN pg_class c ON c.oid = polrelid WHERE IN_SCHEMA
    UNION ALL
    SELECT 'rule', relname || '.' || rulename, pg_get_ruledef(r.oid, true)
    FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class WHERE IN_SCHEMA AND rulename <> '_RETURN'
    UNION ALL
    SELECT 'statistics', relname || '.' || stxname,
           pg_get_statisticsobjdef_columns(s.oid) || ' ' || array_to_string(stxkind, ',')
    FROM pg_statistic_ext s JOIN pg_class c ON c.oid = stxrelid WHERE IN_SCHEMA
"""

COMMENTS = """
    SELECT 'comment', 'relation ' || relname || coalesce('.' || attname, ''), description
    FROM pg_description m JOIN pg_class c ON c.oid = objoid
    LEFT JOIN pg_attribute a ON attrelid = objoid AND attnum = objsubid AND objsubid > 0
    WHERE classoid = 'pg_class'::regclass AND IN_SCHEMA
    UNION ALL
    SELECT 'comment', 'constraint ' || relname || '.' || conname, description
    FROM pg_description m JOIN pg_constraint k ON k.oid = objoid JOIN pg_class c ON c.oid = conrelid
    WHERE classoid = 'pg_constraint'::regclass AND IN_SCHEMA
    UNION ALL
    SELECT 'comment', 'trigger ' || relname || '.' || tgname, description
    FROM pg_description m JOIN pg_trigger t ON t.oid = objoid JOIN pg_class c ON c.oid = tgrelid
    WHERE classoid = 'pg_trigger'::regclass AND IN_SCHEMA
    UNION ALL
    SELECT 'comment', 'function ' || proname, description
    FROM pg_description m JOIN pg_proc p ON p.oid = objoid
    WHERE classoid = 'pg_proc'::regclass AND pronamespace = THE_SCHEMA
      AND NOT_OF_EXTENSION(p.oid)
    UNION ALL
    SELECT 'comment', 'type ' || typname, description
    FROM pg_description m JOIN pg_type t ON t.oid = objoid
    WHERE classoid = 'pg_type'::regclass AND typnamespace = THE_SCHEMA
      AND NOT_OF_EXTENSION(t.oid)
"""


def _spelled(query: str) -> str:
    """The query with its shorthands written out."""
    return (
        query.replace("IN_SCHEMA", "relnamespace = THE_SCHEMA AND relname <> 'alembic_version'")
        .replace("THE_SCHEMA", "to_regnamespace(quote_ident(CAST(:schema AS text)))")
        .replace(
            "NOT_OF_EXTENSION(", "NOT EXISTS (SELECT FROM pg_depend d WHERE d.deptype = 'e' AND d.objid = "
        )
    )


# alembic_version belongs to the release step; an extension's objects belong to the extension.
QUERIES = tuple(
    _spelled(query)
    for query in (
        RELATIONS,
        COLUMNS,
        CONSTRAINTS,
        INDEXES,
        TRIGGERS,
        FUNCTIONS,
        TYPES,
        SEQUENCES,
        POLICIES_RULES_STATISTICS,
        COMMENTS,
    )
)
