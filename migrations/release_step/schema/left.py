"""What the last release left, kept in the ledger: whatever differs from it later, somebody changed by hand.

The whole fingerprint is kept, packed: of this schema 23 kB, hardly more than a short hash of every object would
take, which does not pack; and so a difference can be told with what it was before.
"""

import base64
import binascii
import json
import zlib

from sqlalchemy import Connection, text

from migrations.release_step.database import ledger, recorded
from migrations.release_step.schema import catalog, fingerprint
from migrations.release_step.schema.fingerprint import Difference, Fingerprint

# A newer server spells definitions in its own way, a newer release step asks for other ones.
HERE = text("SELECT current_schema() AS schema, current_setting('server_version_num')::int / 10000 AS server")


def changes(connection: Connection, revision: str) -> list[Difference] | None:
    """What differs now; None where nothing is known of what was left at this revision. Leaves no transaction open."""
    try:
        here = connection.execute(HERE).one()
        reference = _read(ledger.read(connection).get("left", {}), revision, here.server)
        if reference is None:
            return None
        return fingerprint.differences(reference, fingerprint.take_whole(connection, str(here.schema)))
    finally:
        connection.rollback()


def note(connection: Connection) -> None:
    """Keep what is there now, and at which revision; commits."""
    revision = recorded.one(connection)
    here = connection.execute(HERE).one()
    found = fingerprint.take_whole(connection, str(here.schema))
    known = ledger.read(connection)
    known["left"] = {
        "revision": revision,
        "server": here.server,
        "questions": catalog.QUESTIONS,
        "objects": _packed(found),
    }
    ledger.write(connection, known)
    connection.commit()


def forget(connection: Connection) -> None:
    """What is there now is nothing to compare with; commits."""
    known = ledger.read(connection)
    if known.pop("left", None) is not None:
        ledger.write(connection, known)
    connection.commit()


def _packed(found: Fingerprint) -> str:
    rows = [[kind, name, definition] for (kind, name), definition in sorted(found.items())]
    return base64.b64encode(zlib.compress(json.dumps(rows).encode(), 9)).decode()


def _read(kept: dict[str, object], revision: str, server: int) -> Fingerprint | None:
    if (kept.get("revision"), kept.get("server"), kept.get("questions")) != (
        revision,
        server,
        catalog.QUESTIONS,
    ):
        return None
    try:
        rows = json.loads(zlib.decompress(base64.b64decode(str(kept.get("objects", "")), validate=True)))
        return {(str(kind), str(name)): str(definition) for kind, name, definition in rows}
    except (binascii.Error, zlib.error, ValueError, TypeError):
        # Somebody wrote into the comment: as good as none.
        return None
