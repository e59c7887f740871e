"""What makes a former name or code of a company acceptable."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.rules import names
from webapp.rules.fields import OneOf, Text
from webapp.rules.findings import Finding

# Each is the field of the company that held it; our own number, of a row that was merged into another one.
NUMBER = "id"
CODES = ("ticker_symbol", "edinet_code", "corporate_number")
KEPT = ("name_ja", "name_en", "name_kana", *CODES)
KIND = OneOf((*KEPT, NUMBER))
VALUE = Text(200)
SOURCE = Text(500)


def derive(row: Mapping[str, Any]) -> dict[str, Any]:
    """What it is found by."""
    value = row.get("value")
    return {"value_folded": names.key(value)} if value else {}


def check(row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong between the fields of one of them."""
    begins, ends = row.get("valid_from"), row.get("valid_until")
    if begins and ends and ends < begins:
        yield Finding("valid_until", "must not be before the day from which it was valid")
