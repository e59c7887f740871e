"""The tables, one per file; importing this room loads every one, so that Base.metadata is complete.

A model declares columns, constraints, indexes and what its rows are called; `columns` are the kinds to choose from.
What makes a value right is in `rules`, what reads or writes rows in `services` and `lists`; the database's own
part, the triggers that keep history, is in `history`.
"""

from webapp.discovering import import_all
from webapp.models import history

import_all(__path__, __name__)

history.attach()
