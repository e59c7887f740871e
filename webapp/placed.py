"""What pages load and nobody commits: packages as published, our own files in bundles. `npm run build` places both."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
PACKAGES = ("vendor/tom-select.js",)
# Each script that lies in js/ itself is where a bundle begins; one style is of all pages.
BUNDLES = (*(f"built/{script.name}" for script in sorted((STATIC / "js").glob("*.js"))), "built/admin.css")


def lacking(static: Path = STATIC) -> str | None:
    """What to run where a file is missing, in one line; None where all are there."""
    missing = [name for name in (*PACKAGES, *BUNDLES) if not (static / name).is_file()]
    if not missing:
        return None
    return f"webapp/static lacks {', '.join(missing)}. Run: make setup (or: npm ci && npm run build)"
