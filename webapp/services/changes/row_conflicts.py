"""Compare the row that somebody edited with the row that is stored now, field by field."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from webapp import db
from webapp.models.change_set import ChangeSet
from webapp.models.row_version import RowVersion
from webapp.services.changes import row_codec
from webapp.services.changes.proposals import Conflict, Moved, Wish


def moved(wish: Wish, stored: Mapping[str, Any] | None) -> Moved:
    """What happened to a row since its editor saw `wish.base_version`; `stored` is None where it is gone."""
    if stored is None:
        return Moved()
    model = wish.model
    assert wish.key is not None
    seen = db.session.scalar(
        select(RowVersion.row_data)
        .where(
            RowVersion.table_name == row_codec.table_of(model).name,
            RowVersion.row_key == row_codec.row_key(wish.key),
            RowVersion.version == wish.base_version,
        )
        .order_by(RowVersion.id.desc())
        .limit(1)
    )
    base = row_codec.decode(model, seen or {})
    names = [column.name for column in row_codec.curated_columns(model)]
    conflicts = [
        Conflict(name, base.get(name), stored[name], wish.values.get(name, base.get(name)))
        for name in names
        if base.get(name) != stored[name]
    ]
    author = None
    if stored["change_set_id"] is not None:
        author = db.session.scalar(
            select(ChangeSet.author_name).where(ChangeSet.id == stored["change_set_id"])
        )
    return Moved(conflicts, version=stored["version"], changed_at=stored["changed_at"], changed_by=author)
