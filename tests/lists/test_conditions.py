"""Conditions in an address: written and read again, whatever their order, and garbage read as nothing."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.lists import conditions, filters
from webapp.lists.conditions import Asked
from webapp.models.company import Company
from webapp.services.changes import row_codec
from webapp.words import speech

COLUMNS = row_codec.table_of(Company).c
FILTERS = {
    one.arg: one
    for name in (
        "listing_status",
        "market_division",
        "ticker_symbol",
        "capital_stock",
        "filer_type",
        "fiscal_year_end_month",
    )
    for one in filters.for_column(COLUMNS[name])
}
# A condition of its own, or one of a group; letters as they are written.
asked = st.lists(
    st.builds(
        Asked,
        st.sampled_from(list(FILTERS.values())),
        st.text(min_size=1, max_size=5).filter(str.strip),
        st.sampled_from(["", "a", "b", "c"]),
    ),
    max_size=12,
)


def read(pairs: list[tuple[str, str]]) -> list[Asked]:
    typed, strange = conditions.read(pairs)
    assert strange == []
    return [Asked(FILTERS[one.arg], one.value, one.group) for one in typed]


def words(asked: Iterable[Asked]) -> list[tuple[str, str]]:
    """Filters and values, whatever their order and the letters of their groups."""
    return sorted((one.filter.arg, one.value) for one in asked)


@given(asked)
def test_what_is_written_is_read_again(wanted: list[Asked]) -> None:
    once = read(conditions.write(wanted))
    assert words(once) == words(wanted)
    again = read(conditions.write(once))
    # Groups that came in another order are lettered anew, and stay so.
    assert read(conditions.write(again)) == again
    together = {tuple(words(some)) for some in conditions.alternatives(wanted)}
    assert together == {tuple(words(some)) for some in conditions.alternatives(again)}


@given(st.lists(asked, max_size=2).map(lambda many: [one for some in many for one in some]))
def test_every_name_of_an_address_is_written_once(wanted: list[Asked]) -> None:
    names = [name for name, _value in conditions.write(wanted)]
    assert len(names) == len(set(names))


@given(st.lists(st.tuples(st.text(max_size=8).map("flt".__add__), st.text(max_size=3)), max_size=8))
def test_whatever_stands_in_an_address_is_read_or_named(pairs: list[tuple[str, str]]) -> None:
    typed, strange = conditions.read(pairs)
    said = [pair for pair in pairs if pair[1].strip()]
    assert len(typed) + len(strange) == len(said)
    assert set(strange) <= set(said)


def test_more_than_anybody_asks_is_not_read() -> None:
    typed, strange = conditions.read([(f"flt{n}_x", "1") for n in range(conditions.MOST + 3)])
    assert (len(typed), len(strange)) == (conditions.MOST, 3)


def test_the_values_of_a_facet_can_be_left_out() -> None:
    market, stock = FILTERS["market_division_is"], FILTERS["capital_stock_from"]
    empty = FILTERS["market_division_empty"]
    wanted = [Asked(market, "PRIME"), Asked(empty, "1"), Asked(stock, "5")]
    wanted += [Asked(market, "GROWTH", "a"), Asked(stock, "7", "a")]
    assert [str(one) for one in conditions.combined(wanted)] == [
        "companies.market_division = :market_division_1 OR companies.market_division IS NULL",
        "companies.capital_stock >= :capital_stock_1",
        "companies.market_division = :market_division_1 OR companies.capital_stock >= :capital_stock_1",
    ]
    rest = conditions.combined(wanted, but="market_division")
    assert [str(one) for one in rest] == [
        "companies.capital_stock >= :capital_stock_1",
        "companies.market_division = :market_division_1 OR companies.capital_stock >= :capital_stock_1",
    ]


@pytest.mark.parametrize(
    ("arg", "value", "english", "japanese"),
    [
        ("market_division_is", "PRIME", "Market division: Prime", "市場区分：プライム"),
        ("capital_stock_from", "1000", "Capital stock: 1,000 yen or more", "資本金：1,000 円以上"),
        ("market_division_empty", "1", "Market division: only empty", "市場区分：空欄のみ"),
        ("market_division_empty", "0", "Market division: only filled in", "市場区分：入力ありのみ"),
        ("capital_stock_from", "100億", "Capital stock: 10,000,000,000 yen or more", "資本金：100億円以上"),
        (
            "capital_stock_to",
            "1億2,345万円",
            "Capital stock: 123,450,000 yen or less",
            "資本金：1億2,345万円以下",
        ),
        ("capital_stock_to", "△1億", "Capital stock: ▲100,000,000 yen or less", "資本金：▲1億円以下"),
        ("market_division_not", "PRIME", "Market division: not Prime", "市場区分：プライム以外"),
        ("filer_type_lacks", "内国", "Filer type: does not contain “内国”", "提出者種別：「内国」を含まない"),
        ("fiscal_year_end_month_is", "3", "Fiscal year end, month: March", "決算月：3月"),
        ("filer_type_contains", "内国", "Filer type: contains “内国”", "提出者種別：「内国」を含む"),
    ],
)
def test_a_condition_reads_as_people_say_it(arg: str, value: str, english: str, japanese: str) -> None:
    for language, words in (("en", english), ("ja", japanese)):
        listener = speech.of_language(language)
        assert listener.pair(*conditions.in_words(Asked(FILTERS[arg], value), listener)) == words
