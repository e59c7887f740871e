"""What pages say while files are imported and many rows are edited, in both languages."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language that tests look for."""

    locale: str
    place: tuple[str, str]
    written: str
    # Whether it was under way, or waited to be tried again.
    stopped: re.Pattern[str]
    undone: str
    # What a worker is at, and what its change set says afterwards.
    undoing: str
    undone_by: str
    all_that_match: str
    would_change: str


JAPANESE = Words(
    "ja-JP",
    ("1,531 行目", "5 列目"),
    "書き込みました",
    re.compile("中止"),
    "元に戻しました",
    "変更セットを元に戻す",
    "この変更を元に戻した変更セット",
    "該当する 1,528 件すべてを編集",
    "%s 件が変わります",
)
ENGLISH = Words(
    "en-US",
    ("line 1,531", "column 5"),
    "was written",
    re.compile("stopped|cancelled"),
    "was undone",
    "Undo a change set",
    "Undone by",
    "Edit all 1,528 records that match",
    "%s records would change",
)
BOTH = [(words, {"locale": words.locale}) for words in (JAPANESE, ENGLISH)]
