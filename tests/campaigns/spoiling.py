"""Good files of every import kind, and thousands that were spoiled: each by its kind, the seed and its number again."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

from tests.files import builders, hostile, workbook_builders
from tests.files.edinet import filings
from webapp.files import archives, encodings, jpx_list
from webapp.files.rows import WrongFile

Named = tuple[str, bytes]
# So much of a long list is spoiled as well as all of it, and a hundred times as fast.
LINES = 40
COUNT = re.compile("[0-9,]+件")
# What stands in a cell where something else is expected.
TOKENS = (
    *(
        "",
        " ",
        "0",
        "-0",
        "△1,234",
        "(5)",
        "１２３",
        "1e400",
        "-1",
        "9" * 400,
        "0.0000001",
        "#VALUE!",
        "－",
        "nan",
    ),
    *("2025-02-30", "9999-12-31", "0000-00-00", "令和7年", "2025-06-25 25:00", "20250530", "45807.5"),
    *(
        "\0",
        "\ud800",
        "\u202e",
        "\ufeff",
        "\u0301" * 600,
        "高",
        "E00004",
        "13760",
        "130A",
        "25935",
        "x" * 600,
    ),
    *(
        '"',
        '""',
        '"a',
        ",",
        "\t",
        "\r",
        "\u2028",
        "=1+1",
        "<b>",
        "%(x)s",
        "{0}",
        "\\",
        "../",
        "true",
        "null",
        "[]",
        "{}",
    ),
)


@cache
def good(kind: str, folder: Path | None) -> Sequence[Named]:
    """Files of a kind to spoil: made ones, and real ones where there are any, long lists by their beginning."""
    made = {
        "edinet-codes": [
            ("list.csv", builders.edinet_csv(builders.COMPANY, builders.PERSON)),
            ("list.xlsx", workbook_builders.xlsx(_sheet(builders.edinet_text(builders.COMPANY)))),
        ],
        "edinet-documents": [("2025-06-25.csv", hostile.GOOD["edinet-documents"][1] * 2)],
        "edinet-filing": [("S100TEST.zip", filings.zipped(filings.SALES, filings.ASSETS, dei=filings.HALF))],
        "edinet-filings": [
            (
                "reports.zip",
                archives.packed({"S100TEST.zip": filings.zipped(filings.SALES), "S100WXYZ.zip": b"PK"}),
            )
        ],
        "jpx-list": [
            ("data_j.xls", workbook_builders.xls([list(jpx_list.HEADINGS), list(builders.ISSUE.values())])),
            ("data_j.xlsx", workbook_builders.xlsx([list(jpx_list.HEADINGS), list(builders.ISSUE.values())])),
        ],
        "prices": [("quotes.json", hostile.quotes('"72030"'))],
    }
    return [hostile.GOOD[kind], *made.get(kind, []), *map(_beginning, _real(kind, folder))]


def _sheet(text: str) -> list[list[str]]:
    return [line.replace('"', "").split(",") for line in text.splitlines()]


def _real(kind: str, folder: Path | None) -> Sequence[Path]:
    if folder is None:
        return ()
    shapes = {
        "edinet-codes": ("cases/*edinet*.csv", "edinet_codes/*.zip"),
        "edinet-documents": ("edinet_register/documents_*.csv",),
        "edinet-filing": (
            "edinet_type5_fsa_samples/*.zip",
            "edinet_type5/E02367/*.zip",
            "edinet_type5_other/*.zip",
        ),
        "edinet-filings": (),
        "jpx-list": ("cases/*jpx*", "jpx/data_j_*.csv"),
        "prices": ("prices/*.csv", "jquants/prices_*.json"),
        "table": ("jpx/derived_*.csv", "reference/*.csv"),
    }
    files = [path for shape in shapes[kind] for path in sorted(folder.glob(shape))]
    return sorted(files, key=lambda path: path.stat().st_size)[:12]


def _beginning(path: Path) -> Named:
    """The file with the first lines alone, where it is a long text."""
    content = path.read_bytes()
    if archives.is_zip(content) and path.parent.name != "edinet_codes":
        return path.name, content
    try:
        text, _encoding = encodings.decode(
            archives.only_csv(content) if archives.is_zip(content) else content
        )
    except WrongFile:
        return path.name, content
    lines = text.splitlines(keepends=True)[:LINES]
    lines[0] = COUNT.sub(f"{len(lines) - 2}件", lines[0])
    return f"{path.stem}.csv", "".join(lines).encode("utf-8-sig")


def spoiled(kind: str, seed: str, number: int, folder: Path | None) -> Named:
    """One of the good files with something wrong in its bytes, its cells, or in what is packed in it."""
    chance = Random(f"{kind} {seed} {number}")
    name, content = chance.choice(good(kind, folder))
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        ways = (_in_zip, _in_zip, _in_bytes) if archives.is_zip(content) else (_in_cells, _in_bytes)
        content = chance.choice(ways)(content, chance)
    return name, content


def _in_bytes(content: bytes, chance: Random) -> bytes:
    """A few bytes changed, lost, doubled, put in between, or all that follows cut off."""
    start = chance.randrange(len(content) + 1)
    end = min(len(content), start + chance.choice((0, 1, 1, 2, 8, 40, 4096)))
    instead = chance.choice(
        (
            b"",
            b"\0",
            b"\xff",
            chance.randbytes(1),
            chance.randbytes(9),
            content[start:end] * 3,
            b'"',
            b"\r\n",
            b",",
        )
    )
    return content[:start] if chance.random() < 0.1 else content[:start] + instead + content[end:]


def _in_cells(content: bytes, chance: Random) -> bytes:
    """A cell that holds something else, or lines that are lost, doubled or stand elsewhere."""
    encoding = next((e for e in ("utf-8", "utf-16", "cp932") if _is(content, e)), "latin-1")
    lines = content.decode(encoding).split("\n")
    place = chance.randrange(len(lines))
    mark = chance.choice((",", '"', "\t", ":"))
    parts = lines[place].split(mark)
    parts[chance.randrange(len(parts))] = chance.choice(TOKENS)
    changed = chance.choice(([mark.join(parts)], [mark.join(parts)], [lines[place]] * 2, [], lines[:2]))
    lines[place : place + 1] = changed
    return "\n".join(lines).encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")


def _is(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeError:
        return False
    return True


def _in_zip(content: bytes, chance: Random) -> bytes:
    """What is packed is spoiled and packed again, so that the checksum is right; or the same under other names."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return _in_bytes(content, chance)
    if not files:
        return _in_bytes(content, chance)
    name = chance.choice(sorted(files))
    spoil: Callable[[bytes, Random], bytes] = chance.choice((_in_cells, _in_bytes))
    inside = files.pop(name)
    if chance.random() < 0.1:
        name = chance.choice(
            ("../x.csv", "XBRL_TO_CSV/\udc80.csv", f"{name}/{name}", name.upper(), "\\x.csv")
        )
    files[name.encode("utf-8", "replace").decode()] = spoil(inside, chance) if inside else inside
    return builders.zipped(files, chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))
