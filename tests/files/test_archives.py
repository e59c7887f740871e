import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.files import builders
from webapp.files import archives
from webapp.files.rows import WrongFile

CSV = b"a,b\r\n1,2\r\n" * 50
ZIP = builders.zipped({"list.csv": CSV})


def test_the_one_csv_of_a_zip_is_read() -> None:
    assert archives.only_csv(builders.zipped({"README.txt": b"x", "LIST.CSV": CSV})) == CSV


def test_what_a_mac_adds_to_a_zip_does_not_count() -> None:
    assert archives.only_csv(builders.zipped({"list.csv": CSV, "__MACOSX/._list.csv": b"x"})) == CSV


def test_folders_in_a_zip_do_not_count() -> None:
    assert archives.check(builders.zipped({"a.csv/": b"", "b/list.txt": CSV})) == ("b/list.txt",)


def test_a_zip_without_or_with_several_csv_files_is_refused() -> None:
    with pytest.raises(WrongFile, match=r"found 0 CSV files in it \(nothing\)"):
        archives.only_csv(builders.zipped({}))
    with pytest.raises(WrongFile, match=r"found 0 CSV files in it \(XBRL/report\.xbrl\)"):
        archives.only_csv(builders.zipped({"XBRL/report.xbrl": b"x"}))
    with pytest.raises(WrongFile, match=r"found 2 CSV files in it \(a\.csv, b\.csv\)"):
        archives.only_csv(builders.zipped({"a.csv": CSV, "b.csv": CSV}))


@pytest.mark.parametrize(
    "name",
    ["../list.csv", "a/../../list.csv", "/etc/list.csv", "C:list.csv", "..\\list.csv", "\\\\host\\list.csv"],
)
def test_a_name_that_leads_out_of_the_zip_is_refused(name: str) -> None:
    with pytest.raises(WrongFile, match="file names that stay inside the zip"):
        archives.only_csv(builders.zipped({name: CSV}))


def test_a_file_without_a_name_is_refused() -> None:
    # The name's length, in the central directory (offset 28); its eight bytes pass for an extra field then.
    content = bytearray(builders.zipped({"\x01\x00\x04\x00.csv": CSV}))
    central = content.index(b"PK\x01\x02")
    content[central + 28 : central + 32] = bytes((0, 0, 8, 0))
    with pytest.raises(WrongFile, match="file names that stay inside the zip"):
        archives.only_csv(bytes(content))


def test_a_zip_with_a_password_is_refused() -> None:
    # Bit 0 of the flags, in the local header (offset 6) and in the central directory (offset 8).
    content = bytearray(ZIP)
    content[6] |= 1
    content[ZIP.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(WrongFile, match="protected by a password"):
        archives.only_csv(bytes(content))


def test_an_unusual_compression_is_refused() -> None:
    with pytest.raises(WrongFile, match="packed in an unusual way"):
        archives.only_csv(builders.zipped({"list.csv": CSV}, zipfile.ZIP_LZMA))


def test_a_zip_of_too_many_files_is_refused() -> None:
    full = {f"{n}.csv": b"" for n in range(archives.MAX_ENTRIES + 1)}
    with pytest.raises(WrongFile, match="at most 100 files; found one of 101"):
        archives.check(builders.zipped(full))


def test_a_zip_that_swells_is_refused_before_it_is_unpacked() -> None:
    swelling = builders.zipped({"list.csv": b"0" * (archives.RATIO_MATTERS_ABOVE + 1)})
    with pytest.raises(WrongFile, match=r"shrink at most 100-fold in the zip; found more in list\.csv"):
        archives.only_csv(swelling)


def test_a_small_file_may_be_as_repetitive_as_it_likes() -> None:
    content = b"0" * (archives.RATIO_MATTERS_ABOVE // 2)
    assert archives.only_csv(builders.zipped({"list.csv": content})) == content


def test_a_zip_that_is_too_large_altogether_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", len(CSV))
    assert archives.only_csv(ZIP) == CSV
    with pytest.raises(WrongFile, match="bytes when unpacked; found one of 1,000 bytes"):
        archives.only_csv(builders.zipped({"list.csv": CSV, "more.txt": CSV}))


def test_a_size_that_lies_is_damage() -> None:
    content = bytearray(ZIP)
    central = ZIP.index(b"PK\x01\x02")
    content[central + 24 : central + 28] = (10).to_bytes(4, "little")
    with pytest.raises(WrongFile, match="cut off or damaged"):
        archives.only_csv(bytes(content))


def test_a_flipped_bit_in_the_packed_data_is_damage() -> None:
    stored = bytearray(builders.zipped({"list.csv": CSV}, zipfile.ZIP_STORED))
    stored[stored.index(b"1,2")] ^= 1
    with pytest.raises(WrongFile, match="cut off or damaged"):
        archives.only_csv(bytes(stored))


@given(st.integers(4, len(ZIP) - 1))
def test_a_zip_cut_off_anywhere_is_damage(length: int) -> None:
    assert archives.is_zip(ZIP[:length])
    with pytest.raises(WrongFile, match="cut off or damaged"):
        archives.only_csv(ZIP[:length])


@given(builders.spoiled(ZIP))
def test_a_spoiled_zip_is_read_whole_or_refused(content: bytes) -> None:
    try:
        found = archives.only_csv(content)
    except WrongFile:
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert found in [archive.read(name) for name in archive.namelist()]
