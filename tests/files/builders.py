"""Small lists as EDINET and JPX would write them, for tests to spoil."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from webapp.files import edinet_codes, jpx_list

COMPANY = {
    "ＥＤＩＮＥＴコード": "E00004",
    "提出者種別": "内国法人・組合",
    "上場区分": "上場",
    "連結の有無": "有",
    "資本金": "1491",
    "決算日": "5月31日",
    "提出者名": "試験種苗株式会社",
    "提出者名（英字）": "SHIKEN SEEDS CO., LTD.",
    "提出者名（ヨミ）": "シケンシュビョウカブシキガイシャ",
    "所在地": "前橋市古市町一丁目５０番地１２",
    "提出者業種": "水産・農林業",
    "証券コード": "13760",
    "提出者法人番号": "5070001000715",
}
PERSON_NAME = "甲野　乙太郎"
PERSON = {
    "ＥＤＩＮＥＴコード": "E00999",
    "提出者種別": "個人（組合発行者を除く）",
    "提出者名": PERSON_NAME,
    "提出者名（ヨミ）": "コウノ　オツタロウ",
    "提出者業種": "個人（組合発行者を除く）",
}
ISSUE = {
    "日付": "20250530",
    "コード": "1301",
    "銘柄名": "極洋",
    "市場・商品区分": "プライム（内国株式）",
    "33業種コード": "50",
    "33業種区分": "水産・農林業",
    "17業種コード": "1",
    "17業種区分": "食品",
    "規模コード": "7",
    "規模区分": "TOPIX Small 2",
}


def company(changes: Mapping[str, str] | None = None, *, code: str = "E00004") -> dict[str, str]:
    """A company's row without any other code, with `changes` of its cells by heading."""
    return {**COMPANY, "証券コード": "", "提出者法人番号": "", "ＥＤＩＮＥＴコード": code, **(changes or {})}


def issue(changes: Mapping[str, str] | None = None, *, code: str = "1301") -> dict[str, str]:
    """An issue's row with `changes` of its cells by heading."""
    return {**ISSUE, "コード": code, **(changes or {})}


def edinet_text(*rows: Mapping[str, str], count: int | None = None, day: str = "2023年10月31日") -> str:
    """The list's CSV: title, headings, rows; `count` is what the title claims where that is not the truth."""
    title = f"ダウンロード実行日,{day}現在,件数,{len(rows) if count is None else count}件\r\n"
    return (
        title + ",".join(edinet_codes.HEADINGS) + "\r\n" + table(edinet_codes.HEADINGS, rows, csv.QUOTE_ALL)
    )


def edinet_csv(*rows: Mapping[str, str], count: int | None = None) -> bytes:
    return edinet_text(*rows, count=count).encode("cp932")


def edinet_zip(*rows: Mapping[str, str]) -> bytes:
    return zipped({"EdinetcodeDlInfo.csv": edinet_csv(*rows)})


def jpx_text(*rows: Mapping[str, str]) -> str:
    return ",".join(jpx_list.HEADINGS) + "\n" + table(jpx_list.HEADINGS, rows, csv.QUOTE_MINIMAL)


def jpx_csv(*rows: Mapping[str, str]) -> bytes:
    return jpx_text(*rows).encode("utf-8-sig")


def table(headings: Sequence[str], rows: Sequence[Mapping[str, str]], quoting: int) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=quoting, lineterminator="\r\n")  # type: ignore[arg-type]  # csv.QUOTE_…
    writer.writerows([row.get(heading, "") for heading in headings] for row in rows)
    return stream.getvalue()


def zipped(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in files.items():
            # The same files make the same bytes, whenever.
            archive.writestr(zipfile.ZipInfo(name), content, compression)
    return stream.getvalue()


@st.composite
def spoiled(draw: st.DrawFn, content: bytes) -> bytes:
    """The content with a few bytes changed, lost, put in between, or cut off at the end."""
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(content) - 1)))
        length = draw(st.integers(0, 40))
        end = draw(st.sampled_from((place, place + 1, place + length, len(content))))
        content = content[:place] + draw(st.binary(max_size=6)) + content[end:]
    return content
