"""Every sentence the release step can end with: its code, its exit code, the fact and the next action."""

from migrations.release_step.telling.exits import (
    BUG,
    CONFIGURATION,
    CONNECTION,
    COPY,
    DONE,
    LOCK,
    REVISION,
    UNSAFE,
    USAGE,
    Message,
)
from migrations.release_step.telling.refusals import REFUSALS

__all__ = ["CATALOGUE", "DONE", "Message"]

CATALOGUE: dict[str, Message] = {
    "MIG-BUG-01": Message(
        BUG,
        "The release step itself failed ({kind} at {where}).",
        "Report it; APP_ENV=local and --debug show the frames.",
    ),
    "MIG-BUG-02": Message(
        BUG,
        "A question of the release step itself failed ({reason} at {where}).",
        "Report it; APP_ENV=local and --debug show the frames.",
    ),
    "MIG-USE-01": Message(USAGE, "{problem}.", "See --help."),
    "MIG-USE-02": Message(
        USAGE, "No single revision is called {revision}.", "See the list that 'history' prints."
    ),
    "MIG-USE-03": Message(USAGE, "{problem}.", "{advice}."),
    "MIG-CONF-01": Message(CONFIGURATION, "{problem}", "{advice}"),
    "MIG-CONF-02": Message(
        CONFIGURATION, "The library {driver} is not installed.", "Install the project from its lock file."
    ),
    "MIG-CONF-03": Message(
        CONFIGURATION,
        "DATABASE_URL holds a port that is not between 1 and 65535.",
        "Set it to postgresql://USER:PASSWORD@HOST:5432/DATABASE.",
    ),
    "MIG-CONF-04": Message(
        CONFIGURATION,
        "The revision files cannot be read ({kind} in {where}).",
        "Correct that file; every revision names its parent in down_revision.",
    ),
    "MIG-CONF-05": Message(
        CONFIGURATION,
        "DATABASE_URL holds an option the driver refuses.",
        "Leave out what follows the '?', or correct it.",
    ),
    "MIG-CONF-06": Message(
        CONFIGURATION,
        "{tool} is not installed here.",
        "It comes with the development dependencies: make setup.",
    ),
    "MIG-CONF-07": Message(
        CONFIGURATION,
        "{tool} is not here; a copy is made and read by the server's own release only.",
        "Install PostgreSQL's client of that release, or run this where the server is.",
    ),
    "MIG-CONN-01": Message(
        CONNECTION,
        "{database} on {host} cannot be reached ({reason}; tried for {seconds}s).",
        "Check that it runs and that this machine may reach it, then retry.",
    ),
    "MIG-CONN-02": Message(
        CONFIGURATION,
        "{database} on {host} refuses this role ({reason}).",
        "Correct user and password in DATABASE_URL.",
    ),
    "MIG-CONN-03": Message(
        CONFIGURATION, "There is no database {database} on {host}.", "Create it, or correct DATABASE_URL."
    ),
    "MIG-CONN-04": Message(
        CONNECTION,
        "The connection to {database} on {host} was lost ({reason}).",
        "Retry: a finished revision is not run twice.",
    ),
    "MIG-LOCK-01": Message(
        LOCK,
        "Another release holds the lock ({holder}); waited {seconds}s.",
        "Retry when it has ended, or raise --wait.",
    ),
    "MIG-LOCK-02": Message(
        LOCK,
        "{object} is locked ({blocker}); tried {attempts} times.",
        "Retry, or end that session.",
    ),
    "MIG-LOCK-03": Message(
        LOCK,
        "Revision {revision} met {reason} {attempts} times.",
        "Retry when the database is quieter.",
    ),
    "MIG-LOCK-04": Message(
        LOCK,
        "Long transactions are open: {sessions}.",
        "Let them end before a release, or end those sessions.",
    ),
    "MIG-LOCK-05": Message(
        LOCK,
        "Prepared transactions are open, and keep their locks: {names}.",
        "End each of them in this database: COMMIT PREPARED 'NAME', or ROLLBACK PREPARED 'NAME'.",
    ),
    "MIG-REV-01": Message(
        REVISION,
        "Revision {revision} failed ({reason}) and was rolled back.",
        "Correct the cause, then run it again.",
    ),
    "MIG-REV-02": Message(
        REVISION,
        "Revision {revision} failed ({reason}) in steps that run outside a transaction.",
        "Correct the cause, then run it again: those steps resume.",
    ),
    "MIG-REV-03": Message(
        REVISION,
        "The run ended without an error, but a fresh connection finds {found} instead of {wanted}.",
        "Look for a revision that ends or opens a transaction itself.",
    ),
    "MIG-REV-04": Message(
        REVISION,
        "The backfill of {table} ran over every row, and {count} still match its condition.",
        "Correct the revision: what it sets must make its condition false.",
    ),
    "MIG-REV-05": Message(
        REVISION,
        "Revision {revision} ended its transaction itself; what it had done until then {fate}.",
        "Take transaction control out of it, and what stayed of it out of the database.",
    ),
    "MIG-REV-06": Message(
        REVISION,
        "The backfill of {table} {what} word for its history.",
        "A curated table's backfill says history=ByRelease(reason) or history=Silently(reason).",
    ),
    "MIG-REV-07": Message(
        REVISION,
        "Versions of {table} hold {columns} already: filling it in silence would leave them untrue.",
        "Fill it with history=ByRelease(reason).",
    ),
    "MIG-REV-08": Message(
        REVISION, "Revision {revision} prints no SQL ({reason}).", "Correct it, or --confirm-data-loss."
    ),
    "MIG-REV-09": Message(
        REVISION, "Revision {revision} {what}.", "Leave lock and history to the release step; correct it."
    ),
    "MIG-SAVE-01": Message(
        COPY,
        "{tool} ended with {exit_code}; the database is as it was.",
        "Look for room on the disk, rights on the folder and sessions that hold tables, then run it again.",
    ),
    "MIG-SAVE-02": Message(
        USAGE, "The folder {folder} is not empty.", "Name a new one: a copy is not added to."
    ),
    "MIG-SAVE-03": Message(
        UNSAFE,
        "{database} holds {count} tables, which a restore would take the place of.",
        "Restore into an empty database; or consent with --confirm-database and its name.",
    ),
    "MIG-SAVE-04": Message(
        COPY,
        "What was brought back from {folder} differs from what was copied: {parts}.",
        "Do not work on it: restore another copy, or into an empty database.",
    ),
    "MIG-SAVE-05": Message(
        USAGE, "The folder {folder} holds no whole copy.", "Name one that 'backup' has made."
    ),
    "MIG-INT-01": Message(
        130,
        "Interrupted by {signal}; what was running was cancelled.",
        "Run it again: a finished revision is not run twice.",
    ),
    **REFUSALS,
}
