"""What is told without being drift, and what nobody looks at, by the name under which it is listed."""

OF_NOTES: tuple[tuple[str, tuple[str, str]], ...] = (
    ("ALTER TABLE makers ALTER name SET STATISTICS 500", ("statistics target", "makers.name")),
    (
        "ALTER INDEX ix_makers_lower ALTER 1 SET STATISTICS 500",
        ("statistics target", "ix_makers_lower.lower"),
    ),
    ("ALTER STATISTICS st_makers SET STATISTICS 500", ("statistics target", "makers.st_makers")),
    ("ALTER TABLE makers SET (toast.autovacuum_enabled = false)", ("toast options", "makers")),
    ("ALTER FUNCTION greet COST 5", ("cost and rows", "greet(who text, mark text)")),
    ("ALTER FUNCTION many ROWS 5", ("cost and rows", "many()")),
    ("ALTER DATABASE CURRENT_NAME SET work_mem = '9MB'", ("database setting", "work_mem")),
    ("COMMENT ON FUNCTION greet IS NULL", ("comment on function", "greet(text,text)")),
    ("COMMENT ON INDEX ix_makers_name IS 'for nothing'", ("comment on index", "ix_makers_name")),
    ("COMMENT ON VIEW cheap IS 'x'", ("comment on view", "cheap")),
    ("COMMENT ON TRIGGER touch_makers ON makers IS 'x'", ("comment on trigger", "touch_makers on makers")),
    (
        "COMMENT ON CONSTRAINT ck_makers_code ON makers IS 'x'",
        ("comment on table constraint", "ck_makers_code on makers"),
    ),
    ("COMMENT ON TYPE mood IS 'x'", ("comment on type", "mood")),
    ("COMMENT ON SEQUENCE numbers IS 'x'", ("comment on sequence", "numbers")),
    ("COMMENT ON POLICY only_mine ON products IS 'x'", ("comment on policy", "only_mine on products")),
)
NOT_COMPARED: tuple[tuple[str, str], ...] = (
    ("ALTER TABLE makers OWNER TO pg_monitor", "owners"),
    ("ALTER FUNCTION greet OWNER TO pg_monitor", "owners"),
    ("GRANT SELECT ON makers TO PUBLIC", "grants and default privileges"),
    ("GRANT UPDATE (name) ON makers TO pg_monitor", "grants and default privileges"),
    (
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO pg_monitor",
        "grants and default privileges",
    ),
    ("REVOKE EXECUTE ON FUNCTION greet FROM PUBLIC", "grants and default privileges"),
    ("CREATE ROLE somebody_new", "roles and their settings"),
    ("ALTER ROLE CURRENT_USER SET work_mem = '9MB'", "roles and their settings"),
    ("CREATE SCHEMA beside; CREATE TABLE beside.extra (id int)", "other schemas"),
    ("INSERT INTO parents (b) VALUES ('x')", "rows"),
    ("TRUNCATE children", "rows"),
    ("SELECT nextval('makers_id_seq')", "where a sequence stands, unless it is behind its data"),
    ("ALTER SEQUENCE numbers RESTART 500", "where a sequence stands, unless it is behind its data"),
    ("ALTER TABLE makers DROP capital; ALTER TABLE makers ADD capital numeric(20,4)", "the order of columns"),
    (
        "ALTER TABLE children NO INHERIT parents; ALTER TABLE children INHERIT parents",
        "which inherited columns and constraints a table declares itself, too",
    ),
    (
        "CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (user 'x')",
        "user mappings, and how a subscription connects",
    ),
    (
        "ALTER SUBSCRIPTION feed CONNECTION 'dbname=other'",
        "user mappings, and how a subscription connects",
    ),
    ("SELECT pg_replication_origin_create('x')", "replication slots and origins"),
    ("SELECT lo_create(0)", "large objects"),
    ("CREATE TEMPORARY TABLE extra (id int)", "temporary tables"),
    ("ANALYZE makers", "collected statistics"),
    ("COMMENT ON SCHEMA public IS 'x'", "comments on what has no schema"),
    ("COMMENT ON EVENT TRIGGER watch IS 'x'", "comments on what has no schema"),
    (
        "ALTER DATABASE CURRENT_NAME CONNECTION LIMIT 50",
        "the database's own properties: its connection limit, whether it lets anybody in",
    ),
)
NOT_COMPARED_SINCE_18 = (
    ("ALTER TABLE makers RENAME CONSTRAINT makers_code_not_null TO nn", "the names of NOT NULL constraints"),
)
# What no transaction can try: a label needs its provider, a tablespace and a server's settings its disk, extensions
# have to be there.
UNTRIED = (
    "security labels",
    "tablespaces",
    "settings of the server",
    "extensions, their versions and what they brought",
)
