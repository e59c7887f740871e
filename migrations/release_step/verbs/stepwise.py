"""What Alembic would write as one statement and the lint would refuse, written as its recipe: revision by revision."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from alembic.operations import ops
from sqlalchemy import CheckConstraint, Column
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.elements import ColumnElement, TextClause
from sqlalchemy.types import TypeEngine

from migrations.release_step.revisions import clauses, filling, teaching
from migrations.release_step.revisions.filling import Recipe, Step
from migrations.release_step.schema.fingerprint import Difference
from migrations.release_step.schema.routines import Sql
from migrations.release_step.verbs import renaming
from migrations.release_step.verbs.renaming import Renames

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves dialects untyped
DEFINED = re.compile(r"CHECK \(.*\)", re.DOTALL)


@dataclass(slots=True)
class Plan:
    """What is written after the revision itself, and what the author is told."""

    curated: frozenset[str]
    steps: list[Step] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def follow(self, recipe: Recipe, *, after_first: bool = False) -> None:
        """Write a recipe's steps of this release, or those after the one that the revision itself takes."""
        self.steps += recipe.steps[after_first:]
        if recipe.after:
            later = ", ".join(step.title for step in recipe.later)
            self.told.append(f"In the next release, {recipe.after}{': ' + later if later else ''}")


def recast(
    script: ops.MigrationScript, differences: Iterable[Difference], renames: Renames, plan: Plan
) -> list[Difference]:
    """Take out of the revision what does not go in one step, and plan the revisions that follow it.

    Returns the differences that the plan says nothing of.
    """
    assert script.upgrade_ops is not None
    renamed = renaming.tables(script.upgrade_ops.ops, renames)
    for old, new in renamed.items():
        plan.follow(filling.fill("renamed_table", {"table": old, "new": new}))
        plan.told.append(f"Until then the models go on declaring {old}, and the view {new} as DDL")
    operations = renaming.others(script.upgrade_ops.ops, renamed)
    made = {one.table_name for one in operations if isinstance(one, ops.CreateTableOp)}
    kept: list[ops.MigrateOperation] = []
    for one in operations:
        if isinstance(one, ops.ModifyTableOps) and one.table_name not in made:
            one.ops = _Table(one, renames, plan).recast()
            if not one.ops:
                continue
        kept.append(one)
    script.upgrade_ops.ops = kept
    script.downgrade_ops = script.upgrade_ops.reverse_into(ops.DowngradeOps([]))
    left = renaming.beside(differences, renamed)
    for difference in left:
        _change_check(difference, plan)
    renames.require_all_used()
    return left


def _change_check(one: Difference, plan: Plan) -> None:
    """A CHECK of the same name that says something else: Alembic compares names only."""
    if one.declared is None or one.found is None or not one.name.count("."):
        return
    new, old = DEFINED.match(one.declared), DEFINED.match(one.found)
    if new and old and new[0] != old[0]:
        table, _, name = one.name.partition(".")
        bare = [clauses.bracket(rule[0]) for rule in (old, new)]
        plan.follow(teaching.changed_check(table, name, *bare))


class Both(Sql):
    """A statement with its way back."""

    def __init__(self, statement: str, back: str) -> None:
        super().__init__(statement)
        self.back = back

    def reverse(self) -> ops.MigrateOperation:
        return Both(self.back, self.statement)


class _Table:
    """The operations on one table that is in use."""

    def __init__(self, modified: ops.ModifyTableOps, renames: Renames, plan: Plan) -> None:
        self.name = modified.table_name
        self.operations = list(modified.ops)
        self.renames = renames
        self.plan = plan
        self.new = {
            one.column.name: one.column for one in self.operations if isinstance(one, ops.AddColumnOp)
        }
        # New name -> the column that had another one until now.
        self.renamed: dict[str, Column[Any]] = {}

    def recast(self) -> list[ops.MigrateOperation]:
        self._rename()
        kept = []
        for one in self.operations:
            recast = CHANGES.get(type(one))
            if (left := recast(self, one) if recast else one) is not None:
                kept.append(left)
        return kept

    def _rename(self) -> None:
        for one in self.operations:
            if isinstance(one, ops.DropColumnOp):
                old = one.to_column()
                for new in self.new.values():
                    if new.name not in self.renamed and self.renames.is_column(self.name, old.name, new.name):
                        self.renamed[new.name] = old
                        break

    def add_column(self, one: ops.AddColumnOp) -> ops.MigrateOperation:
        column: Column[Any] = one.column
        type_ = _type(column.type)
        old = self.renamed.get(column.name)
        is_required = not column.nullable and column.server_default is None and column.computed is None
        if old is None and (not is_required or column.identity is not None):
            return one
        if old is not None:
            types = (_type(old.type), type_)
            words = (self.name, old.name, column.name, types, self.plan.curated)
            self.plan.follow(teaching.renamed_column(*words, kind="renamed_column"), after_first=True)
            self.plan.told.append(f"Until then the models go on declaring {self.name}.{old.name}")
        if is_required:
            if old is None:
                recipe = teaching.required_column(self.name, column.name, type_, self.plan.curated)
                self.plan.follow(recipe, after_first=True)
            self.plan.told.append(f"Until then the models declare {self.name}.{column.name} nullable")
        copy = column._copy()
        copy.nullable = True
        return ops.AddColumnOp(one.table_name, copy, schema=one.schema)

    def drop_column(self, one: ops.DropColumnOp) -> ops.MigrateOperation | None:
        return None if one.column_name in {old.name for old in self.renamed.values()} else one

    def alter_column(self, one: ops.AlterColumnOp) -> ops.MigrateOperation | None:
        if one.modify_nullable is False:
            self.plan.follow(teaching.not_null(self.name, one.column_name))
            one.modify_nullable = None
        if one.modify_type is not None and one.existing_type is not None:
            self._retype(one.column_name, _type(one.existing_type), _type(one.modify_type))
            one.modify_type = None
        return one if one.has_changes() else None

    def _retype(self, column: str, old: str, new: str) -> None:
        """Another column of the new type, as prepared statements of running code know the old one."""
        other = f"{column}_new"
        words = (self.name, column, other, (old, new), self.plan.curated)
        self.plan.follow(teaching.renamed_column(*words, kind="retyped_column"))
        self.plan.told.append(
            f"Until then the models declare {self.name}.{column} as {old}, and {self.name}.{other} as {new}"
        )

    def add_check(self, one: ops.CreateCheckConstraintOp) -> ops.MigrateOperation | None:
        constraint = one.to_constraint()
        assert isinstance(constraint, CheckConstraint)
        condition = _words(constraint.sqltext)
        facts = {"table": self.name, "name": str(constraint.name), "condition": teaching.text(condition)}
        return self._constrain("check", facts, clauses.names(condition), f"CHECK ({condition})")

    def add_foreign_key(self, one: ops.CreateForeignKeyOp) -> ops.MigrateOperation | None:
        ends = {"ondelete": "ON DELETE", "onupdate": "ON UPDATE"}
        said = "".join(f" {words} {one.kw[key]}" for key, words in ends.items() if one.kw.get(key))
        columns, keys = ", ".join(one.local_cols), ", ".join(one.remote_cols)
        facts = {"table": self.name, "name": str(one.constraint_name), "columns": columns, "keys": keys}
        rule = f"FOREIGN KEY ({columns}) REFERENCES {one.referent_table} ({keys}){said}"
        more = {"target": one.referent_table, "ends": said}
        return self._constrain("foreign_key", {**facts, **more}, one.local_cols, rule)

    def _constrain(
        self, kind: str, facts: Mapping[str, str], columns: Iterable[str], rule: str
    ) -> ops.MigrateOperation | None:
        """Of columns that are new here it comes with them, as old code leaves them empty; else it is a contract."""
        is_new = set(columns) <= set(self.new)
        self.plan.follow(filling.fill(kind, {**facts, "phase": "contract"}), after_first=is_new)
        add = f"ALTER TABLE {self.name} ADD CONSTRAINT {facts['name']} {rule} NOT VALID"
        return Both(add, f"ALTER TABLE {self.name} DROP CONSTRAINT {facts['name']}") if is_new else None

    def add_unique(self, one: ops.CreateUniqueConstraintOp) -> None:
        columns = [str(name) for name in one.columns]
        self.plan.follow(filling.fill("unique", self._indexed(str(one.constraint_name), columns)))

    def add_index(self, one: ops.CreateIndexOp) -> ops.MigrateOperation | None:
        # SQL has no truth of its own.
        options = {
            name: value
            for name, value in one.kw.items()
            if isinstance(value, ColumnElement | TextClause) or value
        }
        columns = [
            _words(part) if isinstance(part, ColumnElement | TextClause) else part for part in one.columns
        ]
        if not all(isinstance(value, str | dict | ColumnElement | TextClause) for value in options.values()):
            return one
        facts = self._indexed(str(one.index_name), columns)
        said = "".join(f", {name}={_written(value)}" for name, value in options.items())
        kind = "unique_index" if one.unique else "index"
        self.plan.follow(filling.fill(kind, {**facts, "quoted": facts["quoted"], "options": said}))
        return None

    def _indexed(self, name: str, columns: list[str]) -> dict[str, str]:
        return teaching.indexed(self.name, name, columns)


def _type(type_: TypeEngine[Any]) -> str:
    return type_.compile(dialect=DIALECT)


def _words(clause: Any) -> str:
    """A condition or expression as SQL."""
    compiled = clause.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True, "include_table": False})
    return str(compiled).replace("%%", "%")


def _written(value: Any) -> str:
    return repr(value) if isinstance(value, str | dict) else f"sa.text({teaching.text(_words(value))})"


CHANGES: Mapping[type, Callable[[_Table, Any], Any]] = {
    ops.AddColumnOp: _Table.add_column,
    ops.DropColumnOp: _Table.drop_column,
    ops.AlterColumnOp: _Table.alter_column,
    ops.CreateCheckConstraintOp: _Table.add_check,
    ops.CreateForeignKeyOp: _Table.add_foreign_key,
    ops.CreateUniqueConstraintOp: _Table.add_unique,
    ops.CreateIndexOp: _Table.add_index,
}
