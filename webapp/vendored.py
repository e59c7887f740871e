"""Front-end packages that pages load: locked in package-lock.json, placed by `npm run build`, never committed."""

from pathlib import Path

PLACE = Path(__file__).parent / "static" / "vendor"
FILES = ("tom-select.js",)


def lacking(place: Path = PLACE) -> str | None:
    """What to run where a file is missing, in one line; None where all are there."""
    missing = [name for name in FILES if not (place / name).is_file()]
    if not missing:
        return None
    return f"webapp/static/vendor lacks {', '.join(missing)}. Run: make setup (or: npm ci && npm run build)"
