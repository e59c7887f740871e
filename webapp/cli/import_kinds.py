"""The names of the import kinds, for commands that tell of themselves at once: the files are listed, not loaded."""

from pathlib import Path
from pkgutil import iter_modules

ROOM = Path(__file__).parents[1] / "services" / "intake" / "kinds"
NAMES = tuple(sorted(file.name.replace("_", "-") for file in iter_modules([str(ROOM)])))
