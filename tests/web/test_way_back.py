"""The way back stays short, whatever a list was asked, and leads to no other site."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.web import way_back

CONDITIONS = {f"flt{place}_name_ja_contains": f"日本電気硝子工業{place}" for place in range(40)}
LONG = f"/admin/companies/?{urlencode(CONDITIONS)}"


@given(st.text(st.characters(codec="ascii", exclude_characters="\\", min_codepoint=33), max_size=2000))
def test_what_was_packed_is_unpacked(rest: str) -> None:
    assert way_back.unpacked(way_back.packed(f"/{rest}")) == f"/{rest}"


def test_a_long_address_takes_less_than_a_third_of_what_it_takes_in_another_one() -> None:
    assert len(LONG) > 3000
    assert len(quote(way_back.packed(LONG), safe="")) < len(quote(LONG, safe="")) / 3
    assert way_back.safe_next(way_back.packed(LONG)) == LONG


@pytest.mark.parametrize("text", ["~", "~x", "~eJw", "~eJwLAAAAAAE", "~あ", "~" + "A" * 50])
def test_what_nobody_packed_is_no_way(text: str) -> None:
    assert way_back.safe_next(text) is None


def test_a_packed_address_of_another_site_leads_nowhere() -> None:
    assert way_back.safe_next(way_back.packed(f"//example.com/{'x' * 500}")) is None
    assert way_back.safe_next(way_back.packed("/" + "x" * 100_000)) is None


@pytest.mark.parametrize(
    "target", ["/", "/admin/", "/admin/companies/?search=任天堂&page=2", "/a#b", "/a?u=https://x.example"]
)
def test_a_path_on_this_site_is_a_safe_next(target: str) -> None:
    assert way_back.safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "admin",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x",
        "/a\x00",
        "/\u2028/evil.example",
        "//[evil",
        "/" + "a" * 2000,
    ],
)
def test_anything_else_is_no_safe_next(target: str | None) -> None:
    assert way_back.safe_next(target) is None


@given(st.text(alphabet=st.sampled_from("/\\:@.?#%\t\r\n ae[]"), max_size=12))
def test_a_safe_next_never_names_a_host(target: str) -> None:
    accepted = way_back.safe_next(target)
    if accepted is not None:
        assert accepted.startswith("/")
        assert accepted[1:2] not in ("/", "\\")
        assert not set(accepted) & set("\t\r\n \\")
