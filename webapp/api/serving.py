"""How gunicorn serves in production: gunicorn --config python:webapp.api.serving wsgi:app

gunicorn itself reads PORT and WEB_CONCURRENCY (worker processes) from the environment.
"""

from webapp import logs

worker_class = "gthread"
threads = 4
timeout = 30
graceful_timeout = 25
# Longer than a load balancer's usual 60 s, so that it is never we who close a connection it is about to use.
keepalive = 75
worker_tmp_dir = (
    "/dev/shm"  # noqa: S108 - the heartbeat's file; on a disk, a slow disk looks like a dead worker
)
control_socket_disable = True
logconfig_dict = logs.settings(is_production=True)
