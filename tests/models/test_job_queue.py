"""The queue's tables are the library's: as its schema.sql makes them, no more and no less, and of no other version."""

from sqlalchemy import Connection

from migrations.release_step.schema import declared, fingerprint
from webapp.models.jobs import job_queue


def test_the_librarys_schema_is_the_one_that_our_revisions_were_written_from() -> None:
    assert job_queue.digest(job_queue.schema_sql()) == job_queue.SCHEMA_SHA256, (
        "Procrastinate's schema.sql has changed: its delta (procrastinate/sql/migrations of its source) becomes a"
        " revision, models/jobs/job_queue.py follows, and then SCHEMA_SHA256"
    )


def test_what_we_declare_is_what_the_librarys_own_file_builds(connection: Connection) -> None:
    ours = fingerprint.declared(connection, declared.METADATA)
    with fingerprint.empty(connection) as schema:
        connection.exec_driver_sql(job_queue.schema_sql(), execution_options={"no_parameters": True})
        theirs = fingerprint.take(connection, schema)
    of_queue = {key: found for key, found in ours.items() if key in theirs or "procrastinate" in key[1]}
    assert [str(one) for one in fingerprint.differences(of_queue, theirs)] == []
    assert {kind for kind, _ in theirs} >= {"enum", "composite type", "function", "trigger", "table", "index"}


def test_a_library_that_builds_something_else_is_found() -> None:
    newer = job_queue.schema_sql().replace("procrastinate_retry_job_v2", "procrastinate_retry_job_v3")
    assert job_queue.digest(newer) != job_queue.SCHEMA_SHA256
