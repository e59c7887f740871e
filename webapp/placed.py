"""What pages load and nobody commits: packages as published, our own files in bundles, all of it compressed.

`npm run build` places the first two; `python -m webapp.placed` compresses what pages load, so that no request does.
"""

import gzip
import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import brotli

STATIC = Path(__file__).parent / "static"
PACKAGES = ("vendor/tom-select.js",)
# Each script that lies in js/ itself is where a bundle begins; one style is of all pages.
BUNDLES = (*(f"built/{script.name}" for script in sorted((STATIC / "js").glob("*.js"))), "built/admin.css")
PACKED = "packed"
# Of a file's digest, which names it.
DIGITS = 16
# Every browser that the pages are made for reads brotli; whoever does not reads gzip.
ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda content: bytes(brotli.compress(content, quality=11)),
    "gzip": lambda content: gzip.compress(content, 9, mtime=0),
}


def lacking(static: Path = STATIC) -> str | None:
    """What to run where a file is missing, in one line; None where all are there."""
    missing = [name for name in (*PACKAGES, *BUNDLES) if not (static / name).is_file()]
    if not missing:
        return None
    return f"webapp/static lacks {', '.join(missing)}. Run: make setup (or: npm ci && npm run build)"


def served(static: Path = STATIC) -> Iterator[Path]:
    """The files that pages load."""
    for pattern in ("*.svg", "built/*.js", "built/*.css", "vendor/*.js"):
        yield from sorted(static.glob(pattern))


def digest_of(path: Path) -> str:
    """What a file holds, as a name."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]


def digest(static: Path = STATIC) -> str:
    """What all of them hold: scripts name each other, so that they change their address together."""
    named = "\n".join(f"{path.relative_to(static)} {digest_of(path)}" for path in served(static))
    return hashlib.sha256(named.encode()).hexdigest()[:DIGITS]


def packed(digest: str, encoding: str, static: Path = STATIC) -> Path:
    """Where the compressed form of what has this digest is; of a file that has changed since, there is none."""
    return static / PACKED / f"{digest}.{encoding}"


def pack(static: Path = STATIC) -> None:
    """Compress what pages load, where that makes it smaller."""
    shutil.rmtree(static / PACKED, ignore_errors=True)
    (static / PACKED).mkdir()
    for path in served(static):
        content = path.read_bytes()
        for encoding, compress in ENCODINGS.items():
            compressed = compress(content)
            if len(compressed) < len(content):
                packed(digest_of(path), encoding, static).write_bytes(compressed)


if __name__ == "__main__":
    pack()
