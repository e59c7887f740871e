"""What changes how fast a schema answers, or what is said of it, and never an answer: told, and no drift."""

# -1 was the target of a column that has none; from PostgreSQL 17 on it is NULL.
STATISTICS_TARGETS = """
    SELECT 'statistics target', relname || '.' || attname, attstattarget::text
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
    WHERE IN_SCHEMA AND attnum > 0 AND NOT attisdropped AND attstattarget >= 0 AND NOT_OF_EXTENSION(c.oid)
    UNION ALL
    SELECT 'statistics target', relname || '.' || stxname, stxstattarget::text
    FROM pg_statistic_ext s JOIN pg_class c ON c.oid = stxrelid
    WHERE IN_SCHEMA AND stxstattarget >= 0
"""

TOAST_OPTIONS = """
    SELECT 'toast options', c.relname, array_to_string(t.reloptions, ', ')
    FROM pg_class t JOIN (SELECT * FROM pg_class WHERE IN_SCHEMA) c ON c.reltoastrelid = t.oid
    WHERE t.reloptions IS NOT NULL AND NOT_OF_EXTENSION(c.oid)
"""

COST_AND_ROWS = """
    SELECT 'cost and rows', proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
           concat_ws(' ', procost, prorows)
    FROM pg_proc p WHERE pronamespace = THE_SCHEMA AND prokind <> 'a' AND NOT_OF_EXTENSION(p.oid)
"""

# Whatever may have one, but tables and columns; an object of a table is named with it.
COMMENTS = """
    SELECT 'comment on ' || i.type,
           replace(replace(i.identity, THE_SCHEMA::text || '.', ''), 'pg_catalog.', ''), description
    FROM pg_description m CROSS JOIN LATERAL pg_identify_object(classoid, objoid, objsubid) i
    LEFT JOIN pg_class c ON c.oid = objoid AND classoid = 'pg_class'::regclass
    WHERE objoid >= 16384 AND objsubid = 0 AND NOT_OF_EXTENSION(objoid)
      AND (c.oid IS NULL OR c.relkind NOT IN ('r', 'p', 'f'))
      AND (i.schema = quote_ident(CAST(:schema AS text)) OR i.schema = CAST(:schema AS text)
           OR i.identity LIKE '% on ' || THE_SCHEMA::text || '.%')
"""

QUERIES = (STATISTICS_TARGETS, TOAST_OPTIONS, COST_AND_ROWS, COMMENTS)
