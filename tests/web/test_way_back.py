"""The way back stays short, whatever a list was asked."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.web import guard, way_back

CONDITIONS = {f"flt{place}_name_ja_contains": f"日本電気硝子工業{place}" for place in range(40)}
LONG = f"/admin/companies/?{urlencode(CONDITIONS)}"


@given(st.text(st.characters(codec="ascii", exclude_characters="\\", min_codepoint=33), max_size=2000))
def test_what_was_packed_is_unpacked(rest: str) -> None:
    assert way_back.unpacked(way_back.packed(f"/{rest}")) == f"/{rest}"


def test_a_long_address_takes_less_than_a_third_of_what_it_takes_in_another_one() -> None:
    assert len(LONG) > 3000
    assert len(quote(way_back.packed(LONG), safe="")) < len(quote(LONG, safe="")) / 3
    assert guard.safe_next(way_back.packed(LONG)) == LONG


@pytest.mark.parametrize("text", ["~", "~x", "~eJw", "~eJwLAAAAAAE", "~あ", "~" + "A" * 50])
def test_what_nobody_packed_is_no_way(text: str) -> None:
    assert guard.safe_next(text) is None


def test_a_packed_address_of_another_site_leads_nowhere() -> None:
    assert guard.safe_next(way_back.packed(f"//example.com/{'x' * 500}")) is None
    assert guard.safe_next(way_back.packed("/" + "x" * 100_000)) is None
