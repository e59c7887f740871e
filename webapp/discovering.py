"""Import every file of a room, so that what it declares is known: the one way in which files are found, not named."""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import walk_packages


def import_all(paths: Sequence[str], room: str) -> None:
    """Import every file below a room; `paths` and `room` are its `__path__` and `__name__`."""
    for file in walk_packages(paths, f"{room}."):
        import_module(file.name)
