"""Commands that bring a database to another revision, or print the script that would."""

from pathlib import Path
from typing import Any

from migrations.release_step.revisions import environment, losses, scripting
from migrations.release_step.telling.calls import Call
from migrations.release_step.verbs import backing_up, downgrading, running, stamping, upgrading


def upgrade(call: Call) -> dict[str, Any]:
    """Up to a revision; rehearsed or as a script where that is asked for."""
    if call.options.sql:
        return _print_script(call)
    release = running.release_of(call)
    consent = upgrading.Consent(to_being_ahead=call.options.allow_ahead, to_drift=call.options.allow_drift)
    if call.options.dry_run:
        return upgrading.rehearse(release, call.options.revision, consent)
    if call.options.backup is not None:
        backing_up.before(release, call.options.revision, Path(call.options.backup))
    return upgrading.upgrade(release, call.options.revision, consent)


def downgrade(call: Call) -> dict[str, Any]:
    """Back to a revision, with consent."""
    if call.options.sql:
        return _print_script(call)
    consent = downgrading.Consent(
        database=call.options.confirm_database,
        to_losses=call.options.confirm_data_loss,
        is_local=call.is_local,
    )
    return downgrading.downgrade(running.release_of(call), call.options.revision, consent)


def stamp(call: Call) -> dict[str, Any]:
    """A revision recorded, nothing run."""
    return stamping.stamp(running.release_of(call), call.options.revision, call.options.confirm_database)


def _print_script(call: Call) -> dict[str, Any]:
    known, direction = environment.history(), call.options.command
    start, end = scripting.span(known, direction, call.options.revision)
    sql = scripting.text(known, direction, start, end)
    if direction == "downgrade":
        sql = losses.remark(sql) + sql
    call.reporter.script(sql)
    return {"from": start, "to": end, "sql": sql}
