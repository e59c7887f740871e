"""The check of a worker's container: python -m webapp.jobs.healthcheck exits 0 when the worker beside it lives.

A worker says so in the queue, where the signs of all workers stand; which of them lives here, its connection tells.
"""

import sys

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError

from webapp import db, settings
from webapp.services.queueing import sweeping

APPLICATION = "stockcode-worker"
LIVES = text("""
    SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => :unheard))
       AND EXISTS (SELECT FROM pg_stat_activity WHERE application_name = :application
                   AND datname = current_database() AND client_addr IS NOT DISTINCT FROM inet_client_addr())
""")


def is_healthy(url: URL) -> bool:
    """Whether a worker of this machine is connected, and one has said lately that it lives."""
    engine = db.make_engine(url, application_name="stockcode-check")
    facts = {"unheard": sweeping.SECONDS_UNHEARD, "application": APPLICATION}
    try:
        with engine.connect() as connection:
            return bool(connection.scalar(LIVES, facts))
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()


if __name__ == "__main__":
    sys.exit(0 if is_healthy(settings.from_environment().database_url) else 1)
