"""How gunicorn serves in production: gunicorn --config python:webapp.api.serving wsgi:app

gunicorn itself reads PORT and WEB_CONCURRENCY (worker processes) from the environment.
"""

import ctypes
import gc
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from webapp import environment, logs

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8

worker_class = "webapp.api.worker.Worker"
threads = 4
timeout = 30
graceful_timeout = 25
# Longer than a load balancer's usual 60 s, so that it is never we who close a connection it is about to use.
keepalive = 75
# The most that gunicorn takes (RFC 9112 asks for 8,000): a list with many Japanese conditions has a long address.
limit_request_line = 8190
worker_tmp_dir = (
    "/dev/shm"  # noqa: S108 - the heartbeat's file; on a disk, a slow disk looks like a dead worker
)
control_socket_disable = True
logconfig_dict = logs.settings(is_production=environment.variables().get("APP_ENV", "").strip() != "local")
# Loaded once and shared by all workers. A worker that follows a fallen one has the code of its master, whatever has
# become of the files since; SIGHUP therefore renews the workers and not the code, which a restart does.
preload_app = True


def addresses(variables: Mapping[str, str]) -> list[str]:
    """Where the site answers and, with HEALTH_PORT, where nothing but /healthz does."""
    host = "0.0.0.0" if "PORT" in variables else "127.0.0.1"  # noqa: S104 - as gunicorn decides by itself
    health_port = variables.get("HEALTH_PORT")
    site = f"{host}:{variables.get('PORT', '8000')}"
    return [site, f"{host}:{health_port}"] if health_port else [site]


bind = addresses(environment.variables())


def when_ready(_arbiter: Any) -> None:
    """What is loaded is shared by all workers, and what they free goes back to the system."""
    # A collector that goes through what was loaded would copy its pages into every worker.
    gc.collect()
    gc.freeze()
    # mallopt(3): a heap for each thread, which the C library makes otherwise, keeps what another has freed; and one
    # large block would let all later ones of its size stay.
    with suppress(OSError, AttributeError):  # a C library that is not GNU's
        mallopt = ctypes.CDLL(None).mallopt
        for setting, value in ((ARENA_MAX, 1), (MMAP_THRESHOLD, 256 * 1024), (TRIM_THRESHOLD, 256 * 1024)):
            mallopt(setting, value)
