"""Chains of sectors that have no end: an .xls of 1,500 bytes took all the memory that there was."""

import struct

import pytest

from tests.files import builders, workbook_builders
from webapp.files import jpx_list, workbooks
from webapp.files.containers import compound
from webapp.files.rows import WrongFile

SOUND = workbook_builders.xls([list(jpx_list.HEADINGS), list(builders.ISSUE.values())])
# The builder's table is sector 0, its directory sector 1, and from there on its stream.
TABLE, STREAM = 512, 2
END = 0xFFFFFFFE


def patched(*numbers: tuple[int, int], content: bytes = SOUND) -> bytes:
    """The content with these numbers at these places."""
    changed = bytearray(content)
    for place, number in numbers:
        struct.pack_into("<I", changed, place, number)
    return bytes(changed)


def entry(sector: int) -> int:
    return TABLE + 4 * sector


LAST_OF_A_SECTOR = 2 * 512 + 508
# A sector behind the stream that a table of its own fills.
BEHIND = (len(SOUND) - 512) // 512


@pytest.mark.parametrize(
    "content",
    [
        patched((entry(1), 1)),
        patched((entry(STREAM + 1), STREAM)),
        patched((entry(BEHIND - 1), STREAM)),
        patched((compound.FIRST_DIFAT, 1), (LAST_OF_A_SECTOR, 1)),
        patched(
            (compound.FIRST_MINI_FAT, BEHIND),
            (entry(BEHIND), END),
            content=SOUND + struct.pack("<128I", 1, 0, *[END] * 126),
        ),
    ],
)
def test_a_chain_that_leads_back_into_itself_is_damage_and_nobody_follows_it(content: bytes) -> None:
    with pytest.raises(WrongFile, match="damaged or of an unknown kind"):
        workbooks.first_sheet(content)


def test_a_sound_workbook_and_what_is_cut_off_are_not_its_matter() -> None:
    for length in (0, 100, 512, 700, 1200, len(SOUND)):
        compound.require_sound(SOUND[:length])
    compound.require_sound(patched((compound.SECTOR_SHIFT, 40)))
