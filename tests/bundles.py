"""Browsers load scripts and style in bundles; one that is older than its sources would have yesterday's code tested."""

from pathlib import Path

from webapp import placed

SOURCES = ("js", "css")


def outdated(static: Path = placed.STATIC) -> str | None:
    """What to run where a source is newer than a bundle, in one line; None where all are of now."""
    # A folder is newer when a script of it is gone.
    sources = [source for folder in SOURCES for source in (static / folder, *(static / folder).rglob("*"))]
    newest = max(source.stat().st_mtime for source in sources)
    old = [name for name in placed.BUNDLES if _built_at(static / name) < newest]
    return (
        f"{', '.join(old)} is older than webapp/static/js or css. Run: npm run build (or: make setup)"
        if old
        else None
    )


def _built_at(file: Path) -> float:
    return file.stat().st_mtime if file.is_file() else 0
