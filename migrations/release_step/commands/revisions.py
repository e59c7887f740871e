"""Commands about the SQL of revisions."""

from typing import Any

from migrations.release_step.revisions import environment, linting
from migrations.release_step.revisions.history import History
from migrations.release_step.revisions.linting import Finding
from migrations.release_step.telling.calls import Call
from migrations.release_step.verbs import planning, rebasing, running


def lint(call: Call) -> dict[str, Any]:
    """Every finding in every revision; needs no database."""
    known = environment.history()
    linting.require_one_head(known)
    findings = linting.lint(known, needs_squawk=True)
    if call.options.accept:
        findings = _accepted(call, known, findings)
    for finding in findings:
        call.reporter.line(str(finding))
    for revision, recipe in linting.recipes(findings).items():
        call.reporter.line(f"\nThe safe way for {revision}:\n\n{recipe}\n")
    linting.require_clean(findings)
    call.reporter.line(f"{len(known.revisions())} revisions, nothing to say")
    return {"revisions": len(known.revisions()), "findings": []}


def _accepted(call: Call, known: History, findings: list[Finding]) -> list[Finding]:
    """What is left to say after the list has taken in what is well otherwise."""
    left = [one for one in findings if one.rule not in ("unlisted", "edited")]
    if not left:
        edited = {one.revision for one in findings if one.rule == "edited"}
        for script in known.revisions():
            if script.revision in edited:
                rebasing.require_unreleased(script, call.environ)
        for name in linting.accept(known, findings):
            call.reporter.line(f"{name} is in the list now")
    return left


def rebase(call: Call) -> dict[str, Any]:
    """One of two heads behind the other."""
    return rebasing.rebase(call, environment.history(), call.options.revision)


def plan(call: Call) -> dict[str, Any]:
    """What a release would do."""
    return planning.plan(running.release_of(call))
