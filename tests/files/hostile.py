"""Files that somebody might make to harm whoever reads them, or that are simply not what they are taken for."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping

from tests.files import builders, workbook_builders
from tests.files.edinet import filings
from webapp.files import archives, edinet_documents
from webapp.files.edinet import document

MEGABYTE = 1024 * 1024
QUOTES = "Date,Code,O,H,L,C,Vo\n2025-05-30,72030,1,1,1,1,1\n"
REGISTER = ",".join(edinet_documents.HEADINGS) + "\n"
ENTRY = (
    "1,S100AAAA,E00004,13760,5070001000715,試験種苗株式会社,,010,030000,120,2024-04-01,2025-03-31,2025-06-25 09:00,"
    "有価証券報告書,,,,,,,0,0,0,1,1,1,0,1,1\n"
)
FAR_APART = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
NEARER = FAR_APART.replace("XFD1048576", "AD50000").replace("1048576", "50000")

# A good file of each kind, by which each is another kind's file to all the others.
GOOD: Mapping[str, tuple[str, bytes]] = {
    "edinet-codes": ("Edinetcode.zip", builders.edinet_zip(builders.COMPANY)),
    "edinet-documents": ("2025-06-25.csv", f"{REGISTER}{ENTRY}".encode()),
    "edinet-filing": ("S100TEST.zip", filings.zipped(filings.ASSETS, filings.SALES)),
    "edinet-filings": (
        "reports.zip",
        archives.packed({"S100TEST.zip": filings.zipped(filings.ASSETS, filings.SALES)}),
    ),
    "jpx-list": ("data_j.csv", builders.jpx_csv(builders.ISSUE)),
    "prices": ("quotes.csv", QUOTES.encode()),
    "table": ("companies.csv", "企業ID,商号\n1,極洋\n".encode()),
}
# Its reader takes whatever is a table; whose rows they are is asked of the database later.
ANY_TABLE = "table"


def under_headings(kind: str, rows: str) -> bytes:
    """These rows where the kind has its own: under its headings, in its packing."""
    if kind == "edinet-filing":
        text = "\ufeff" + filings.text(filings.ASSETS, filings.SALES) + rows
        report = {document.FOLDER + filings.NAME: text.encode("utf-16-le", "surrogatepass")}
        return builders.zipped(report, zipfile.ZIP_STORED)
    if kind == "edinet-filings":
        return archives.packed({"S100TEST.zip": under_headings("edinet-filing", rows)})
    heads = {
        "edinet-codes": builders.edinet_text(count=len(rows.splitlines())),
        "edinet-documents": REGISTER,
        "jpx-list": builders.jpx_text(),
        "prices": QUOTES.partition("\n")[0] + "\n",
        "table": "企業ID,商号\n",
    }
    return (heads[kind] + rows).encode("utf-8", "surrogatepass")


def nested() -> bytes:
    """A zip in a zip in a zip."""
    inner = builders.edinet_zip(builders.COMPANY)
    for depth in range(3):
        inner = builders.zipped({f"{depth}.zip": inner, "XBRL_TO_CSV/": b""})
    return inner


def swollen() -> bytes:
    """A zip of 64 KB that unpacks to 65 MB."""
    return builders.zipped({"list.csv": bytes(65 * MEGABYTE), "XBRL_TO_CSV/list.csv": b""})


def overlapping() -> bytes:
    """A zip whose many entries are one and the same stretch of bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("XBRL_TO_CSV/a.csv", bytes(MEGABYTE))
        (entry,) = archive.filelist
        for number in range(90):
            again = zipfile.ZipInfo(f"XBRL_TO_CSV/{number}.csv")
            for name in ("CRC", "compress_size", "file_size", "compress_type", "header_offset"):
                setattr(again, name, getattr(entry, name))
            archive.filelist.append(again)
    return stream.getvalue()


def quotes(code: str) -> bytes:
    """Quotes as J-Quants gives them, with this JSON in place of the code."""
    return f'{{"data":[{{"Date":"2025-05-30","Code":{code},"O":1,"H":1,"L":1,"C":1,"Vo":1}}]}}'.encode()


Making = Callable[[], bytes]
# Rows of text, by what is wrong with them; each is made only when it is wanted, as some are large.
ROWS: Mapping[str, Callable[[], str]] = {
    "NUL in cells": lambda: "2025-05-30,\0,E00004,\0\n",
    "lone surrogates": lambda: "2025-05-30,\ud800,\udc00\n",
    "a cell of 10 MB": lambda: f"{'x' * 10 * MEGABYTE},1\n",
    "a cell of accents": lambda: f"a{chr(0x301) * 5 * MEGABYTE},1\n",
    "100,000 columns": lambda: "1," * 100_000 + "\n",
    "2 million columns": lambda: "," * (2 * MEGABYTE) + "\n",
    "quotation marks without end": lambda: '"' * (10 * MEGABYTE + 1) + "\n",
    "2 million blank lines": lambda: "\n" * (2 * MEGABYTE) + "x",
    "130,000 rows": lambda: "1\n" * 130_000,
    "17 MB": lambda: "1,2,3\n" * (3 * MEGABYTE),
    "carriage returns": lambda: "1,2,3\r" * 9_999,
    "other line ends": lambda: "1,2,3\u2028\x0b\x0c\x1c\x85" * 50_000,
}
# Files that are wrong as a whole, whatever kind they are brought as.
FILES: Mapping[str, Making] = {
    "two byte order marks": lambda: b"\xef\xbb\xbf" * 2,
    "NULs": lambda: bytes(MEGABYTE),
    "every byte": lambda: bytes(range(256)) * 4096,
    "web page": lambda: b"<!DOCTYPE html><html><body>403</body></html>",
    "program": lambda: b"\x7fELF\x02\x01\x01" + bytes(4096),
    "EUC-JP": lambda: builders.jpx_text(builders.ISSUE).encode("euc-jp"),
    "ISO-2022-JP": lambda: builders.jpx_text({**builders.ISSUE, "銘柄名": "極洋"}).encode(
        "iso2022_jp_ext", "replace"
    ),
    "UTF-32": lambda: builders.jpx_text(builders.ISSUE).encode("utf-32"),
    "lone surrogates in UTF-16": lambda: b"\xff\xfe"
    + "\ud800,\udc00".encode("utf-16-le", "surrogatepass") * 999,
    "lone surrogates in JSON": lambda: quotes('"\\ud800"'),
    "one vast number": lambda: quotes("9" * 5 * MEGABYTE),
    "JSON without bottom": lambda: b"[" * (5 * MEGABYTE),
    "JSON of 100,000 columns": lambda: json.dumps([{str(n): 1 for n in range(100_000)}] * 2).encode(),
    "JSON of no end of one key": lambda: b"[{" + b'"Date":1,' * 500_000 + b'"Date":1}]',
    "bomb": swollen,
    "bomb of one stretch": overlapping,
    "nested zips": nested,
    "way out of the zip": lambda: builders.zipped({"../../etc/list.csv": b"a", "XBRL_TO_CSV/../x.csv": b"a"}),
    "absolute path in the zip": lambda: builders.zipped({"/etc/cron.d/list.csv": b"a"}),
    "10,000 entries": lambda: builders.zipped({f"XBRL_TO_CSV/{n}.csv": b"" for n in range(10_000)}),
    "truncated zip": lambda: builders.edinet_zip(builders.COMPANY)[:-30],
    "truncated workbook": lambda: workbook_builders.xls([["日付"] * 5] * 9)[:3000],
    "workbook of a vast sheet": lambda: workbook_builders.xlsx_with(FAR_APART),
    "workbook of a large sheet": lambda: workbook_builders.xlsx_with(NEARER),
    "workbook of vast cells": lambda: workbook_builders.xlsx([["x" * 1000] * 30] * 2000),
}
