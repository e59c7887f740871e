"""Fetch files from EDINET into a folder, from which they are imported; what is there is not asked for again."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from webapp.files import archives, edinet_answers, edinet_documents
from webapp.rules.statement import DOC_ID
from webapp.services.intake.fetching.asking import Edinet, NotFetched

FETCHED, KEPT, NOT_FETCHED = "fetched", "kept", "not_fetched"
# As far back as EDINET shows documents (仕様書 3-1: ten years); more days at once are a typing mistake.
MOST_DAYS = 3660


class WrongWish(ValueError):
    """What is asked for makes no sense; `reason` is an English msgid."""

    def __init__(self, reason: str, **values: object) -> None:
        self.reason, self.values = reason, values
        super().__init__(reason % values if values else reason)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file: what it will be called, how it is asked for, whether its bytes are one, and whether they are final."""

    name: str
    ask: Callable[[Edinet], bytes]
    is_sound: Callable[[bytes], bool]
    is_final: Callable[[bytes], bool] = lambda _content: True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: `fetched`, `kept` because it was there, or `not_fetched`, and then why."""

    path: Path
    status: str
    failure: NotFetched | None = None


def code_list(today: date) -> Sequence[Wanted]:
    """The EDINET code list of today."""
    return [Wanted(f"Edinetcode_{today:%Y%m%d}.zip", Edinet.code_list, archives.is_zip)]


def days(first: date, last: date, today: date) -> Sequence[Wanted]:
    """The lists of documents from one day to another; raises WrongWish."""
    if last < first:
        raise WrongWish("the last day is before the first")
    if last > today:
        raise WrongWish("%(day)s is still to come", day=last.isoformat())
    number = (last - first).days + 1
    if number > MOST_DAYS:
        raise WrongWish("more than %(most)s days", most=f"{MOST_DAYS:,}")
    return [_day(first + timedelta(days=step)) for step in range(number)]


def filings(doc_ids: Sequence[str]) -> Sequence[Wanted]:
    """Documents by their numbers; raises WrongWish."""
    wrong = [doc_id for doc_id in doc_ids if DOC_ID.broken_by(doc_id)]
    if wrong:
        raise WrongWish("%(document)s is no document's number", document=wrong[0])
    return [_filing(doc_id) for doc_id in dict.fromkeys(doc_ids)]


def filings_of(lists: Iterable[Path]) -> Sequence[Wanted]:
    """The reports of companies in fetched lists of days, as far as they are given as CSV and stand."""
    rows = (row for path in lists for row in json.loads(path.read_bytes())["results"])
    return filings([row["docID"] for row in rows if isinstance(row, dict) and _is_of_company(row)])


def _is_of_company(row: Mapping[str, Any]) -> bool:
    return (
        row.get("docTypeCode") in edinet_documents.IN_SCOPE
        and row.get("ordinanceCode") != edinet_documents.OF_FUNDS
        and row.get("csvFlag") == "1"
        and row.get("withdrawalStatus") == "0"
        and isinstance(row.get("docID"), str)
    )


def into(
    folder: Path, files: Sequence[Wanted], edinet: Edinet, *, is_anew: bool = False
) -> Iterator[Outcome]:
    """Fetch what is not in the folder yet, or everything anew, and tell of each file as it comes.

    A file is there whole or not at all: whatever ends this, the same call goes on where it stopped. What fails by
    itself is told and the rest goes on; after what fails for all, such as a bad key, nothing more is asked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    over: NotFetched | None = None
    for one in files:
        path = folder / one.name
        if not is_anew and _is_there(path, one):
            yield Outcome(path, KEPT)
        elif over is not None:
            yield Outcome(path, NOT_FETCHED, over)
        else:
            outcome = _fetch(path, one, edinet)
            over = outcome.failure if outcome.failure is not None and outcome.failure.is_final else None
            yield outcome


def _fetch(path: Path, file: Wanted, edinet: Edinet) -> Outcome:
    try:
        content = file.ask(edinet)
        if not file.is_sound(content):
            raise NotFetched("EDINET answers with something else than the file")
    except NotFetched as failure:
        return Outcome(path, NOT_FETCHED, failure)
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    os.replace(part, path)
    return Outcome(path, FETCHED)


def _is_there(path: Path, file: Wanted) -> bool:
    if not path.is_file():
        return False
    content = path.read_bytes()
    return file.is_sound(content) and file.is_final(content)


def _day(day: date) -> Wanted:
    def ask(edinet: Edinet) -> bytes:
        return edinet.documents(day.isoformat())

    def is_final(content: bytes) -> bool:
        """Whether the list was made after its day was over: until then it grows."""
        made_at = str(json.loads(content)["metadata"].get("processDateTime"))
        try:
            return date.fromisoformat(made_at[:10]) > day
        except ValueError:
            return False

    return Wanted(f"{day.isoformat()}.json", ask, _is_list, is_final)


def _is_list(content: bytes) -> bool:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return False
    has_rows = isinstance(answer, dict) and isinstance(answer.get("results"), list)
    return has_rows and edinet_answers.status(answer) == edinet_answers.OK


def _filing(doc_id: str) -> Wanted:
    return Wanted(f"{doc_id}.zip", lambda edinet: edinet.filing(doc_id), archives.is_zip)
