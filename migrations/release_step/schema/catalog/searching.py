"""A schema's text search: configurations, dictionaries, parsers, templates."""

TEXT_SEARCH = """
    SELECT 'text search configuration', cfgname,
           concat_ws(' ', 'PARSER', prsname,
               (SELECT string_agg(maptokentype || ' ' || mapdict::regdictionary, ', ' ORDER BY maptokentype, mapseqno)
                FROM pg_ts_config_map WHERE mapcfg = c.oid))
    FROM pg_ts_config c JOIN pg_ts_parser p ON p.oid = cfgparser
    WHERE cfgnamespace = THE_SCHEMA AND NOT_OF_EXTENSION(c.oid)
    UNION ALL
    SELECT 'text search dictionary', dictname, concat_ws(' ', 'TEMPLATE', tmplname, dictinitoption)
    FROM pg_ts_dict c JOIN pg_ts_template t ON t.oid = dicttemplate
    WHERE dictnamespace = THE_SCHEMA AND NOT_OF_EXTENSION(c.oid)
    UNION ALL
    SELECT 'text search parser', prsname,
           concat_ws(' ', prsstart, prstoken, prsend, prsheadline, prslextype)
    FROM pg_ts_parser c WHERE prsnamespace = THE_SCHEMA AND NOT_OF_EXTENSION(c.oid)
    UNION ALL
    SELECT 'text search template', tmplname, concat_ws(' ', tmplinit, tmpllexize)
    FROM pg_ts_template c WHERE tmplnamespace = THE_SCHEMA AND NOT_OF_EXTENSION(c.oid)
"""

QUERIES = (TEXT_SEARCH,)
