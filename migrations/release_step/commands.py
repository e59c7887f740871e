"""Which command does what; each returns what --json prints."""

import sys
from collections.abc import Callable
from typing import Any

from migrations.release_step import (
    checking,
    connecting,
    doctor,
    downgrading,
    environment,
    generating,
    history,
    linting,
    pinging,
    planning,
    recorded,
    scripting,
    stamping,
    upgrading,
)
from migrations.release_step.calls import Call
from migrations.release_step.history import History
from migrations.release_step.running import Release


def run(call: Call) -> dict[str, Any]:
    """Run the command the options name."""
    return COMMANDS[call.options.command](call)


def _history() -> History:
    return History(environment.config())


def _release(call: Call) -> Release:
    # The address first: without it there is nothing to say about revisions either.
    target = connecting.target(call.environ)
    return Release(target, call.patience(), _history(), call.reporter)


def _upgrade(call: Call) -> dict[str, Any]:
    if call.options.sql:
        return _print_script(call)
    release = _release(call)
    if call.options.dry_run:
        return upgrading.rehearse(release, call.options.revision)
    return upgrading.upgrade(release, call.options.revision, may_be_ahead=call.options.allow_ahead)


def _downgrade(call: Call) -> dict[str, Any]:
    if call.options.sql:
        return _print_script(call)
    consent = downgrading.Consent(
        database=call.options.confirm_database,
        to_losses=call.options.confirm_data_loss,
        is_local=call.is_local,
    )
    return downgrading.downgrade(_release(call), call.options.revision, consent)


def _print_script(call: Call) -> dict[str, Any]:
    known, direction = _history(), call.options.command
    start, end = scripting.span(known, direction, call.options.revision)
    sql = scripting.text(known, direction, start, end)
    if not call.reporter.is_json:
        sys.stdout.write(sql)
    return {"from": start, "to": end, "sql": sql}


def _current(call: Call) -> dict[str, Any]:
    release = _release(call)
    with connecting.connect(release.target, release.patience) as connection:
        found = recorded.one(connection)
    call.reporter.line(found)
    return {"revision": found, "is_head": found == (release.history.head or recorded.BASE)}


def _list(call: Call) -> dict[str, Any]:
    revisions = history.labels(_history().revisions())
    for revision in revisions:
        call.reporter.line(f"{revision['revision']}  {revision['title']}")
    return {"revisions": revisions}


def _heads(call: Call) -> dict[str, Any]:
    heads = _history().heads
    for head in heads:
        call.reporter.line(head)
    return {"heads": list(heads)}


def _ping(call: Call) -> dict[str, Any]:
    return pinging.ping(connecting.target(call.environ), call.reporter)


def _check(call: Call) -> dict[str, Any]:
    connecting.target(call.environ)
    return checking.check(call, _history())


def _lint(call: Call) -> dict[str, Any]:
    known = _history()
    linting.require_one_head(known)
    findings = linting.lint(known, needs_squawk=True)
    for finding in findings:
        call.reporter.line(str(finding))
    linting.require_clean(findings)
    call.reporter.line(f"{len(known.revisions())} revisions, nothing to say")
    return {"revisions": len(known.revisions()), "findings": []}


def _generate(call: Call) -> dict[str, Any]:
    options = call.options
    wanted = generating.Wanted(options.message, options.why, options.phase, is_by_hand=options.by_hand)
    return generating.generate(_release(call), wanted)


COMMANDS: dict[str, Callable[[Call], dict[str, Any]]] = {
    "upgrade": _upgrade,
    "downgrade": _downgrade,
    "current": _current,
    "history": _list,
    "heads": _heads,
    "ping": _ping,
    "check": _check,
    "lint": _lint,
    "generate": _generate,
    "plan": lambda call: planning.plan(_release(call)),
    "doctor": lambda call: doctor.examine(_release(call)),
    "stamp": lambda call: stamping.stamp(
        _release(call), call.options.revision, call.options.confirm_database
    ),
}
