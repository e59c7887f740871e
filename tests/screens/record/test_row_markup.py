"""Rows as markup: whatever a record says stays text, and links lead to it and back."""

from operator import attrgetter
from typing import Any

from markupsafe import Markup

from webapp.models.industry import Industry
from webapp.screens.record import row_markup
from webapp.words import speech

RECORD = Industry(
    code="a&b,1", name_ja='<b>"{key}"', name_en='<b>"{key}"', sector17_name_en="<i>5</i>", version=5
)
SPEECH = speech.of_language("en")


def markup(columns: list[row_markup.Column], **frame: Any) -> str:
    drawn = row_markup.Frame(SPEECH, "/details/?id=", **frame)
    return str(row_markup.rows([RECORD], columns, drawn))


def column(name: str, classes: str = "", *, is_link: bool = False) -> row_markup.Column:
    return row_markup.Column(attrgetter(name), row_markup.opening(classes), is_link)


def test_text_is_escaped_and_markup_stays() -> None:
    figure = row_markup.Column(lambda row: Markup(row.sector17_name_en), row_markup.opening("num"))
    shown = markup([column("name_ja"), figure, column("sector17_code")])
    assert "<td>&lt;b&gt;&#34;{key}&#34;</td>" in shown
    assert '<td class="num"><i>5</i></td><td></td>' in shown


def test_links_name_their_record_and_the_way_back() -> None:
    addresses = {"edit": "/edit/?id=", "delete": "/delete/?id="}
    shown = markup([column("name_ja")], can_choose=True, back="&url=/list%3Fa%3D1", **addresses)
    assert 'href="/edit/?id=a%26b.%2C1&amp;url=/list%3Fa%3D1"' in shown
    assert 'name="rowid" value="a&amp;b.,1" aria-label="Select: a&amp;b,1 &lt;b&gt;&#34;{key}&#34;"' in shown
    assert 'href="/delete/?id=a%26b.%2C1&amp;url=/list%3Fa%3D1" aria-label="Delete: a&amp;b,1 ' in shown


def test_what_nobody_may_do_is_not_there() -> None:
    shown = markup([column("name_ja")])
    assert "<a " not in shown
    assert "<input" not in shown


def test_a_row_says_which_version_it_shows_where_its_cells_can_be_edited() -> None:
    assert markup([column("name_ja")]).startswith("<tr><td>")
    assert markup([column("name_ja")], has_versions=True).startswith('<tr data-v="5"><td>')


def test_a_record_without_a_value_in_the_column_that_leads_to_it_is_called_by_its_name() -> None:
    shown = markup([column("sector17_code", "pin", is_link=True)])
    assert '<td class="pin"><a class="name" href="/details/?id=a%26b.%2C1">a&amp;b,1 &lt;b&gt;' in shown


def test_what_has_no_room_in_its_column_is_said_whole_and_latin_letters_take_half_of_it() -> None:
    narrow, wide = "株" * 18, "株" * 19
    latin, longer = "a" * 36, "a" * 37
    shown = [
        markup([row_markup.Column(lambda _row, text=text: text, "<td>")])
        for text in (narrow, wide, latin, longer)
    ]
    assert [" title=" in one for one in shown] == [False, True, False, True]
