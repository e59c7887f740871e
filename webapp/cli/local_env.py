"""var/local.env: this machine's DATABASE_URL and SECRET_KEY, for the shell and for the next start."""

import os
import secrets
import shlex
from collections.abc import Mapping
from pathlib import Path

from webapp.environment import MIN_SECRET_LENGTH

HEADER = "# Written by `stockcode up`. For the other commands, in a shell: . {path}\n"


def secret_key(path: Path) -> str:
    """The key of earlier starts, so that a restart signs nobody out; a new one the first time."""
    kept = read(path).get("SECRET_KEY", "")
    return kept if len(kept) >= MIN_SECRET_LENGTH else secrets.token_hex(32)


def read(path: Path) -> dict[str, str]:
    """The variables that the file exports; none when it is not there."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    exports = (words for line in lines if (words := shlex.split(line, comments=True))[:1] == ["export"])
    return dict(word.partition("=")[::2] for words in exports for word in words[1:])


def write(path: Path, variables: Mapping[str, str]) -> None:
    """Replace the file as a whole; nobody but its owner can ever read it. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in variables.items()]
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(HEADER.format(path=shlex.quote(str(path))))
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
