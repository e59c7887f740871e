import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.files import encodings
from webapp.files.rows import WrongFile

NAME = "株式会社　髙島屋"  # 髙 is in cp932 and not in plain Shift_JIS


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (NAME.encode("cp932"), "cp932"),
        (NAME.encode(), "utf-8"),
        (NAME.encode("utf-8-sig"), "utf-8"),
        (codecs.BOM_UTF16_LE + NAME.encode("utf-16-le"), "utf-16"),
        (codecs.BOM_UTF16_BE + NAME.encode("utf-16-be"), "utf-16"),
    ],
)
def test_text_is_read_in_each_encoding_and_loses_its_byte_order_mark(content: bytes, encoding: str) -> None:
    assert encodings.decode(content) == (NAME, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", ["\t", ","])
def test_utf_16_is_read_without_a_byte_order_mark_too(encoding: str, separator: str) -> None:
    rows = (("コード", "銘柄名", "市場・商品区分"), ("1301", NAME, "プライム（内国株式）"))
    text = "".join(separator.join(row) + "\r\n" for row in rows)
    assert encodings.decode(text.encode(encoding)) == (text, "utf-16")


def test_a_zero_alone_makes_no_utf_16() -> None:
    content = f"コード,銘柄名\r\n1301,{NAME}\0\r\n".encode()
    assert encodings.decode(content)[1] == "utf-8"


@pytest.mark.parametrize("content", [b"", b" \r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_an_empty_file_is_refused(content: bytes) -> None:
    with pytest.raises(WrongFile, match="found an empty file"):
        encodings.decode(content)


def test_bytes_in_no_encoding_are_refused_by_the_line_and_the_encodings_tried() -> None:
    with pytest.raises(WrongFile, match="bytes in line 2 that are no valid utf-8 / cp932"):
        encodings.decode(NAME.encode("cp932") + b"\n\x81\x00\xff\xfd\n")


def test_a_byte_order_mark_is_believed() -> None:
    with pytest.raises(WrongFile, match="no valid utf-16-le"):
        encodings.decode(codecs.BOM_UTF16_LE + b"odd")
    with pytest.raises(WrongFile, match="no valid utf-8"):
        encodings.decode(codecs.BOM_UTF8 + NAME.encode("cp932"))


def test_a_text_longer_than_any_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "MAX_TEXT_BYTES", 4)
    assert encodings.decode(b"1301")[0] == "1301"
    with pytest.raises(WrongFile, match="at most 4 bytes; found one of 5 bytes"):
        encodings.decode(b"1301\n")


@given(st.binary(max_size=200))
def test_any_bytes_are_text_or_a_wrong_file(content: bytes) -> None:
    try:
        text, encoding = encodings.decode(content)
    except WrongFile:
        return
    assert text.strip()
    assert encoding in ("utf-8", "utf-16", "cp932")
