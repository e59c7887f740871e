"""What somebody does to functions, types and what surrounds a schema."""

OF_PROGRAMS: tuple[tuple[str, tuple[str, str]], ...] = (
    (
        "CREATE OR REPLACE FUNCTION greet(who text, mark text DEFAULT '?') RETURNS text LANGUAGE sql IMMUTABLE"
        " AS 'SELECT who || mark'",
        ("function", "greet(who text, mark text)"),
    ),
    ("ALTER FUNCTION greet STRICT", ("function", "greet(who text, mark text)")),
    ("ALTER FUNCTION greet SECURITY DEFINER", ("function", "greet(who text, mark text)")),
    ("ALTER FUNCTION greet LEAKPROOF", ("function", "greet(who text, mark text)")),
    ("ALTER FUNCTION greet PARALLEL SAFE", ("function", "greet(who text, mark text)")),
    ("ALTER FUNCTION greet SET search_path = ''", ("function", "greet(who text, mark text)")),
    ("DROP FUNCTION greet", ("function", "greet(who text, mark text)")),
    ("CREATE FUNCTION extra() RETURNS int LANGUAGE sql AS 'SELECT 1'", ("function", "extra()")),
    (
        "CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        ("function", "touch()"),
    ),
    ("CREATE OR REPLACE PROCEDURE tidy() LANGUAGE sql AS 'SELECT 2'", ("procedure", "tidy()")),
    ("DROP PROCEDURE tidy", ("procedure", "tidy()")),
    (
        "CREATE OR REPLACE AGGREGATE total(int) (SFUNC = int4mul, STYPE = int, INITCOND = '0')",
        ("aggregate", "total(integer)"),
    ),
    (
        "CREATE OR REPLACE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '1')",
        ("aggregate", "total(integer)"),
    ),
    (
        "CREATE OR REPLACE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0', FINALFUNC = int4abs)",
        ("aggregate", "total(integer)"),
    ),
    ("DROP AGGREGATE total(int)", ("aggregate", "total(integer)")),
    ("ALTER DOMAIN percent DROP CONSTRAINT percent_check", ("domain", "percent")),
    ("ALTER DOMAIN word SET DEFAULT 'y'", ("domain", "word")),
    ("ALTER DOMAIN word RENAME CONSTRAINT ck_word TO ck_other", ("domain", "word")),
    (
        "ALTER DOMAIN word DROP CONSTRAINT ck_word; ALTER DOMAIN word ADD CONSTRAINT ck_word CHECK (VALUE <> '')"
        " NOT VALID",
        ("domain", "word"),
    ),
    (
        "DROP DOMAIN word; CREATE DOMAIN word AS varchar(10) DEFAULT 'x' CONSTRAINT ck_word CHECK (VALUE <> '')",
        ("domain", "word"),
    ),
    (
        "DROP TYPE span; CREATE TYPE span AS RANGE (SUBTYPE = float8)",
        ("range", "span"),
    ),
    (
        "DROP TYPE span; CREATE TYPE span AS RANGE (SUBTYPE = numeric, MULTIRANGE_TYPE_NAME = spans)",
        ("range", "span"),
    ),
    (
        "DROP TYPE spell; CREATE TYPE spell AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi)",
        ("range", "spell"),
    ),
    ("DROP TYPE span", ("range", "span")),
    ('ALTER TYPE address ALTER ATTRIBUTE street TYPE text COLLATE "C"', ("composite type", "address")),
    ("ALTER TYPE address ADD ATTRIBUTE city text", ("composite type", "address")),
    ("ALTER TYPE mood RENAME VALUE 'busy' TO 'hectic'", ("enum", "mood")),
    ("CREATE TYPE extra AS ENUM ()", ("enum", "extra")),
    ("CREATE TYPE extra", ("type", "extra")),
    ("DROP OPERATOR === (int, int)", ("operator", "===(integer,integer)")),
    ("ALTER OPERATOR === (int, int) SET (RESTRICT = eqsel)", ("operator", "===(integer,integer)")),
    (
        "DROP OPERATOR === (int, int); CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4ne)",
        ("operator", "===(integer,integer)"),
    ),
    ("DROP OPERATOR CLASS by_size USING btree", ("operator class", "by_size for btree")),
    (
        "ALTER OPERATOR FAMILY by_size USING btree ADD OPERATOR 5 > (int, int)",
        ("operator family", "by_size for btree"),
    ),
    ("DROP CAST (address AS text)", ("cast", "address as text")),
    (
        "DROP CAST (address AS text); CREATE CAST (address AS text) WITH FUNCTION spelled(address) AS IMPLICIT",
        ("cast", "address as text"),
    ),
    ("CREATE CAST (bigint AS mood) WITH INOUT", ("cast", "bigint as mood")),
    ("DROP COLLATION plainly", ("collation", "plainly")),
    (
        "DROP COLLATION plainly; CREATE COLLATION plainly (provider = libc, locale = 'POSIX')",
        ("collation", "plainly"),
    ),
    ("DROP CONVERSION latin", ("conversion", "latin")),
    (
        "ALTER TEXT SEARCH CONFIGURATION plain ALTER MAPPING REPLACE words WITH simple",
        ("text search configuration", "plain"),
    ),
    (
        "ALTER TEXT SEARCH CONFIGURATION plain DROP MAPPING FOR asciiword",
        ("text search configuration", "plain"),
    ),
    ("DROP TEXT SEARCH CONFIGURATION plain", ("text search configuration", "plain")),
    ("ALTER TEXT SEARCH DICTIONARY words (ACCEPT = false)", ("text search dictionary", "words")),
    ("DROP TEXT SEARCH PARSER letters", ("text search parser", "letters")),
    ("DROP TEXT SEARCH TEMPLATE stems", ("text search template", "stems")),
)
OF_SURROUNDINGS: tuple[tuple[str, tuple[str, str]], ...] = (
    ("ALTER EVENT TRIGGER watch DISABLE", ("event trigger", "watch")),
    ("DROP EVENT TRIGGER watch", ("event trigger", "watch")),
    (
        "CREATE EVENT TRIGGER extra ON sql_drop EXECUTE FUNCTION watched()",
        ("event trigger", "extra"),
    ),
    ("DROP PUBLICATION news", ("publication", "news")),
    ("CREATE PUBLICATION extra FOR ALL TABLES", ("publication", "extra")),
    ("ALTER PUBLICATION news SET (publish = 'insert')", ("publication", "news")),
    ("ALTER PUBLICATION news ADD TABLE makers", ("publication", "news")),
    ("ALTER PUBLICATION news SET TABLE published WHERE (id > 5)", ("publication", "news")),
    ("ALTER PUBLICATION news SET TABLE published (id)", ("publication", "news")),
    ("ALTER PUBLICATION news ADD TABLES IN SCHEMA public", ("publication", "news")),
    ("ALTER SUBSCRIPTION feed SET PUBLICATION other WITH (refresh = false)", ("subscription", "feed")),
    ("ALTER SERVER elsewhere OPTIONS (host 'a')", ("foreign server", "elsewhere")),
    ("CREATE SERVER extra FOREIGN DATA WRAPPER files", ("foreign server", "extra")),
    ("ALTER FOREIGN DATA WRAPPER files OPTIONS (a 'b')", ("foreign-data wrapper", "files")),
    ("DROP LANGUAGE pl", ("language", "pl")),
    ("DROP ACCESS METHOD heaps", ("access method", "heaps")),
    ("DROP CAST (bigint AS uuid)", ("cast between built-in types", "bigint as uuid")),
    ("CREATE CAST (int AS uuid) WITH INOUT", ("cast between built-in types", "integer as uuid")),
)
