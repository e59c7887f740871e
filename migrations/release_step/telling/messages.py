"""Every sentence the release step can end with: its code, its exit code, the fact and the next action."""

from dataclasses import dataclass

DONE = 0
BUG = 1
USAGE = 2
CONFIGURATION = 3
CONNECTION = 4
LOCK = 5
REVISION = 6
STATE = 7
UNSAFE = 8
COPY = 9


@dataclass(frozen=True, slots=True)
class Message:
    """One catalogue entry; fact and action are templates of names and numbers, never of values or SQL."""

    exit_code: int
    fact: str
    action: str


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
        CONFIGURATION, "The driver {driver} is not installed.", "Install the project from its lock file."
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
    "MIG-STATE-01": Message(
        STATE,
        "The revision files have {count} heads ({heads}).",
        "Put the later one behind the other: 'rebase REVISION'. A merge is no way out.",
    ),
    "MIG-STATE-02": Message(
        STATE,
        "The database is at {found}, which this code does not know.",
        "Deploy the code that knows it, or pass --allow-ahead after a rollback of the code.",
    ),
    "MIG-STATE-03": Message(
        STATE, "The database is at {found}, the code needs {wanted}.", "Run 'upgrade' first."
    ),
    "MIG-STATE-04": Message(
        STATE,
        "{count} differences between the database and the models, first: {first}.",
        "Write a revision, or undo the change made by hand.",
    ),
    "MIG-STATE-05": Message(
        STATE,
        "{count} indexes are INVALID ({names}).",
        "Rerun the revision that builds them, or REINDEX CONCURRENTLY them.",
    ),
    "MIG-STATE-06": Message(
        STATE,
        "{count} findings in the revisions, first: {first}.",
        "Correct the revision, or write the exception with its reason into it.",
    ),
    "MIG-STATE-07": Message(
        STATE,
        "The database records {count} revisions at once ({found}).",
        "Record the one that they lead to: 'stamp {newest} --confirm-database NAME', then 'check'.",
    ),
    "MIG-STATE-08": Message(
        STATE,
        "The database is at {found}, ahead of {wanted}.",
        "Use 'downgrade' to go back.",
    ),
    "MIG-STATE-09": Message(
        STATE,
        "Revision {revision} follows two others.",
        "Remove it, and put the later branch behind the other: 'rebase REVISION'.",
    ),
    "MIG-STATE-10": Message(
        STATE,
        "Schema {schema} records no revision, and holds {count} tables or views ({names}).",
        "If a release made them, 'stamp' the revision that they are at; otherwise give it an empty schema.",
    ),
    "MIG-STATE-11": Message(
        STATE,
        "Revision {revision} was edited after {database} had run it.",
        "Take the edit back, and write what it wanted as a new revision.",
    ),
    "MIG-STATE-12": Message(
        STATE,
        "{count} changes were made by hand since a release left {revision}, first: {first}.",
        "Undo them, or write them as a revision; 'upgrade --allow-drift' goes on all the same.",
    ),
    "MIG-STATE-13": Message(
        STATE,
        "Revision {revision} requires '{sentence}', and there are {count}.",
        "Mend those rows, then run it again: nothing of it has been done.",
    ),
    "MIG-SAFE-01": Message(
        UNSAFE, "The server is PostgreSQL {found}; 15 or newer is needed.", "Upgrade the server."
    ),
    "MIG-SAFE-02": Message(
        UNSAFE, "{host} is a replica in recovery.", "Point DATABASE_URL at the primary server."
    ),
    "MIG-SAFE-03": Message(
        UNSAFE,
        "The session is read-only.",
        "Point DATABASE_URL at a server and role that may write.",
    ),
    "MIG-SAFE-04": Message(
        UNSAFE,
        "{host} is a connection pooler, through which the release lock does not hold.",
        "Give the release step the server's own address.",
    ),
    "MIG-SAFE-05": Message(
        UNSAFE,
        "Role {role} may not create in schema {schema}.",
        "Use the role that owns the schema.",
    ),
    "MIG-SAFE-06": Message(
        UNSAFE,
        "Role {role} does not own {names}.",
        "Use the role that owns the tables.",
    ),
    "MIG-SAFE-07": Message(
        UNSAFE,
        "This downgrade loses data: {losses}.",
        "Export it, then repeat with --confirm-data-loss.",
    ),
    "MIG-SAFE-08": Message(
        UNSAFE,
        "{command} needs consent: --confirm-database does not name {database}.",
        "Repeat it with --confirm-database and that name.",
    ),
    "MIG-SAFE-09": Message(UNSAFE, "--debug is refused in production.", "Set APP_ENV=local to use it."),
    "MIG-SAFE-10": Message(
        UNSAFE,
        "Models and database agree: the revision would be empty.",
        "Change a model first, or pass --by-hand for a revision that you write yourself.",
    ),
    "MIG-SAFE-11": Message(
        UNSAFE,
        "The database is at {found}, and a release after this code has removed what it needs.",
        "Deploy the newer code.",
    ),
    "MIG-SAFE-12": Message(
        UNSAFE,
        "Role {role} may not create a schema in {database}, so there is nothing to compare with.",
        "Check with the role that owns the database.",
    ),
    "MIG-SAFE-13": Message(
        UNSAFE,
        "{count} differences, none of which a revision can be written from by itself, first: {first}.",
        "Write it yourself with --by-hand.",
    ),
    "MIG-SAFE-14": Message(
        UNSAFE,
        "This role lacks a right ({reason}).",
        "Use the role that owns the schema and its tables.",
    ),
    "MIG-SAFE-15": Message(
        UNSAFE,
        "Revision {revision} is in {place} already.",
        "Rebase the other head; what has been run keeps its place.",
    ),
    "MIG-SAFE-16": Message(
        UNSAFE,
        "Only the owner of {table} may fill it in silence.",
        "Run the release as that role.",
    ),
    "MIG-SAFE-17": Message(
        UNSAFE,
        "{database} is encoded in {found}, in which Japanese names cannot be stored.",
        "Create it with ENCODING 'UTF8' and TEMPLATE template0.",
    ),
    "MIG-SAFE-18": Message(
        UNSAFE,
        "Tables would be put into schema {schema}, while the history is in {home}.",
        "Set the role's search_path to {home} alone, or remove schema {schema}.",
    ),
    "MIG-SAFE-19": Message(
        UNSAFE,
        "{database} does not let a schema be built to compare with ({reason}).",
        "Compare with a role that may, or disable the event trigger that refuses it.",
    ),
    "MIG-SAFE-20": Message(
        UNSAFE,
        "Revision {revision} {what}: it is not in the list of those that were, as it stands.",
        "Run 'lint', then 'lint --accept', and commit migrations/linted.json with it.",
    ),
    "MIG-SAVE-01": Message(
        COPY,
        "{tool} ended with {exit_code}; the database is as it was.",
        "Look for room on the disk and for rights on the folder, then run it again.",
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
}
