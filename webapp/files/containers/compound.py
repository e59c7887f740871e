"""Look at the allocation tables of an .xls before anybody follows them: [MS-CFB], compound files.

Sectors are chained by numbers. A chain that leads back into itself has no end, and whoever collects it takes memory
until there is none.
"""

import struct
from collections.abc import Iterator, Sequence

from webapp.files.rows import WrongFile

# [MS-CFB] 2.2: where the header says how large sectors are, and where the tables begin.
SECTOR_SHIFT, FIRST_MINI_FAT, FIRST_DIFAT, DIFAT, HEADER = 0x1E, 0x3C, 0x44, 0x4C, 512
SHIFTS = (9, 12)
# Numbers from here on are no sectors: [MS-CFB] 2.1.
RESERVED = 0xFFFFFFFA


def require_sound(content: bytes) -> None:
    """Raise WrongFile where a chain of sectors has no end; what else may be wrong is for whoever reads them."""
    if len(content) < HEADER or _number(content, SECTOR_SHIFT) & 0xFFFF not in SHIFTS:
        return
    fat = [number for sector in _fat_sectors(content) for number in _sector(content, sector)]
    if _has_circle(fat):
        raise _damaged()
    mini_fat = [
        number
        for sector in _chain(fat, _number(content, FIRST_MINI_FAT))
        for number in _sector(content, sector)
    ]
    if _has_circle(mini_fat):
        raise _damaged()


def _damaged() -> WrongFile:
    return WrongFile(expected="an Excel workbook", found="one that is damaged or of an unknown kind")


def _number(content: bytes, place: int) -> int:
    (number,) = struct.unpack_from("<I", content, place)
    return int(number)


def _sector(content: bytes, sector: int) -> Sequence[int]:
    """The numbers in a sector, as many of them as are there."""
    size: int = 1 << (_number(content, SECTOR_SHIFT) & 0xFFFF)
    part = content[(sector + 1) * size : (sector + 2) * size]
    return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])


def _fat_sectors(content: bytes) -> Iterator[int]:
    """The sectors of the table: those that the header names, and those of the sectors that go on with its list."""
    yield from filter(_is_sector, struct.unpack_from("<109I", content, DIFAT))
    sector, seen = _number(content, FIRST_DIFAT), set[int]()
    while _is_sector(sector):
        if sector in seen:
            raise _damaged()
        seen.add(sector)
        *named, sector = _sector(content, sector) or (RESERVED,)
        yield from filter(_is_sector, named)


def _is_sector(number: int) -> bool:
    return number < RESERVED


def _chain(following: Sequence[int], sector: int) -> Iterator[int]:
    """A sector and those behind it, in a table without a circle."""
    while sector < len(following):
        yield sector
        sector = following[sector]


def _has_circle(following: Sequence[int]) -> bool:
    """Whether somebody who goes on from sector to sector may come to one twice."""
    left: set[int] = set()
    for start in range(len(following)):
        way: set[int] = set()
        sector = start
        while sector < len(following) and sector not in left:
            if sector in way:
                return True
            way.add(sector)
            sector = following[sector]
        left |= way
    return False
