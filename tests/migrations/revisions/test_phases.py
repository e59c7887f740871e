"""What a revision does to code that runs meanwhile is derived from its SQL, whatever its docstring says."""

import pytest

from migrations.release_step.revisions import linting, statements
from migrations.release_step.revisions.scope import Scope
from tests.migrations.conftest import Database, Release
from tests.migrations.projects import Project

pytestmark = pytest.mark.release

BEFORE = """
    CREATE TABLE t (id bigint PRIMARY KEY, a text, kind text, b integer,
        CONSTRAINT ck_t_kind CHECK (kind IN ('x', 'y')), CONSTRAINT ck_t_b CHECK (b > 0 AND b < 9),
        CONSTRAINT ck_t_a CHECK (a IS NOT NULL));
    CREATE TABLE u (id bigint PRIMARY KEY);
    CREATE FUNCTION judge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
    CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
"""


def broken(sql: str, phase: str = "expand", down: str = "SELECT 1") -> set[str]:
    scope = Scope({}, {})
    list(linting.of_statements(list(statements.split(BEFORE)), [], scope, "expand"))
    up, back = list(statements.split(sql)), list(statements.split(down))
    return {rule for rule, _ in linting.of_statements(up, back, scope.next(), phase)}


REFUSALS = [
    "ALTER TABLE t ADD CONSTRAINT c CHECK (b > 1)",
    "ALTER TABLE t ADD CONSTRAINT c CHECK (b > 1) NOT VALID",
    "ALTER TABLE t ADD CHECK (b > 1) NOT VALID",
    'ALTER TABLE ONLY public."t" ADD CONSTRAINT c CHECK (b > 1) NOT VALID',
    "ALTER TABLE IF EXISTS t ADD COLUMN c text, ADD CONSTRAINT d CHECK (c <> a) NOT VALID",
    "ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)",
    "ALTER TABLE t ADD CONSTRAINT c UNIQUE NULLS NOT DISTINCT (a)",
    "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (b) REFERENCES u (id) NOT VALID",
    "ALTER TABLE t ADD CONSTRAINT c EXCLUDE USING gist (a WITH =)",
    "ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY (a)",
    "ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX i",
    "ALTER TABLE t ADD CONSTRAINT c NOT NULL b NOT VALID",
    "ALTER TABLE t ALTER CONSTRAINT c NOT DEFERRABLE",
    "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
    "CREATE UNIQUE INDEX i ON t (lower(a)) WHERE b > 1",
    "CREATE UNIQUE INDEX ON t USING btree (a, b)",
    "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "CREATE OR REPLACE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "CREATE CONSTRAINT TRIGGER g AFTER INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION f()",
    "ALTER TABLE t ENABLE TRIGGER g",
    "ALTER TABLE t ENABLE ALWAYS TRIGGER g",
    "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION e()",
    "CREATE RULE r AS ON INSERT TO t DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
    "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ASSERT NEW.b > 1; RETURN NEW; END $$",
    "CREATE POLICY p ON t USING (b > 1)",
    "ALTER POLICY p ON t USING (b > 1)",
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE t FORCE ROW LEVEL SECURITY",
    "ALTER TABLE t ALTER COLUMN b SET NOT NULL",
    "ALTER TABLE t ALTER b SET NOT NULL",
    "ALTER TABLE t ALTER COLUMN b DROP DEFAULT",
    "ALTER TABLE t ALTER b SET DEFAULT NULL",
    "ALTER TABLE t ALTER COLUMN id DROP IDENTITY",
    "ALTER TABLE t ALTER COLUMN id SET GENERATED ALWAYS",
    "ALTER TABLE t ALTER COLUMN b ADD GENERATED ALWAYS AS IDENTITY",
    "ALTER TABLE t ALTER COLUMN b TYPE bigint",
    "ALTER TABLE t ALTER b SET DATA TYPE varchar(3)",
    "ALTER TABLE t ADD COLUMN c text NOT NULL",
    "ALTER TABLE t ADD c text NOT NULL",
    "ALTER TABLE t ADD COLUMN c text NOT NULL DEFAULT NULL",
    "ALTER TABLE t ADD COLUMN c bigint PRIMARY KEY",
    "ALTER TABLE t ADD COLUMN c text; ALTER TABLE t ALTER COLUMN c SET NOT NULL",
    "ALTER TABLE t ADD COLUMN c text NOT NULL DEFAULT ''; ALTER TABLE t ALTER COLUMN c DROP DEFAULT",
    "ALTER TABLE t ADD COLUMN c text CHECK (c <> a)",
    "ALTER TABLE t ADD COLUMN c text CHECK (c IS NOT NULL)",
    "ALTER TABLE t ADD COLUMN c text; ALTER TABLE t ADD CONSTRAINT d CHECK (coalesce(c, '') <> '')",
    "ALTER TABLE t DROP CONSTRAINT ck_t_kind;"
    " ALTER TABLE t ADD CONSTRAINT ck_t_kind CHECK (kind IN ('x', 'z')) NOT VALID",
    "ALTER TABLE t DROP CONSTRAINT ck_t_b; ALTER TABLE t ADD CONSTRAINT ck_t_b CHECK (b > 1 AND b < 9) NOT VALID",
    "ALTER TABLE t DROP CONSTRAINT ck_t_kind; ALTER TABLE t ADD CONSTRAINT ck_t_kind CHECK (b IN ('x', 'y', 'z'))",
    "ALTER TABLE t DROP CONSTRAINT ck_t_kind;"
    " ALTER TABLE t ADD CONSTRAINT ck_t_kind CHECK (kind IN ('x', 'y', 'z') AND b > 1)",
    "ALTER TABLE t OWNER TO somebody",
    "ALTER TABLE t INHERIT u",
    "ALTER TABLE p ATTACH PARTITION t FOR VALUES IN (1)",
    "ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 1) NOT VALID",
    "ALTER DOMAIN d SET NOT NULL",
    "ALTER DOMAIN d DROP DEFAULT",
    "ALTER TYPE y ALTER ATTRIBUTE a TYPE bigint",
    "ALTER SEQUENCE s MAXVALUE 9",
    "REVOKE INSERT ON t FROM app",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM app",
    "REVOKE app FROM somebody",
    "DO $$ BEGIN IF true THEN ALTER TABLE t ADD CONSTRAINT c CHECK (b > 1) NOT VALID; END IF; END $$",
    "DO 'BEGIN ALTER TABLE t ALTER b SET NOT NULL; END'",
    "DO $$ BEGIN ALTER TABLE t ADD COLUMN c text;"
    " ALTER TABLE t ADD CHECK (CASE WHEN c IS NULL THEN b > 1 ELSE true END); END $$",
    "/* new */ ALTER -- a remark\n TABLE t\n ADD CONSTRAINT c CHECK (b > 1)",
    "ALTER TABLE t ALTER COLUMN a SET DEFAULT E'it\\'s;'; ALTER TABLE t ADD CHECK (b > 1)",
]
REMOVALS = [
    "DROP TABLE t",
    "DROP TABLE IF EXISTS v, t CASCADE",
    "DROP VIEW v",
    "DROP MATERIALIZED VIEW v",
    "DROP SCHEMA s CASCADE",
    "DROP TYPE y",
    "DROP DOMAIN d",
    "DROP SEQUENCE s",
    "DROP FUNCTION f()",
    "DROP EXTENSION pg_trgm",
    "DROP TRIGGER g ON t",
    "ALTER TABLE t DROP COLUMN a",
    "ALTER TABLE t DROP a",
    "ALTER TABLE t ADD COLUMN c text, DROP IF EXISTS a CASCADE",
    "ALTER TABLE t RENAME COLUMN a TO c",
    "ALTER TABLE t RENAME a TO c",
    "ALTER TABLE t RENAME TO v",
    "ALTER TABLE t SET SCHEMA s",
    "ALTER TYPE y RENAME VALUE 'a' TO 'b'",
    "ALTER VIEW v SET SCHEMA s",
    "DO $$ BEGIN DROP TABLE t; END $$",
]
LOSSES = [
    "TRUNCATE t",
    "TRUNCATE TABLE ONLY u, public.t RESTART IDENTITY CASCADE",
    "DELETE FROM t WHERE id = 1",
    "WITH gone AS (DELETE FROM t RETURNING id) SELECT count(*) FROM gone",
    "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE",
    "ALTER TABLE t DETACH PARTITION v",
    "DO $$ BEGIN IF true THEN DELETE FROM t; END IF; END $$",
    "DO $$ BEGIN -- it's\n TRUNCATE t; -- it's\n END $$",
    "EXPLAIN ANALYZE DELETE FROM t",
]
HARMLESS = [
    "ALTER TABLE t ADD COLUMN c text",
    "ALTER TABLE t ADD COLUMN c text DEFAULT '' NOT NULL",
    "ALTER TABLE t ADD COLUMN c text; ALTER TABLE t ALTER c SET DEFAULT ''; ALTER TABLE t ALTER c SET NOT NULL",
    "ALTER TABLE t ADD COLUMN c bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL",
    "ALTER TABLE t ADD COLUMN c text GENERATED ALWAYS AS (lower(a)) STORED",
    "ALTER TABLE t ADD COLUMN c text; ALTER TABLE t ADD CONSTRAINT d CHECK (c IN ('a', 'b')) NOT VALID",
    "ALTER TABLE t ADD COLUMN c text CHECK (length(c) > 2 AND c::text <> 'b')",
    "ALTER TABLE t ADD COLUMN c text; CREATE UNIQUE INDEX i ON t (lower(c))",
    "ALTER TABLE t ADD COLUMN c bigint REFERENCES u (id)",
    "ALTER TABLE t ADD COLUMN c bigint; ALTER TABLE t ADD CONSTRAINT d FOREIGN KEY (c) REFERENCES u (id) NOT VALID",
    "ALTER TABLE t ADD COLUMN c bigint; ALTER TABLE t DROP COLUMN c",
    "ALTER TABLE t VALIDATE CONSTRAINT ck_t_kind",
    "ALTER TABLE t DROP CONSTRAINT ck_t_kind",
    "ALTER TABLE t DROP CONSTRAINT ck_t_kind; ALTER TABLE t ADD CONSTRAINT ck_t_kind CHECK (kind IN ('x', 'y', 'z'))",
    "ALTER TABLE t DROP CONSTRAINT ck_t_kind;"
    " ALTER TABLE t ADD CONSTRAINT ck_t_kind CHECK ((kind)::text = ANY (ARRAY['x'::text, 'y'::text, 'z'::text]))",
    "ALTER TABLE t DROP CONSTRAINT ck_t_b; ALTER TABLE t ADD CONSTRAINT ck_t_b CHECK (b > 0 AND b < 9) NOT VALID",
    "ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX i",
    "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
    "ALTER TABLE t ALTER COLUMN b DROP NOT NULL",
    "ALTER TABLE t ALTER COLUMN b SET DEFAULT 1",
    "ALTER TABLE t ALTER COLUMN b SET STATISTICS 100",
    "ALTER TABLE t SET (fillfactor = 70)",
    "ALTER TABLE t RENAME CONSTRAINT ck_t_b TO ck_t_c",
    "CREATE TABLE v (id bigint NOT NULL CHECK (id > 1) REFERENCES u (id)); CREATE UNIQUE INDEX i ON v (id);"
    " CREATE TRIGGER g BEFORE INSERT ON v FOR EACH ROW EXECUTE FUNCTION f(); ALTER TABLE v ADD CHECK (id < 9);"
    " ALTER TABLE v ALTER id TYPE text; INSERT INTO v SELECT id FROM u; DELETE FROM v; DROP TABLE v",
    "CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;"
    " REVOKE EXECUTE ON FUNCTION g() FROM PUBLIC; DROP FUNCTION g()",
    "CREATE OR REPLACE FUNCTION judge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$",
    "CREATE INDEX i ON t (a)",
    "CREATE VIEW v AS SELECT a FROM t",
    "ALTER TYPE y ADD VALUE 'c'",
    "ALTER DOMAIN d VALIDATE CONSTRAINT c",
    "GRANT SELECT ON t TO app",
    "GRANT EXECUTE ON FUNCTION f() TO app",
    "COMMENT ON TABLE t IS 'DELETE FROM t; DROP TABLE t'",
    "INSERT INTO t (id, a) VALUES (1, 'TRUNCATE t')",
    "INSERT INTO t (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET a = ''",
    "SET LOCAL work_mem = '64MB'; CREATE INDEX i ON t (a)",
    "DROP INDEX CONCURRENTLY i",
    "DO $$ BEGIN RAISE NOTICE 'DELETE FROM t'; END $$",
]
ALWAYS = [
    ("ALTER TABLE t DISABLE TRIGGER ALL", "disables-trigger"),
    ("ALTER TABLE t DISABLE TRIGGER stamp_row", "disables-trigger"),
    ("ALTER TABLE t DISABLE RULE r", "disables-trigger"),
    ("SET session_replication_role = replica", "disables-trigger"),
    ("DROP TRIGGER stamp_row ON t", "drops-history"),
    ("DROP TRIGGER IF EXISTS keep_updated ON t", "drops-history"),
    ("DROP TRIGGER keep_deleted ON t", "drops-history"),
    ("DROP TRIGGER refuse_truncate ON t", "drops-history"),
    ("ALTER TRIGGER stamp_row ON t RENAME TO g", "drops-history"),
    ("DROP FUNCTION keep_versions() CASCADE", "drops-history"),
    ("ALTER TABLE t SET UNLOGGED", "unlogged"),
    ("CREATE UNLOGGED TABLE v (id bigint)", "unlogged"),
    ("DO $$ BEGIN UPDATE t SET a = ''; END $$", "unbounded-write"),
    (
        "DO $$ BEGIN FOR r IN SELECT 1 LOOP INSERT INTO t (id) SELECT id FROM u; END LOOP; END $$",
        "unbounded-write",
    ),
    ("WITH w AS (UPDATE t AS x SET a = '' RETURNING id) SELECT 1 FROM w", "unbounded-write"),
    ("MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = ''", "unbounded-write"),
    ("INSERT INTO t (id) SELECT id FROM u", "unbounded-write"),
    ("INSERT INTO t WITH w AS (TABLE u) TABLE w", "unbounded-write"),
    ("COPY t FROM PROGRAM 'cat'", "unbounded-write"),
    ("UPDATE ONLY t * SET a = ''", "unbounded-write"),
    ("DO $$ BEGIN EXECUTE 'DROP TABLE ' || 't'; END $$", "opaque"),
    ("DO $$ BEGIN IF true THEN EXECUTE format('DROP TABLE %I', 't'); END IF; END $$", "opaque"),
    ("CALL p()", "opaque"),
    ("PREPARE s AS SELECT 1; EXECUTE s", "opaque"),
    ("IMPORT FOREIGN SCHEMA s FROM SERVER x INTO y", "opaque"),
    ("SECURITY LABEL ON TABLE t IS ''", "opaque"),
    ("REFRESH MATERIALIZED VIEW v", "refresh"),
    ("SET ROLE somebody", "role"),
    ("SET LOCAL ROLE somebody", "role"),
    ("RESET ROLE", "role"),
    ("SET SESSION AUTHORIZATION somebody", "role"),
    ("DO $$ BEGIN SET ROLE somebody; END $$", "role"),
    ("ALTER SYSTEM SET work_mem = '1GB'", "server-settings"),
    ("ALTER DATABASE d SET work_mem = '1GB'", "server-settings"),
    ("CREATE ROLE somebody", "server-settings"),
    ("SET lock_timeout = 0", "settings"),
    ("SET LOCAL statement_timeout = 0", "settings"),
    ("SET SESSION search_path = s", "settings"),
    ("RESET ALL", "settings"),
    ("DISCARD ALL", "settings"),
    ("SELECT set_config('lock_timeout', '0', false)", "settings"),
    ("DO $$ BEGIN PERFORM set_config('lock_timeout', '0', false); END $$", "settings"),
    ("SELECT pg_catalog.set_config ( 'search_path', 's', true)", "settings"),
    ("SELECT pg_advisory_unlock_all()", "release-lock"),
]


@pytest.mark.parametrize("sql", REFUSALS)
def test_a_new_refusal_of_old_writes_is_no_expansion(sql: str) -> None:
    for phase in ("expand", "backfill"):
        assert "refuses-old-code" in broken(sql, phase)
    assert "refuses-old-code" not in broken(sql, "contract")


@pytest.mark.parametrize("sql", REMOVALS)
def test_what_old_code_reads_is_removed_by_a_contract_only(sql: str) -> None:
    for phase in ("expand", "backfill"):
        assert "phase" in broken(sql, phase)
    assert "phase" not in broken(sql, "contract")


@pytest.mark.parametrize("sql", LOSSES)
def test_data_is_lost_by_a_contract_only(sql: str) -> None:
    for phase in ("expand", "backfill"):
        assert "loses-data" in broken(sql, phase)
    assert "loses-data" not in broken(sql, "contract")


@pytest.mark.parametrize("sql", HARMLESS)
def test_what_leaves_old_code_alone_is_an_expansion(sql: str) -> None:
    assert broken(sql) == set()


@pytest.mark.parametrize(("sql", "rule"), ALWAYS)
def test_what_no_revision_does_is_seen_in_every_phase(sql: str, rule: str) -> None:
    assert rule in broken(sql, "expand")
    assert rule in broken(sql, "contract")


def test_a_downgrade_does_not_reach_beyond_the_schema_either() -> None:
    assert broken("CREATE TABLE v (id bigint)", down="SET ROLE somebody; DROP TABLE v") == {"role"}


@pytest.mark.parametrize(
    "up",
    [
        'op.create_check_constraint("c", "first", "a <> \'\'", postgresql_not_valid=True)',
        "op.execute(\"CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN ASSERT false; END'\")\n"
        'op.execute("CREATE TRIGGER no BEFORE INSERT ON first FOR EACH ROW EXECUTE FUNCTION no()")',
        'op.execute("TRUNCATE first")',
    ],
    ids=["check", "trigger", "truncate"],
)
def test_what_old_code_would_break_on_is_neither_accepted_nor_run(
    project: Project, release: Release, ask: Database, up: str
) -> None:
    project.table("first")
    assert release("lint", "--accept").exit_code == 0
    assert release("upgrade").exit_code == 0
    project.revision(up, "op.execute('SELECT 1')", phase="expand")

    linted, refused = release("lint", "--accept"), release("upgrade")

    assert (linted.exit_code, linted.code) == (7, "MIG-STATE-06")
    assert (refused.exit_code, refused.code) == (8, "MIG-SAFE-20")
    assert ask.revision() == "0001aaaa"
