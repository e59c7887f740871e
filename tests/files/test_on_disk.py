"""Only a regular file up to the limit is read, whatever stands at the path."""

import os
from pathlib import Path

import pytest

from webapp.files import on_disk
from webapp.files.rows import WrongFile


def test_a_file_is_read_up_to_the_limit(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"12345")
    assert on_disk.read(tmp_path / "list", 5) == b"12345"
    with pytest.raises(WrongFile, match="a larger one"):
        on_disk.read(tmp_path / "list", 4)


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(b"1")
    (tmp_path / "link").symlink_to(tmp_path / "list")
    assert on_disk.read(tmp_path / "link", 5) == b"1"


@pytest.mark.timeout(10)
@pytest.mark.parametrize("what", ["pipe", "/dev/zero", "folder"])
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, what: str) -> None:
    path = tmp_path / what
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
    else:
        path = Path(what)
    with pytest.raises(WrongFile, match="a regular file"):
        on_disk.read(path, 5)


def test_a_file_that_has_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="found No such file"):
        on_disk.read(tmp_path / "gone", 5)
