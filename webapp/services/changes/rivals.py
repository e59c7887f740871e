"""Name the record that has a key which somebody wanted for another one; asked when nothing of theirs is written."""

from sqlalchemy import cast, select, text

from webapp import db
from webapp.rules.findings import Finding
from webapp.services.changes import row_codec
from webapp.services.changes.database_refusals import Taken
from webapp.services.changes.proposals import Refused


def named(refusal: Refused) -> Refused:
    """The refusal with the record in its sentence; as it is where no record has that key, as that is refused too.

    `table` and `key` among the parameters of the finding say where the record is shown.
    """
    if refusal.taken is None:
        return refusal
    rival = _rival(refusal.taken)
    if rival is None:
        return refusal
    return Refused([_naming(finding, rival) for finding in refusal.findings], refusal.taken)


def _rival(taken: Taken) -> db.Base | None:
    columns = row_codec.table_of(taken.model).columns
    same = [columns[name] == cast(value, columns[name].type) for name, value in taken.values.items()]
    if taken.condition is not None:
        same.append(text(taken.condition))  # type: ignore[arg-type]  # of our own model
    return db.session.scalar(select(taken.model).where(*same).limit(1))


def _naming(finding: Finding, rival: db.Base) -> Finding:
    model = type(rival)
    key = tuple(getattr(rival, column.name) for column in row_codec.key_columns(model))
    params = {
        **finding.params,
        "record": str(rival),
        "table": row_codec.table_of(model).name,
        "key": row_codec.row_key(key),
    }
    if finding.field is None:
        return Finding(None, "there is such a record already: “%(record)s”", params)
    return Finding(finding.field, "“%(record)s” has this value already", params)
