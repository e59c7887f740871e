"""Ways in which a database is changed by hand: each is drift, is told, or is listed as not compared."""

from tests.migrations.schema.mutations import more_tables, others, programs, tables

Named = tuple[str, tuple[str, str]]

DRIFT: tuple[Named, ...] = (
    *tables.OF_TABLES,
    *more_tables.OF_ENFORCEMENT,
    *more_tables.SINCE_15,
    *programs.OF_PROGRAMS,
    *programs.OF_SURROUNDINGS,
)
DRIFT_SINCE_18 = more_tables.SINCE_18
NOTES = others.OF_NOTES
NOT_COMPARED = others.NOT_COMPARED
NOT_COMPARED_SINCE_18 = others.NOT_COMPARED_SINCE_18
UNTRIED = others.UNTRIED
