"""The check of a worker's container: python -m webapp.jobs.healthcheck exits 0 when the worker beside it lives.

A worker says so in the queue, where the signs of all workers stand; which of them lives here, its connection tells.
"""

import sys

import psycopg

from webapp import environment
from webapp.services.queueing import sweeping

SECONDS_TO_ANSWER = 4
APPLICATION = "stockcode-worker"
LIVES = """
SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %(unheard)s))
   AND EXISTS (SELECT FROM pg_stat_activity WHERE application_name = %(application)s
               AND datname = current_database() AND client_addr IS NOT DISTINCT FROM inet_client_addr())
"""


def is_healthy(address: str) -> bool:
    """Whether a worker of this machine is connected, and one has said lately that it lives."""
    facts = {"unheard": sweeping.SECONDS_UNHEARD, "application": APPLICATION}
    try:
        with psycopg.connect(address, connect_timeout=SECONDS_TO_ANSWER) as connection:
            lives = connection.execute(LIVES, facts).fetchone()
    except psycopg.Error:
        return False
    return lives == (True,)


if __name__ == "__main__":
    sys.exit(0 if is_healthy(environment.variables().get("DATABASE_URL", "")) else 1)
