"""What a revision must not do, and some do: end its transaction, drop the lock, touch the history, leave, swallow."""

from random import Random

from tests.migrations.fuzzing.acts import Act, plain, statement

OUTSIDE = "with op.get_context().autocommit_block():\n    "
# A transaction of its own, begun and ended where none is open: nothing forbids it, and it is done.
WHOLE = "BEGIN; CREATE TABLE half (id int); COMMIT"
# Words and calls that end what the release step has begun, or that it has to see through.
ENDINGS = (
    *map(
        plain,
        (
            "ROLLBACK",
            "COMMIT",
            "COMMIT; BEGIN",
            "ROLLBACK; BEGIN",
            "COMMIT AND CHAIN",
            "ROLLBACK AND CHAIN",
            "END",
            "ABORT",
            "/* why */ COMMIT",
            "-- why\nROLLBACK",
            "START TRANSACTION",
            "BEGIN",
            "SAVEPOINT a",
            "RELEASE SAVEPOINT nothing",
            "PREPARE TRANSACTION 'x'",
            "DO $$ BEGIN COMMIT; END $$",
            "SET TRANSACTION READ ONLY",
            "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
            "COMMIT; SELECT 1 / 0",
            "ROLLBACK; SELECT 1 / 0",
            "COMMIT; BEGIN; CREATE TABLE half (id int); SELECT 1 / 0",
        ),
    ),
    "op.get_bind().commit()",
    "op.get_bind().rollback()",
    "op.get_bind().close()",
    "op.get_bind().invalidate()",
    "op.get_bind().detach()",
    "op.get_bind().connection.driver_connection.commit()",
    "op.get_bind().connection.driver_connection.rollback()",
    "op.get_bind().connection.driver_connection.close()",
    "op.get_context()._transaction.commit()",
    "op.get_bind().commit()\nraise ValueError('after it')",
    "op.get_bind().begin_nested()",
    f"{OUTSIDE}op.execute('BEGIN')",
    f"{OUTSIDE}op.execute('DO $$ BEGIN PERFORM 1; COMMIT; END $$')",
    f"{OUTSIDE}op.execute('{WHOLE}')",
    f"{OUTSIDE}op.execute('SELECT 1 / 0')",
    f"{OUTSIDE}raise ValueError('outside')",
)
LOCKS = (
    plain("SELECT pg_advisory_unlock_all()"),
    f"{OUTSIDE}op.execute('DISCARD ALL')",
    f"{OUTSIDE}op.execute('SELECT pg_advisory_unlock_all()')",
    plain("SELECT pg_terminate_backend(pg_backend_pid())"),
    plain("SELECT pg_cancel_backend(pg_backend_pid())"),
)
OF_THE_HISTORY = (
    "UPDATE alembic_version SET version_num = 'zzzz'",
    "DELETE FROM alembic_version",
    "INSERT INTO alembic_version VALUES ('zzzz')",
    "DROP TABLE alembic_version",
    "ALTER TABLE alembic_version RENAME TO versions",
    "COMMENT ON TABLE alembic_version IS 'mine'",
    "CREATE TEMP TABLE alembic_version AS TABLE alembic_version",
    "CREATE SCHEMA other; CREATE TABLE other.alembic_version AS TABLE alembic_version;"
    " SET search_path = other, public",
    "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';"
    " CREATE TRIGGER keep BEFORE UPDATE ON alembic_version FOR EACH ROW EXECUTE FUNCTION keep()",
    "CREATE RULE r AS ON UPDATE TO alembic_version DO INSTEAD NOTHING",
)
# What follows is in another schema then, as the same SQL by hand would have it.
OF_THE_PATH = ("CREATE SCHEMA other; SET search_path = other, public", "SET search_path = pg_catalog")
LEAVING = (
    "raise ValueError('no')",
    "raise BaseException('no')",
    "raise KeyboardInterrupt",
    "raise GeneratorExit",
    "raise SystemExit(0)",
    "import sys\nsys.exit(0)",
    "import sys\nsys.exit(3)",
    "assert False",
    "{}['no']",
    "op.no_such_thing()",
    "return",
    "import sa_no_such",
    "print('half way')",
    "import sys\nprint('half way', file=sys.stderr)",
    "import warnings\nwarnings.warn('half way')",
    "import os\nos.environ['DATABASE_URL'] = 'postgresql://nobody@nowhere/nothing'",
    "import os\nos.chdir('/tmp')",
    "import sys\nsys.stdout.close()",
    "def deep():\n    deep()\ndeep()",
    "import logging\nlogging.disable()",
)
EXITS = ("SystemExit", "sys.exit", "BaseException", "GeneratorExit", "KeyboardInterrupt")


def wicked(random: Random, number: int) -> Act:
    """One of all these; a return ends the revision, so that what follows it is not to be expected."""
    said = random.choice(random.choice((ENDINGS, ENDINGS, LOCKS, OF_THE_HISTORY, OF_THE_PATH, LEAVING)))
    same = said if said in OF_THE_PATH else "CREATE TABLE half (id int)" if WHOLE in said else ""
    return Act(plain(said) if said in (*OF_THE_HISTORY, *OF_THE_PATH) else said, same=same, is_wicked=True)


def swallowed(random: Random, number: int) -> Act:
    """A statement whose failure nobody is to hear of."""
    # In a block of its own it would be undone without a trace, and the rest go on.
    while "with " in (act := statement(random, number)).up:
        pass
    lines = act.up.replace("\n", "\n    ")
    return Act(f"try:\n    {lines}\nexcept Exception:\n    pass", act.down, act.same, is_wicked=True)


def elsewhere(random: Random, number: int) -> Act:
    """The same in a session of the revision's own."""
    sql = f"CREATE TABLE public.t{number} (id int)"
    other = f"with op.get_bind().engine.begin() as other:\n    other.exec_driver_sql({sql!r})"
    return Act(other, plain(f"DROP TABLE public.t{number}"), sql, is_wicked=True)
