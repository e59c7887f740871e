"""What is gone beside something new, and is only called otherwise from now on: a column, or a whole table."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from alembic.operations import ops
from sqlalchemy import Column

from migrations.release_step.schema.fingerprint import Difference
from migrations.release_step.telling.failures import Failure

RENAMED = re.compile(r"(?:(?P<table>\w+)\.)?(?P<old>\w+):(?P<new>\w+)")


@dataclass(slots=True)
class Renames:
    """What gets another name: as the author said, or as whoever is asked says."""

    given: Iterable[str]
    ask: Callable[[str], bool]
    used: set[str] = field(default_factory=set)

    def require_all_used(self) -> None:
        """Raise for a name that fits no pair."""
        for one in self.given:
            if one not in self.used:
                problem = f"No column or table is gone and another new as '{one}' says"
                advice = "Write it as TABLE.OLD:NEW of a column, or as OLD:NEW of a table"
                raise Failure("MIG-USE-03", problem=problem, advice=advice)

    def is_column(self, table: str, old: str, new: str) -> bool:
        if self._is_given((None, table), old, new):
            return True
        return not self.given and self.ask(f"Is {table}.{old} called {new} from now on?")

    def is_table(self, old: str, new: str, *, is_alike: bool) -> bool:
        if self._is_given((None,), old, new):
            return True
        return not self.given and is_alike and self.ask(f"Is table {old} called {new} from now on?")

    def _is_given(self, tables: tuple[str | None, ...], old: str, new: str) -> bool:
        for one in self.given:
            said = RENAMED.fullmatch(one)
            if said and said["table"] in tables and (said["old"], said["new"]) == (old, new):
                self.used.add(one)
                return True
        return False


def tables(operations: Sequence[ops.MigrateOperation], renames: Renames) -> dict[str, str]:
    """Old name -> new one of each table that is dropped and made anew; whoever is asked is asked about like ones."""
    gone = {one.table_name: _columns(one.reverse()) for one in operations if isinstance(one, ops.DropTableOp)}
    renamed: dict[str, str] = {}
    for one in operations:
        if isinstance(one, ops.CreateTableOp):
            for old, columns in gone.items():
                is_alike = columns == _columns(one)
                if old not in renamed and renames.is_table(old, one.table_name, is_alike=is_alike):
                    renamed[old] = one.table_name
                    break
    return renamed


def _columns(table: ops.CreateTableOp) -> set[str]:
    return {part.name for part in table.columns if isinstance(part, Column)}


def others(
    operations: Iterable[ops.MigrateOperation], renamed: Mapping[str, str]
) -> list[ops.MigrateOperation]:
    """The operations on other tables, without those by which a key would refer to a new name only."""
    names = {*renamed, *renamed.values()}
    kept = [one for one in operations if getattr(one, "table_name", None) not in names]
    for one in kept:
        if isinstance(one, ops.ModifyTableOps):
            one.ops = [part for part in one.ops if _referred(part) not in names]
    return [one for one in kept if not isinstance(one, ops.ModifyTableOps) or one.ops]


def _referred(part: ops.MigrateOperation) -> str | None:
    """The table to which a foreign key refers that is made or dropped."""
    if isinstance(part, ops.DropConstraintOp) and part.constraint_type == "foreignkey":
        part = part.reverse()
    return part.referent_table if isinstance(part, ops.CreateForeignKeyOp) else None


def beside(differences: Iterable[Difference], renamed: Mapping[str, str]) -> list[Difference]:
    """The differences of other tables; what hangs on a table goes with it."""
    names = {*renamed, *renamed.values()}
    return [one for one in differences if one.name.partition(".")[0] not in names]
