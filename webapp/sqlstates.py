"""PostgreSQL's five characters for what went wrong (Appendix A of its manual), by name; no other file spells one."""

# A class is the first two characters of its states; one of administrators' commands is a class to us, by three.
CONNECTION_EXCEPTION = "08"
FEATURE_NOT_SUPPORTED = "0A"
DATA_EXCEPTION = "22"
INTEGRITY_CONSTRAINT_VIOLATION = "23"
DEPENDENT_PRIVILEGE_DESCRIPTORS_STILL_EXIST = "2B"
INVALID_CATALOG_NAME = "3D"
INVALID_SCHEMA_NAME = "3F"
SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION = "42"
INSUFFICIENT_RESOURCES = "53"
OBJECT_NOT_IN_PREREQUISITE_STATE = "55"
SHUTDOWN_OR_CRASH = "57P"

INVALID_AUTHORIZATION = "28000"
INVALID_PASSWORD = "28P01"  # noqa: S105 - a state
INVALID_DATABASE = "3D000"
STRING_DATA_RIGHT_TRUNCATION = "22001"
NUMERIC_VALUE_OUT_OF_RANGE = "22003"
RESTRICT_VIOLATION = "23001"
NOT_NULL_VIOLATION = "23502"
FOREIGN_KEY_VIOLATION = "23503"
UNIQUE_VIOLATION = "23505"
CHECK_VIOLATION = "23514"
ACTIVE_SQL_TRANSACTION = "25001"
READ_ONLY_SQL_TRANSACTION = "25006"
SERIALIZATION_FAILURE = "40001"
DEADLOCK_DETECTED = "40P01"
INSUFFICIENT_PRIVILEGE = "42501"
SYNTAX_ERROR = "42601"
INVALID_NAME = "42602"
UNDEFINED_COLUMN = "42703"
UNDEFINED_TABLE = "42P01"
INVALID_PREPARED_STATEMENT_DEFINITION = "42P14"
DISK_FULL = "53100"
TOO_MANY_CONNECTIONS = "53300"
LOCK_NOT_AVAILABLE = "55P03"
QUERY_CANCELED = "57014"
CANNOT_CONNECT_NOW = "57P03"

# What a statement meets in a database that no release step, or an older one, has visited.
OF_AN_OLDER_SCHEMA = (UNDEFINED_TABLE, UNDEFINED_COLUMN)
# With these the server, or the driver in its place, says that it will say no more.
OF_A_LOST_CONNECTION = (CONNECTION_EXCEPTION, SHUTDOWN_OR_CRASH)
# What passes by itself: the same statement may do a moment later.
PASSING = (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED, SERIALIZATION_FAILURE)
# What passes when the server, or somebody who looks after it, has been given a minute.
OF_PASSING_TROUBLE = (CONNECTION_EXCEPTION, INSUFFICIENT_RESOURCES, SHUTDOWN_OR_CRASH, *PASSING)


def of(error: BaseException | None) -> str:
    """The state of a driver's error, or of the one in SQLAlchemy's; blank where PostgreSQL did not get to say."""
    return getattr(getattr(error, "orig", None) or error, "sqlstate", None) or ""
