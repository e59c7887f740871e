"""Tables and what hangs on them: columns, constraints, indexes, triggers, rules, policies, sequences, comments."""

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
               'of ' || CASE WHEN reloftype <> 0 THEN format_type(reloftype, NULL) END,
               (SELECT concat_ws(' ', 'server', srvname, 'options ' || array_to_string(ftoptions, ', '))
                FROM pg_foreign_table JOIN pg_foreign_server s ON s.oid = ftserver WHERE ftrelid = c.oid),
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
                              WHERE option NOT LIKE 'pg_attver=%'),
               'OF THE SERVER ' || array_to_string(attfdwoptions, ', '))
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    JOIN pg_type t ON t.oid = atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = attnum
    WHERE IN_SCHEMA AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT_OF_EXTENSION(c.oid)
"""

# From PostgreSQL 18 on, NOT NULL has constraints of its own; the column says it already, unless there is more to say.
# A constraint's own triggers enforce it, on both tables: DISABLE TRIGGER ALL leaves it in place and unenforced.
CONSTRAINTS = """
    SELECT CASE contype WHEN 'c' THEN 'check' WHEN 'f' THEN 'foreign key' WHEN 'p' THEN 'primary key'
                        WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion' ELSE 'constraint' END,
           relname || '.' || conname,
           pg_get_constraintdef(k.oid, true) || CASE WHEN convalidated THEN '' ELSE ' (not valid)' END
               || coalesce(' (not enforced: triggers ' || states || ')', '')
    FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
    LEFT JOIN (SELECT tgconstraint, string_agg(DISTINCT tgenabled::text, ', ') AS states
               FROM pg_trigger WHERE tgenabled <> 'O' GROUP BY tgconstraint) AS switched ON tgconstraint = k.oid
    WHERE IN_SCHEMA AND contype <> 't' AND (contype <> 'n' OR NOT convalidated OR connoinherit)
"""

INDEXES = """
    SELECT 'index', i.relname,
           concat_ws(' ', pg_get_indexdef(i.oid, 0, true), CASE WHEN NOT indisvalid THEN 'INVALID' END,
               CASE WHEN NOT indisready THEN 'NOT READY' END, CASE WHEN NOT indislive THEN 'NOT LIVE' END,
               CASE WHEN indisclustered THEN 'CLUSTERED' END, CASE WHEN indisreplident THEN 'REPLICA IDENTITY' END)
    FROM pg_index x JOIN pg_class i ON i.oid = indexrelid
    JOIN (SELECT oid FROM pg_class WHERE IN_SCHEMA) c ON c.oid = indrelid
"""

# A partition's triggers are its parent's, until one is switched off there.
TRIGGERS = """
    SELECT 'trigger', relname || '.' || tgname,
           pg_get_triggerdef(t.oid, true)
               || CASE tgenabled WHEN 'O' THEN '' ELSE ' (enabled: ' || tgenabled::text || ')' END
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
    WHERE IN_SCHEMA AND NOT tgisinternal
      AND (tgparentid = 0 OR tgenabled <> (SELECT tgenabled FROM pg_trigger p WHERE p.oid = t.tgparentid))
"""

SEQUENCES = """
    SELECT 'sequence', relname,
           concat_ws(' ', CASE relpersistence WHEN 'u' THEN 'UNLOGGED' END,
               format_type(seqtypid, NULL), 'START', seqstart, 'INCREMENT', seqincrement, 'MIN', seqmin,
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
    SELECT 'rule', relname || '.' || rulename,
           pg_get_ruledef(r.oid, true)
               || CASE ev_enabled WHEN 'O' THEN '' ELSE ' (enabled: ' || ev_enabled::text || ')' END
    FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class WHERE IN_SCHEMA AND rulename <> '_RETURN'
    UNION ALL
    SELECT 'statistics', relname || '.' || stxname,
           pg_get_statisticsobjdef_columns(s.oid) || ' ' || array_to_string(stxkind, ',')
    FROM pg_statistic_ext s JOIN pg_class c ON c.oid = stxrelid WHERE IN_SCHEMA
"""

# Those of everything else are notes.
COMMENTS = """
    SELECT 'comment', 'relation ' || relname || coalesce('.' || attname, ''), description
    FROM pg_description m JOIN pg_class c ON c.oid = objoid
    LEFT JOIN pg_attribute a ON attrelid = objoid AND attnum = objsubid AND objsubid > 0
    WHERE classoid = 'pg_class'::regclass AND IN_SCHEMA AND NOT_OF_EXTENSION(c.oid)
      AND (objsubid > 0 OR relkind IN ('r', 'p', 'f'))
"""

OF_ONE_TABLE = (RELATIONS, COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, POLICIES_RULES_STATISTICS)
QUERIES = (*OF_ONE_TABLE, SEQUENCES, COMMENTS)
