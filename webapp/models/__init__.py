"""The tables, one per file; importing this room loads every one, so that Base.metadata is complete."""

from webapp.discovering import import_all
from webapp.models import history

import_all(__path__, __name__)

history.attach()
