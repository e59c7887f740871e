"""Workbooks written byte by byte, as no library for writing them is at hand: .xlsx, and .xls as JPX publishes it."""

import struct
from collections.abc import Sequence
from xml.sax.saxutils import escape

from tests.files import builders

Cell = str | float
Sheet = Sequence[Sequence[Cell]]

SECTOR = 512
FREE, END_OF_CHAIN, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsx(rows: Sheet) -> bytes:
    """An .xlsx whose only sheet holds the rows from A1 on."""
    lines = "".join(
        f'<row r="{line}">{"".join(_xlsx_cell(cell, line, place) for place, cell in enumerate(row))}</row>'
        for line, row in enumerate(rows, start=1)
    )
    return xlsx_with(lines)


def xlsx_with(sheet_data: str) -> bytes:
    """An .xlsx whose only sheet holds this XML between <sheetData> and its end."""
    return builders.zipped(
        {
            "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": (
                f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets>'
                '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
            ).encode(),
            "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": (
                f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{sheet_data}</sheetData></worksheet>'
            ).encode(),
        }
    )


def xls(rows: Sheet) -> bytes:
    """An .xls (BIFF8 in an OLE2 container) whose only sheet holds the rows from A1 on; at most 60 KB of it."""
    stream = _biff(rows)
    stream += bytes(-len(stream) % SECTOR)
    stream += bytes(
        max(0, 4096 - len(stream))
    )  # shorter streams would need a second, smaller allocation table
    sectors = len(stream) // SECTOR
    chain = [FAT, END_OF_CHAIN, *range(3, 2 + sectors), END_OF_CHAIN]
    table = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    directory = _entry("Root Entry", 5, child=1, start=END_OF_CHAIN, size=0)
    directory += _entry("Workbook", 2, child=FREE, start=2, size=len(stream)) + bytes(2 * 128)
    return _ole2_header() + table + directory + stream


def _relation(kind: str, target: str) -> bytes:
    relation = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{RELATIONS}">{relation}</Relationships>'.encode()


def _xlsx_cell(cell: Cell, line: int, place: int) -> str:
    reference = f"{chr(ord('A') + place)}{line}"
    if isinstance(cell, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{reference}"><v>{cell}</v></c>'


def _biff(rows: Sheet) -> bytes:
    name = b"Sheet1"
    begin = struct.pack("<4H2I", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    globals_length = (
        len(_record(0x809, begin)) + len(_record(0x85, bytes(8) + name)) + len(_record(0x0A, b""))
    )
    sheet_place = struct.pack("<IBB", globals_length, 0, 0) + bytes((len(name), 0)) + name
    workbook = _record(0x809, begin) + _record(0x85, sheet_place) + _record(0x0A, b"")
    sheet = _record(0x809, struct.pack("<4H2I", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    for line, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet += _biff_cell(cell, struct.pack("<3H", line, place, 0))
    return workbook + sheet + _record(0x0A, b"")


def _biff_cell(cell: Cell, place: bytes) -> bytes:
    if isinstance(cell, str):
        return _record(0x204, place + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return _record(0x203, place + struct.pack("<d", cell))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<2H", kind, len(data)) + data


def _ole2_header() -> bytes:
    signature = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    layout = struct.pack("<5H6x", 0x3E, 3, 0xFFFE, 9, 6)
    places = struct.pack("<9I", 0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
    return signature + layout + places + struct.pack("<109I", 0, *[FREE] * 108)


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    spelled = (name + "\0").encode("utf-16-le")
    head = spelled.ljust(64, b"\0") + struct.pack("<HBB3I", len(spelled), kind, 1, FREE, FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
