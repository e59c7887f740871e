"""Import every file of a room, so that what it declares is known: the one way in which files are found, not named."""

from collections.abc import Sequence
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType


def import_all(paths: Sequence[str], room: str) -> list[ModuleType]:
    """Import every file below a room, and return them; `paths` and `room` are its `__path__` and `__name__`."""
    return [import_module(file.name) for file in walk_packages(paths, f"{room}.")]
