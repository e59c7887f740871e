"""What makes a count of shares acceptable: issued, and the company's own among them."""

from collections.abc import Iterator, Mapping
from typing import Any

from webapp.rules.fields import Between, Text
from webapp.rules.findings import Finding

COUNT = Between(0, 2**53)
SOURCE = Text(200)

# As CHECKs.
HAS_SHARES = "issued > 0"
OWN_AMONG_ISSUED = "treasury <= issued"


def check(row: Mapping[str, Any]) -> Iterator[Finding]:
    """What is wrong between the counts of one day."""
    issued, treasury = row.get("issued"), row.get("treasury")
    if issued == 0:
        yield Finding("issued", "must be above zero")
    # 会社法 第113条第4項, 第155条: own shares are issued ones that the company has acquired.
    if issued is not None and treasury is not None and treasury > issued:
        yield Finding("treasury", "must not be above the shares issued")
