"""Files of pages, under names that change with what they hold: kept for ever, and compressed since they were placed."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from webapp import placed

YEAR = 365 * 24 * 3600
# Pages of the release before ask for files under the name of then, and people without any.
UNNAMED = "static_unnamed"
# In the order in which we would rather answer.
ENCODINGS = tuple(placed.ENCODINGS)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was when the application started."""

    digest: str
    modified_at: int
    encodings: tuple[str, ...]


def install(app: Flask) -> None:
    """Serve the files of an application, whose address holds the digest of them all."""
    folder = Path(app.static_folder or "")
    known = {str(path.relative_to(folder)): _file(path, folder) for path in placed.served(folder)}

    def serve(filename: str) -> Response:
        file = known.get(filename)
        if file is None or file.modified_at != _modified_at(folder / filename):
            answer = send_from_directory(folder, filename)
            answer.headers["Cache-Control"] = "no-cache"
            return answer
        return _packed(folder, filename, file)

    def serve_unnamed(filename: str) -> Response:
        name = (
            filename.removeprefix(f"{filename.partition('/')[0]}/")
            if _is_of_another_release(filename)
            else filename
        )
        answer = serve(name)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    app.view_functions["static"] = serve
    app.add_url_rule("/static/<path:filename>", UNNAMED, serve_unnamed)


def address() -> str:
    """Where the files are, as long as none of them changes."""
    return f"/static/{placed.digest()}"


def _file(path: Path, folder: Path) -> File:
    digest = placed.digest_of(path)
    there = tuple(name for name in ENCODINGS if placed.packed(digest, name, folder).is_file())
    return File(digest, _modified_at(path), there)


def _packed(folder: Path, filename: str, file: File) -> Response:
    """A file in the best form that the browser reads."""
    accepted = request.accept_encodings
    encoding = next((name for name in file.encodings if accepted[name] > 0), None)
    if encoding is None:
        answer = send_from_directory(folder, filename, etag=file.digest)
    else:
        kind = mimetypes.guess_type(filename)[0]
        name = str(placed.packed(file.digest, encoding, folder).relative_to(folder))
        answer = send_from_directory(folder, name, mimetype=kind, etag=f"{file.digest}-{encoding}")
        answer.headers["Content-Encoding"] = encoding
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    answer.vary.add("Accept-Encoding")
    return answer


def _is_of_another_release(filename: str) -> bool:
    first, _slash, rest = filename.partition("/")
    return bool(rest) and len(first) == placed.DIGITS and set(first) <= set("0123456789abcdef")


def _modified_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
