"""What a schema can do: functions, aggregates, operators, casts."""

FUNCTIONS = """
    SELECT CASE prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
           proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
           concat_ws(' ', '(' || pg_get_function_arguments(p.oid) || ')', 'RETURNS ' || pg_get_function_result(p.oid),
               CASE WHEN prokind = 'w' THEN 'WINDOW' END, lanname, 'volatility ' || provolatile::text,
               CASE WHEN proisstrict THEN 'STRICT' END, CASE WHEN prosecdef THEN 'SECURITY DEFINER' END,
               CASE WHEN proleakproof THEN 'LEAKPROOF' END, 'PARALLEL ' || proparallel::text,
               'SUPPORT ' || nullif(prosupport::oid, 0)::regproc, 'SET ' || array_to_string(proconfig, ', '),
               'LIBRARY ' || probin,
               CASE WHEN prokind <> 'a' THEN 'AS ' || coalesce(pg_get_function_sqlbody(p.oid), prosrc) END,
               (SELECT ((to_jsonb(a) - '{aggfnoid,aggsortop,aggtranstype,aggmtranstype}'::text[]) || jsonb_build_object(
                           'sort', aggsortop::regoperator, 'state', format_type(aggtranstype, NULL),
                           'moving', CASE WHEN aggmtranstype <> 0 THEN format_type(aggmtranstype, NULL) END))::text
                FROM pg_aggregate a WHERE aggfnoid = p.oid))
    FROM pg_proc p JOIN pg_language l ON l.oid = prolang
    WHERE pronamespace = THE_SCHEMA AND NOT_OF_EXTENSION(p.oid)
"""

OPERATORS = """
    SELECT 'operator', o.oid::regoperator::text,
           concat_ws(' ', 'RETURNS', format_type(oprresult, NULL), 'BY', oprcode::oid::regprocedure,
               'COMMUTATOR ' || nullif(oprcom, 0)::regoperator, 'NEGATOR ' || nullif(oprnegate, 0)::regoperator,
               'RESTRICT ' || nullif(oprrest::oid, 0)::regproc, 'JOIN ' || nullif(oprjoin::oid, 0)::regproc,
               CASE WHEN oprcanmerge THEN 'MERGES' END, CASE WHEN oprcanhash THEN 'HASHES' END)
    FROM pg_operator o WHERE oprnamespace = THE_SCHEMA AND NOT_OF_EXTENSION(o.oid)
"""

# A family is what its members are, whichever class brought them.
OPERATOR_CLASSES = """
    SELECT 'operator class', opcname || ' for ' || amname,
           concat_ws(' ', CASE WHEN opcdefault THEN 'DEFAULT' END, 'FOR', format_type(opcintype, NULL),
               'FAMILY', opfname, 'STORAGE ' || CASE WHEN opckeytype <> 0 THEN format_type(opckeytype, NULL) END)
    FROM pg_opclass o JOIN pg_am a ON a.oid = opcmethod JOIN pg_opfamily f ON f.oid = opcfamily
    WHERE opcnamespace = THE_SCHEMA AND NOT_OF_EXTENSION(o.oid)
    UNION ALL
    SELECT 'operator family', opfname || ' for ' || amname,
           concat_ws('; ',
               (SELECT string_agg(amopstrategy || ' ' || amopopr::regoperator, ', ' ORDER BY amopstrategy,
                                  amopopr::regoperator::text) FROM pg_amop WHERE amopfamily = f.oid),
               (SELECT string_agg(amprocnum || ' ' || amproc::oid::regprocedure, ', ' ORDER BY amprocnum,
                                  amproc::oid::regprocedure::text) FROM pg_amproc WHERE amprocfamily = f.oid))
    FROM pg_opfamily f JOIN pg_am a ON a.oid = opfmethod
    WHERE opfnamespace = THE_SCHEMA AND NOT_OF_EXTENSION(f.oid)
"""

# Casts have no schema: those from or to a type of the schema are its own.
CASTS = """
    SELECT 'cast', format_type(castsource, NULL) || ' as ' || format_type(casttarget, NULL),
           concat_ws(' ', 'context', castcontext, 'method', castmethod, 'BY ' || nullif(castfunc, 0)::regprocedure)
    FROM pg_cast c JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget
    WHERE THE_SCHEMA IN (s.typnamespace, t.typnamespace)
      AND NOT_OF_EXTENSION(c.oid)
"""

QUERIES = (FUNCTIONS, OPERATORS, OPERATOR_CLASSES, CASTS)
