"""The import kinds, one a file; each file is called as its kind, with _ for -, and ends in the record KIND.

A new format is one file here and its reader in webapp/files; nothing else names the kinds.
"""

from webapp.discovering import import_all
from webapp.files.looking import Look
from webapp.services.intake.import_kind import ImportKind

KINDS: dict[str, ImportKind] = {file.KIND.name: file.KIND for file in import_all(__path__, __name__)}


class UnknownKind(ValueError):
    """No kind of file has this name."""


def named(name: str) -> ImportKind:
    """The kind of this name; raises UnknownKind."""
    if name not in KINDS:
        raise UnknownKind(f"{name} is no import kind; there are {', '.join(sorted(KINDS))}")
    return KINDS[name]


def enclosing(name: str) -> ImportKind | None:
    """The kind whose files hold several of this kind; None where they come one by one."""
    return next((kind for kind in KINDS.values() if kind.encloses == name), None)


def recognised(look: Look) -> ImportKind | None:
    """The kind of a file that begins so; None where no kind knows it."""
    return next((kind for kind in KINDS.values() if kind.recognises(look)), None)
