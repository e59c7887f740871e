"""How much of our own code a filtered list of one company runs: calls, and the files that they are in."""

import sys
from collections import Counter
from collections.abc import Iterator
from types import FrameType

from sqlalchemy import select

from tests.bench.applications import Applications
from tests.bench.measuring import Measurement
from tests.bench.place import ROOT
from webapp import db
from webapp.models.company import Company

OURS = f"{ROOT / 'webapp'}/"
MOST_CALLS, MOST_FILES = 500, 25
# What is worked out once, such as the labels of a language, is not counted.
WARM_UP = 3


def measure(here: Applications) -> Iterator[Measurement]:
    """Calls of ours, and files, of one request."""
    with here.ours.client.application.app_context():
        code = db.session.scalar(select(Company.edinet_code).where(Company.edinet_code.is_not(None)).limit(1))
    path = f"/admin/companies/?flt0_edinet_code_is={code}"
    for _ in range(WARM_UP):
        here.ours.get(path)
    calls = counted(here, path)
    most = ", ".join(f"{file} {number}" for file, number in calls.most_common(5))
    yield Measurement("filtered list of one company, our calls", calls.total(), "", most, MOST_CALLS)
    yield Measurement("filtered list of one company, our files", len(calls), "", "", MOST_FILES)


def counted(here: Applications, path: str) -> Counter[str]:
    """The calls of our functions, by file, while a page is answered."""
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(OURS):
            calls[file.removeprefix(OURS)] += 1

    sys.setprofile(note)
    try:
        here.ours.get(path)
    finally:
        sys.setprofile(None)
    return calls
