"""The sentences about a database or revisions that are not as they should be, and about what would be unsafe."""

from migrations.release_step.telling.exits import STATE, UNSAFE, Message

REFUSALS: dict[str, Message] = {
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
}
