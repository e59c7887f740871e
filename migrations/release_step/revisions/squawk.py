"""Squawk, the linter for PostgreSQL migrations, on the SQL that a revision really runs."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

# Left out: IF NOT EXISTS is how an INVALID index survives a rerun; lengths and widths of columns are rules of
# domain values here, stated with their source in webapp/rules.
EXCLUDED = (
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
)
OLDEST_SERVER = "15.0"


def program() -> str | None:
    """Where squawk is; it is a tool of development, absent from the image that runs releases."""
    beside = Path(sys.executable).parent / "squawk"
    return str(beside) if beside.exists() else shutil.which("squawk")


def lint(program: str, scripts: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Revision, rule and message of every finding."""
    if not scripts:
        return []
    with tempfile.TemporaryDirectory(prefix="stockcode-lint-") as folder:
        for revision, script in scripts.items():
            (Path(folder) / f"{revision}.sql").write_text(script, encoding="utf-8")
        options = ["--reporter", "json", "--pg-version", OLDEST_SERVER, "--exclude", ",".join(EXCLUDED)]
        paths = [f"{revision}.sql" for revision in scripts]
        done = subprocess.run(  # noqa: S603 - our own files, no shell
            [program, *options, *paths], cwd=folder, capture_output=True, text=True, check=False
        )
    if done.returncode not in (0, 1):  # 1: it has something to say
        raise RuntimeError("squawk did not run to its end")
    found = json.loads(done.stdout or "[]")
    return [(Path(one["file"]).stem, one["rule_name"], one["message"]) for one in found]
