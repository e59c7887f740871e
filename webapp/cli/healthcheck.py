"""The container's HEALTHCHECK: exit 0 when the web server beside it answers. python -m webapp.cli.healthcheck"""

import http.client
import sys

from webapp import environment


def is_healthy(port: int, host_name: str) -> bool:
    """Ask under a name that the server trusts, as any other name gets a refusal."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host_name})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    variables = environment.variables()
    first_host = variables.get("TRUSTED_HOSTS", "").split(",")[0].strip().lstrip(".")
    port = variables.get("HEALTH_PORT") or variables.get("PORT") or "8000"
    sys.exit(0 if is_healthy(int(port), first_host or "localhost") else 1)
