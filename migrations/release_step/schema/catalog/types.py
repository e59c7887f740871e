"""A schema's own types and collations."""

# An array's type comes with its element's, a multirange with its range.
TYPES = """
    SELECT CASE typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range'
                        WHEN 'c' THEN 'composite type' ELSE 'type' END,
           typname,
           CASE typtype
               WHEN 'e' THEN (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder)
                              FROM pg_enum WHERE enumtypid = t.oid)
               WHEN 'd' THEN concat_ws(' ', format_type(typbasetype, typtypmod),
                              'COLLATE ' || nullif(typcollation, 0)::regcollation,
                              CASE WHEN typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || typdefault,
                              (SELECT string_agg(conname || ' ' || pg_get_constraintdef(oid, true)
                                      || CASE WHEN convalidated THEN '' ELSE ' (not valid)' END, ' ' ORDER BY conname)
                               FROM pg_constraint WHERE contypid = t.oid AND contype = 'c'))
               WHEN 'r' THEN (SELECT concat_ws(' ', format_type(rngsubtype, NULL), 'BY', opcname,
                                         'COLLATE ' || nullif(rngcollation, 0)::regcollation,
                                         'CANONICAL ' || nullif(rngcanonical::oid, 0)::regprocedure,
                                         'DIFFERENCE ' || nullif(rngsubdiff::oid, 0)::regprocedure,
                                         'MULTIRANGE', format_type(rngmultitypid, NULL))
                              FROM pg_range JOIN pg_opclass o ON o.oid = rngsubopc WHERE rngtypid = t.oid)
               WHEN 'c' THEN (SELECT string_agg(concat_ws(' ', attname, format_type(atttypid, atttypmod),
                                         'COLLATE ' || nullif(attcollation, 0)::regcollation), ', ' ORDER BY attnum)
                              FROM pg_attribute WHERE attrelid = typrelid AND attnum > 0 AND NOT attisdropped)
               ELSE concat_ws(' ', CASE WHEN typisdefined THEN 'defined' END, typinput, typoutput, typlen, typalign,
                              typstorage, typcategory, typdelim, 'DEFAULT ' || typdefault)
           END
    FROM pg_type t LEFT JOIN pg_class c ON c.oid = typrelid
    WHERE typnamespace = THE_SCHEMA AND NOT_OF_EXTENSION(t.oid)
      AND (typtype IN ('e', 'd', 'r', 'p') OR (typtype = 'c' AND c.relkind = 'c')
           OR (typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)))
"""

# What a collation consists of differs from release to release; its version is its library's.
COLLATIONS = """
    SELECT 'collation', collname,
           (jsonb_strip_nulls(to_jsonb(c)) - '{oid,collname,collnamespace,collowner,collversion}'::text[])::text
    FROM pg_collation c WHERE collnamespace = THE_SCHEMA AND NOT_OF_EXTENSION(c.oid)
    UNION ALL
    SELECT 'conversion', conname,
           concat_ws(' ', pg_encoding_to_char(conforencoding), 'TO', pg_encoding_to_char(contoencoding),
               'BY', conproc::oid::regprocedure, CASE WHEN condefault THEN 'DEFAULT' END)
    FROM pg_conversion c WHERE connamespace = THE_SCHEMA AND NOT_OF_EXTENSION(c.oid)
"""

QUERIES = (TYPES, COLLATIONS)
