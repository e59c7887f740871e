"""Whoever silences a check says on the same line why, in words of its own."""

import re
from collections.abc import Iterator

import pytest

from tests.house.sources import Source, broken, planted, python

SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore|nosec|pragma)\b[^#]*?(?:\s(?:-|#)\s(?P<reason>.*))?$")
# Whoever reads the line would have to look for the reason elsewhere.
ELSEWHERE = re.compile(r"(?:see |as |the )?(?:above|below|same)|as it is|dito|ours?", re.IGNORECASE)


def without_reason(source: Source) -> Iterator[tuple[int, str]]:
    """Lines on which a check is silenced for no reason, or for one that stands elsewhere."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if (silenced := SILENCED.search(line)) is not None:
            reason = (silenced["reason"] or "").strip()
            if not reason or ELSEWHERE.fullmatch(reason):
                yield number, line.strip()


def test_every_suppression_gives_its_own_reason() -> None:
    assert broken(without_reason, python()) == {}


@pytest.mark.parametrize("reason", ["", "  # see above", " - as above", "  # as it is", "  # same"])
def test_a_suppression_without_a_reason_of_its_own_is_found(reason: str) -> None:
    assert broken(without_reason, [planted(f"x = call()  # noqa: S603{reason}")])
    assert broken(without_reason, [planted(f"x = call()  # type: ignore[misc]{reason}")])


@pytest.mark.parametrize("reason", [" - the name of a field", "  # WTForms has no annotations"])
def test_a_reason_may_stand_behind_a_dash_or_a_second_sign(reason: str) -> None:
    assert broken(without_reason, [planted(f"x = call()  # noqa: S603{reason}")]) == {}
