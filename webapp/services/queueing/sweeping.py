"""Jobs whose worker has gone: no library gives them back by itself, and without us they would be `doing` for ever."""

from datetime import timedelta

# A worker says so often that it lives, from a process that does nothing else; three times unheard, it is gone.
SECONDS_BETWEEN_SIGNS = 5.0
SECONDS_UNHEARD = 20.0
# What has taken its worker with it so often is not given to a third one.
MOST_TRIES = 3

# In one statement, so that workers that sweep at the same moment never decide on one job twice. A job that was to end
# has ended; one that comes again by itself, every minute, need not be done for the minutes that are over.
SWEEP = """
WITH stalled AS (
    SELECT j.id FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
    WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - %(unheard)s::interval)
    FOR UPDATE OF j SKIP LOCKED
)
UPDATE procrastinate_jobs j
SET status = (CASE WHEN j.abort_requested THEN 'aborted'
                   WHEN j.attempts + 1 >= %(most_tries)s OR NOT EXISTS (
                       SELECT FROM job_progress p WHERE p.job_id = j.id) THEN 'failed'
                   ELSE 'todo' END)::procrastinate_job_status,
    attempts = j.attempts + 1, abort_requested = false, worker_id = NULL, scheduled_at = NULL
FROM stalled WHERE stalled.id = j.id
RETURNING j.id, j.task_name, j.status
"""


def facts() -> dict[str, object]:
    """What the statement is run with."""
    return {"unheard": timedelta(seconds=SECONDS_UNHEARD), "most_tries": MOST_TRIES}
