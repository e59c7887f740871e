"""Read what EDINET's interface answers when it is asked for a day's documents: JSON, in the place of a CSV. Pure.

Source: EDINET API 仕様書 (Version 2), 書類一覧API, type 2: `metadata` with the day and the status, `results` with a row
each, by the names of the list's columns. A refusal comes in the same shape, or as {"StatusCode": 401}, with HTTP 200.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from webapp.files import delimited
from webapp.files.delimited import Record
from webapp.files.rows import WrongFile, shown

OK = "200"
STATUS_NAMES = ("StatusCode", "statusCode", "status")


def is_answer(text: str) -> bool:
    """Whether a text begins as one."""
    return text.lstrip()[:1] == "{"


def is_of_a_day(beginning: str) -> bool:
    """Whether an answer that begins so is a list of documents: it says when it was made, as no other JSON does."""
    return '"processDateTime"' in beginning


def status(answer: Any) -> str | None:
    """The status that an answer of EDINET's tells in its body; None where it tells none."""
    metadata = answer.get("metadata") if isinstance(answer, dict) else None
    for part in (answer, metadata):
        if isinstance(part, dict):
            code = next((part[name] for name in STATUS_NAMES if part.get(name) is not None), None)
            if code is not None:
                return str(code)
    return None


def read(text: str, headings: Sequence[str]) -> tuple[date | None, Sequence[Record]]:
    """The day that an answer is about, and its rows below a row of these headings; raises WrongFile."""
    answer = parsed(text)
    code = status(answer)
    if code not in (OK, None):
        raise WrongFile(
            expected="the list that EDINET gives of a day",
            found="its refusal, %(status)s",
            status=shown(code),
        )
    rows = answer.get("results")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WrongFile(expected="the list that EDINET gives of a day", found="other JSON")
    if len(rows) > delimited.MAX_RECORDS:
        raise WrongFile(expected="at most %(most)s rows", found="more", most=f"{delimited.MAX_RECORDS:,}")
    records = [
        delimited.record(number, [_cell(row, name) for name in headings])
        for number, row in enumerate(rows, start=2)
    ]
    return _day(answer), [delimited.record(1, headings), *records]


def parsed(text: str) -> dict[str, Any]:
    """The object that a text which begins as an answer holds; raises WrongFile."""
    try:
        answer = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise WrongFile(expected="a daily list as CSV or JSON", found="JSON that cannot be read") from None
    assert isinstance(answer, dict)  # it begins with a brace
    return answer


def _cell(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _day(answer: Mapping[str, Any]) -> date | None:
    metadata = answer.get("metadata")
    parameter = metadata.get("parameter") if isinstance(metadata, dict) else None
    try:
        return date.fromisoformat(parameter["date"]) if isinstance(parameter, dict) else None
    except (KeyError, TypeError, ValueError):
        return None
