"""What a database has once, whatever its schemas: models declare none of it, a release may leave it."""

EVENT_TRIGGERS = """
    SELECT 'event trigger', evtname,
           concat_ws(' ', 'ON', evtevent, array_to_string(evttags, ', '), 'BY', evtfoid::regprocedure,
               CASE evtenabled WHEN 'O' THEN NULL ELSE '(enabled: ' || evtenabled::text || ')' END)
    FROM pg_event_trigger e WHERE NOT_OF_EXTENSION(e.oid)
"""

# What a publication consists of differs from release to release, and which tables and rows it holds.
PUBLICATIONS = """
    SELECT 'publication', pubname,
           concat_ws('; ', (to_jsonb(p) - '{oid,pubname,pubowner}'::text[])::text,
               (SELECT string_agg(concat_ws(' ', prrelid::regclass, prattrs, pg_get_expr(prqual, prrelid)), ', '
                                  ORDER BY prrelid::regclass::text) FROM pg_publication_rel WHERE prpubid = p.oid),
               (SELECT string_agg(pnnspid::regnamespace::text, ', ' ORDER BY pnnspid::regnamespace::text)
                FROM pg_publication_namespace WHERE pnpubid = p.oid))
    FROM pg_publication p WHERE NOT_OF_EXTENSION(p.oid)
    UNION ALL
    SELECT 'subscription', subname,
           concat_ws(' ', CASE WHEN subenabled THEN 'enabled' END, array_to_string(subpublications, ', '))
    FROM pg_subscription WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

# Numbers below 16384 belong to PostgreSQL itself. Options and settings may hold a password: only their hash is told.
LANGUAGES_AND_SERVERS = """
    SELECT 'language', lanname,
           concat_ws(' ', CASE WHEN lanpltrusted THEN 'TRUSTED' END, nullif(lanplcallfoid, 0)::regprocedure)
    FROM pg_language l WHERE l.oid >= 16384 AND NOT_OF_EXTENSION(l.oid)
    UNION ALL
    SELECT 'access method', amname, concat_ws(' ', amtype, amhandler)
    FROM pg_am a WHERE a.oid >= 16384 AND NOT_OF_EXTENSION(a.oid)
    UNION ALL
    SELECT 'foreign-data wrapper', fdwname,
           concat_ws(' ', nullif(fdwhandler, 0)::regprocedure, nullif(fdwvalidator, 0)::regprocedure,
               'options ' || left(encode(sha256(convert_to(array_to_string(fdwoptions, ', '), 'UTF8')), 'hex'), 16))
    FROM pg_foreign_data_wrapper w WHERE NOT_OF_EXTENSION(w.oid)
    UNION ALL
    SELECT 'foreign server', srvname,
           concat_ws(' ', fdwname, srvtype, srvversion,
               'options ' || left(encode(sha256(convert_to(array_to_string(srvoptions, ', '), 'UTF8')), 'hex'), 16))
    FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = srvfdw WHERE NOT_OF_EXTENSION(s.oid)
    UNION ALL
    SELECT 'cast between built-in types', format_type(castsource, NULL) || ' as ' || format_type(casttarget, NULL),
           concat_ws(' ', 'context', castcontext, 'method', castmethod, 'BY ' || nullif(castfunc, 0)::regprocedure)
    FROM pg_cast c WHERE c.oid >= 16384 AND castsource < 16384 AND casttarget < 16384 AND NOT_OF_EXTENSION(c.oid)
    UNION ALL
    SELECT 'database setting', split_part(setting, '=', 1),
           left(encode(sha256(convert_to(setting, 'UTF8')), 'hex'), 16)
    FROM pg_db_role_setting, unnest(setconfig) AS setting
    WHERE setrole = 0 AND setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
"""

QUERIES = (EVENT_TRIGGERS, PUBLICATIONS, LANGUAGES_AND_SERVERS)
