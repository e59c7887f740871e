"""What merging a file with the stored rows asks for: the same shape for every import kind."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from webapp import db
from webapp.rules.findings import Finding
from webapp.services.changes.proposals import Wish
from webapp.services.changes.row_codec import Key


@dataclass(slots=True)
class Merge:
    """What a file asks for: wishes, wishes refused, rows left as they are and rows ended, each by reason.

    `repeated` counts rows about a record of which an earlier row of the file has told already, and that were taken as
    updates of it: what is written is one row. `remarks` are about the file as a whole.
    `says`: what the file says of fields that stewards set, by model, key and field, where no wish says it.
    """

    wishes: list[Wish] = field(default_factory=list)
    refused: list[tuple[Wish, Finding]] = field(default_factory=list)
    left_alone: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    repeated: Counter[str] = field(default_factory=Counter)
    remarks: list[Finding] = field(default_factory=list)
    says: dict[tuple[type[db.Base], Key, str], Any] = field(default_factory=dict)
