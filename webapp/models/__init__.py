"""The tables, one per file; importing this room loads every one, so that Base.metadata is complete."""

from importlib import import_module
from pkgutil import iter_modules

from webapp.models import history

for _room in iter_modules(__path__):
    import_module(f"{__name__}.{_room.name}")

history.attach()
