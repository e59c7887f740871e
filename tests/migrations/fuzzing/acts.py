"""What a generated revision may do: statements with their inverse, and the ways in which a revision says them."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

# What every generated revision finds.
BASE = """
CREATE TYPE mood AS ENUM ('calm', 'busy');
CREATE SEQUENCE numbers;
CREATE FUNCTION double(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x * 2';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TABLE first (id int PRIMARY KEY, a text, n numeric(20,4), w varchar(40), e text);
CREATE TABLE second (id int PRIMARY KEY, b text NOT NULL, mood mood,
    first_id int CONSTRAINT fk_second_first REFERENCES first DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE third (id int PRIMARY KEY, e text);
CREATE VIEW seen AS SELECT id, a FROM first;
INSERT INTO first SELECT n, 'a' || n, n * 1.25, 'w' || n FROM generate_series(1, 20) AS n;
INSERT INTO second SELECT n, 'b' || n, 'calm', n FROM generate_series(1, 10) AS n;
INSERT INTO third SELECT n FROM generate_series(1, 20) AS n;
"""


@dataclass(frozen=True, slots=True)
class Act:
    """A part of a revision: Python up and down, and SQL that does the same as what is up, where anything does."""

    up: str
    down: str = "pass"
    same: str = ""
    # Whether it does what a revision must not, so that it may be refused.
    is_wicked: bool = False


# Up, and back; {k} is a number of this act's own.
STATEMENTS: tuple[tuple[str, str], ...] = (
    ("CREATE TABLE t{k} (id bigint PRIMARY KEY, v text)", "DROP TABLE t{k}"),
    ("CREATE TABLE t{k} AS SELECT id, a FROM first", "DROP TABLE t{k}"),
    (
        "CREATE TABLE t{k} (id int GENERATED ALWAYS AS IDENTITY, v int CHECK (v > 0), d int GENERATED ALWAYS"
        " AS (v * 2) STORED); INSERT INTO t{k} (v) VALUES (1), (2)",
        "DROP TABLE IF EXISTS t{k} CASCADE",
    ),
    (
        "CREATE TABLE t{k} (day date, v int) PARTITION BY RANGE (day);"
        " CREATE TABLE t{k}_a PARTITION OF t{k} FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
        "DROP TABLE t{k}",
    ),
    ('CREATE TABLE "T {k}" ("V %" text DEFAULT \'100 %; -- no\')', 'DROP TABLE "T {k}"'),
    ("ALTER TABLE first ADD COLUMN c{k} text", "ALTER TABLE first DROP COLUMN c{k}"),
    ("ALTER TABLE first ADD c{k} int NOT NULL DEFAULT 7", "ALTER TABLE first DROP c{k}"),
    (
        "ALTER TABLE second ADD c{k} text, ADD d{k} date; UPDATE second SET c{k} = b WHERE id < 5",
        "ALTER TABLE second DROP c{k}, DROP d{k}",
    ),
    ("CREATE INDEX ix{k} ON first (a)", "DROP INDEX ix{k}"),
    ("CREATE UNIQUE INDEX ix{k} ON second (lower(b)) WHERE b IS NOT NULL", "DROP INDEX ix{k}"),
    (
        "ALTER TABLE first ADD CONSTRAINT ck{k} CHECK (n > 0) NOT VALID",
        "ALTER TABLE first DROP CONSTRAINT ck{k}",
    ),
    ("ALTER TABLE second ADD CONSTRAINT uq{k} UNIQUE (b)", "ALTER TABLE second DROP CONSTRAINT uq{k}"),
    (
        "ALTER TABLE third ADD r{k} int CONSTRAINT fk{k} REFERENCES first ON DELETE CASCADE",
        "ALTER TABLE third DROP r{k}",
    ),
    ("CREATE VIEW v{k} AS SELECT count(*) FROM second", "DROP VIEW v{k}"),
    ("CREATE MATERIALIZED VIEW v{k} AS SELECT id FROM second", "DROP MATERIALIZED VIEW v{k}"),
    ("CREATE SEQUENCE s{k} START 7 INCREMENT 3", "DROP SEQUENCE s{k}"),
    ("CREATE TYPE y{k} AS ENUM ('one', 'two')", "DROP TYPE y{k}"),
    ("CREATE DOMAIN o{k} AS int CHECK (VALUE > 0)", "DROP DOMAIN o{k}"),
    (
        "CREATE FUNCTION f{k}(x int DEFAULT 3) RETURNS int LANGUAGE plpgsql AS $f$ BEGIN"
        " /* ; */ RETURN x % 2; END $f$",
        "DROP FUNCTION f{k}(int)",
    ),
    (
        "CREATE TRIGGER g{k} BEFORE UPDATE ON third FOR EACH ROW EXECUTE FUNCTION touch()",
        "DROP TRIGGER g{k} ON third",
    ),
    ("CREATE POLICY p{k} ON third USING (id > 1)", "DROP POLICY p{k} ON third"),
    ("CREATE STATISTICS st{k} ON a, w FROM first", "DROP STATISTICS st{k}"),
    ("CREATE RULE r{k} AS ON DELETE TO second DO ALSO NOTHING", "DROP RULE r{k} ON second"),
    ("ALTER TABLE third ALTER e SET DEFAULT 'x{k}'", "ALTER TABLE third ALTER e DROP DEFAULT"),
    ("COMMENT ON TABLE second IS 'said {k}'", "COMMENT ON TABLE second IS NULL"),
    ("ALTER TABLE second SET (fillfactor = 7{d})", "ALTER TABLE second RESET (fillfactor)"),
    ("ALTER TABLE first RENAME w TO w{k}", "ALTER TABLE first RENAME w{k} TO w"),
    ("ALTER TABLE third RENAME TO third{k}", "ALTER TABLE third{k} RENAME TO third"),
    ("ALTER TABLE first ALTER n TYPE numeric(24,6)", "ALTER TABLE first ALTER n TYPE numeric(20,4)"),
    ("DROP VIEW seen", "CREATE VIEW seen AS SELECT id, a FROM first"),
    (
        "ALTER FUNCTION double(int) RENAME TO double{k}",
        "ALTER FUNCTION double{k}(int) RENAME TO double",
    ),
    ("INSERT INTO first (id, a) VALUES (10{k}, 'new')", "DELETE FROM first WHERE id = 10{k}"),
    ("INSERT INTO third SELECT id + 10{k}00 FROM second", "DELETE FROM third WHERE id > 10{k}00"),
    ("UPDATE first SET n = n + {k}", "UPDATE first SET n = n - {k}"),
    ("UPDATE third SET e = 'e{k}' WHERE id > {d}", "UPDATE third SET e = NULL"),
    ("DELETE FROM second WHERE id = {d}", "SELECT 1"),
    ("WITH gone AS (DELETE FROM third WHERE id < {d} RETURNING id) SELECT count(*) FROM gone", "SELECT 1"),
    (
        "MERGE INTO second USING first ON second.id = first.id WHEN MATCHED THEN UPDATE SET b = second.b || 'm'"
        " WHEN NOT MATCHED THEN DO NOTHING",
        "UPDATE second SET b = rtrim(b, 'm')",
    ),
    ("UPDATE second SET mood = 'busy' WHERE id = {d}", "UPDATE second SET mood = NULL WHERE id = {d}"),
    ("TRUNCATE second", "SELECT 1"),
    ("INSERT INTO third (id) VALUES (20{k})", "TRUNCATE third"),
    # What fails, at once or at the very end: the same must come of both.
    ("SELECT 1 / 0", "SELECT 1"),
    ("ALTER TABLE no_such ADD c int", "SELECT 1"),
    ("INSERT INTO first (id) VALUES (1)", "SELECT 1"),
    ("INSERT INTO second VALUES (90{k}, 'x', 'calm', 9999)", "DELETE FROM second WHERE id = 90{k}"),
    ("CREATE TABLE t{k} (id int", "SELECT 1"),
)
SETTINGS = (
    "SET lock_timeout = 0",
    "SET statement_timeout = '1h'",
    "SET LOCAL statement_timeout = '5s'",
    "SET search_path = public, pg_catalog",
    "SET LOCAL search_path = pg_catalog, public",
    "SET TIME ZONE 'Asia/Tokyo'",
    "SET client_min_messages = error",
    "SET standard_conforming_strings = off",
    "SET default_transaction_isolation = 'serializable'",
    "SET default_transaction_read_only = on",
    "SET check_function_bodies = off",
    "SET ROLE none",
    "SET idle_in_transaction_session_timeout = 0",
    "SET client_encoding = 'EUC_JP'",
    "SET DateStyle = 'German, DMY'",
    "SET CONSTRAINTS ALL IMMEDIATE",
    "RESET ALL",
    "DISCARD PLANS",
    "CREATE TEMP TABLE first (id int)",
    "SELECT set_config('search_path', 'public', false)",
    "PREPARE p AS SELECT 1",
    "DECLARE c CURSOR FOR SELECT 1",
    "LISTEN anything",
    "SELECT pg_advisory_lock(7)",
)
Saying = Callable[[str], str]


def plain(sql: str) -> str:
    return f"op.execute({sql!r})"


def _in_block(sql: str) -> str:
    """Each statement in a DO of its own words."""
    return f"op.execute({f'DO $do$ BEGIN EXECUTE $x${sql}$x$; END $do$'!r})"


def _within(head: str, sql: str) -> str:
    return f"{head}\n{textwrap.indent(plain(sql), '    ')}"


SAYINGS: tuple[tuple[int, Saying], ...] = (
    (8, plain),
    (2, _in_block),
    (2, lambda sql: f"op.get_bind().exec_driver_sql({sql!r}.replace('%', '%%'))"),
    (1, lambda sql: f"op.get_bind().execute(sa.text({sql!r}))"),
    (1, lambda sql: _within("with op.get_bind().begin_nested():", sql)),
    (1, lambda sql: _within("for _ in range(1):", sql)),
    (1, lambda sql: plain(f"SELECT 1; {sql} ; SELECT 2")),
    (1, lambda sql: plain(f"-- a word;\n/* and; more */ {sql}")),
    (1, lambda sql: _within("with op.get_context().autocommit_block():", sql)),
)


def saying(random: Random) -> Saying:
    """One way to say a statement."""
    weights, ways = zip(*SAYINGS, strict=True)
    return random.choices(ways, weights)[0]


def statement(random: Random, number: int) -> Act:
    """Something with its inverse, each said in some way."""
    digit = random.randint(1, 9)
    up, down = (sql.format(k=number, d=digit) for sql in random.choice(STATEMENTS))
    return Act(saying(random)(up), saying(random)(down), up)


def setting(random: Random, _number: int) -> Act:
    """Something that the session must have forgotten when the next revision begins."""
    return Act(plain(random.choice(SETTINGS)), is_wicked=True)


def undone(random: Random, number: int) -> Act:
    """Something that is taken back at once."""
    act = statement(random, number)
    return Act(f"op.execute('SAVEPOINT s')\n{act.up}\nop.execute('ROLLBACK TO s')", is_wicked=True)


def index(random: Random, number: int) -> Act:
    """An index by the helper, alone in its revision."""
    column, table = random.choice([("a", "first"), ("b", "second"), ("e", "third")])
    made = f"indexes.create(op, 'ix{number}', '{table}', ['{column}'])"
    same = f"CREATE INDEX ix{number} ON {table} ({column})"
    return Act(made, f"indexes.drop(op, 'ix{number}', '{table}')", same)


def backfill(random: Random, number: int) -> Act:
    """A backfill by the helper, in few or many batches."""
    table, batch = random.choice(["first", "third"]), random.choice([3, 7, 2000])
    words = f"{table!r}, set_=\"e = 'e{number}'\", where='e IS NULL', batch={batch}"
    run = f"backfills.run(op, backfills.Backfill({words}))"
    return Act(
        run, plain(f"UPDATE {table} SET e = NULL"), f"UPDATE {table} SET e = 'e{number}' WHERE e IS NULL"
    )
