"""The lists of README, made from the mutations that were tried: what is drift, what is told, what is not compared."""

from migrations.release_step.schema import scope
from tests.migrations.schema.mutations import DRIFT, DRIFT_SINCE_18, NOTES


def text() -> str:
    """The table as it stands in migrations/README.md."""
    drift = sorted({kind for _, (kind, _) in (*DRIFT, *DRIFT_SINCE_18)} - {"state"})
    comments = "comments on anything but tables and columns"
    told = [*sorted({kind for _, (kind, _) in NOTES if not kind.startswith(scope.COMMENTS)}), comments]
    rows = (
        (
            "drift, exit 7",
            ", ".join(drift) + "; a sequence behind its data, a materialized view not populated",
        ),
        ("told, exit 0", ", ".join(told)),
        ("not compared", "; ".join(scope.NOT_COMPARED)),
    )
    return "\n".join(["| A change of | |", "|---|---|", *(f"| {name} | {kinds} |" for name, kinds in rows)])
