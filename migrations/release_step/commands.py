"""Which command does what; each takes the parsed options and returns what --json prints."""

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from migrations.release_step import (
    checking,
    connecting,
    downgrading,
    environment,
    generating,
    history,
    pinging,
    scripting,
    upgrading,
)
from migrations.release_step.connecting import Patience
from migrations.release_step.failures import Failure
from migrations.release_step.history import History
from migrations.release_step.reporting import Reporter
from migrations.release_step.running import Release

Environ = Mapping[str, str]
Command = Callable[[argparse.Namespace, Reporter, Environ], dict[str, Any]]

# Reads answer at once or not at all; only a release waits for a server that is starting.
IMPATIENT = Patience(connect_seconds=0)


def run(options: argparse.Namespace, reporter: Reporter, environ: Environ) -> dict[str, Any]:
    """Run the command the options name."""
    return COMMANDS[options.command](options, reporter, environ)


def may_debug(is_wanted: bool, environ: Environ) -> bool:
    """Frames show file names and code: never in production."""
    if is_wanted and not is_local(environ):
        raise Failure("MIG-SAFE-09")
    return is_wanted


def is_local(environ: Environ) -> bool:
    return environ.get("APP_ENV", "").strip() == "local"


def _release(options: argparse.Namespace, reporter: Reporter, environ: Environ) -> Release:
    target = connecting.target(environ)
    patience = Patience(
        connect_seconds=options.connect_wait, release_seconds=options.wait, lock_ms=options.lock_timeout
    )
    return Release(target, patience, History(environment.config()), reporter)


def _reading(reporter: Reporter, environ: Environ) -> Release:
    target = connecting.target(environ)
    return Release(target, IMPATIENT, History(environment.config()), reporter)


def _upgrade(options: argparse.Namespace, reporter: Reporter, environ: Environ) -> dict[str, Any]:
    if options.sql:
        return scripting.script("upgrade", options.revision, reporter)
    release = _release(options, reporter, environ)
    return upgrading.upgrade(release, options.revision, may_be_ahead=options.allow_ahead)


def _downgrade(options: argparse.Namespace, reporter: Reporter, environ: Environ) -> dict[str, Any]:
    if options.sql:
        return scripting.script("downgrade", options.revision, reporter)
    consent = downgrading.Consent(
        database=options.confirm_database, to_losses=options.confirm_data_loss, is_local=is_local(environ)
    )
    return downgrading.downgrade(_release(options, reporter, environ), options.revision, consent)


def _current(_options: argparse.Namespace, reporter: Reporter, environ: Environ) -> dict[str, Any]:
    release = _reading(reporter, environ)
    with connecting.connect(release.target, release.patience) as connection:
        found = history.only(history.recorded(connection))
    reporter.line(found)
    return {"revision": found, "is_head": found == (release.history.head or history.BASE)}


def _history(_options: argparse.Namespace, reporter: Reporter, _environ: Environ) -> dict[str, Any]:
    revisions = history.labels(History(environment.config()).revisions())
    for revision in revisions:
        reporter.line(f"{revision['revision']}  {revision['title']}")
    return {"revisions": revisions}


def _heads(_options: argparse.Namespace, reporter: Reporter, _environ: Environ) -> dict[str, Any]:
    heads = History(environment.config()).heads
    for head in heads:
        reporter.line(head)
    return {"heads": list(heads)}


def _ping(_options: argparse.Namespace, reporter: Reporter, environ: Environ) -> dict[str, Any]:
    return pinging.ping(connecting.target(environ), reporter)


def _check(_options: argparse.Namespace, reporter: Reporter, environ: Environ) -> dict[str, Any]:
    return checking.check(_reading(reporter, environ))


def _generate(options: argparse.Namespace, reporter: Reporter, environ: Environ) -> dict[str, Any]:
    wanted = generating.Wanted(options.message, options.why, options.phase, is_by_hand=options.by_hand)
    return generating.generate(_reading(reporter, environ), wanted)


COMMANDS: dict[str, Command] = {
    "upgrade": _upgrade,
    "downgrade": _downgrade,
    "current": _current,
    "history": _history,
    "heads": _heads,
    "ping": _ping,
    "check": _check,
    "generate": _generate,
}
