"""Rows as markup: whatever a record says stays text, and links lead to it and back."""

from types import SimpleNamespace
from typing import Any

from markupsafe import Markup

from webapp.screens.record import row_markup

WORDS = {"edit": "Edit", "delete": "{Delete}", "select": "Select"}
RECORD = SimpleNamespace(id="a&b,1", name='<b>"{key}"', figure=Markup("<i>5</i>"), nothing=None)


def markup(columns: list[row_markup.Column], **frame: Any) -> str:
    made = row_markup.Frame(sprite="/icons.svg", words=WORDS, **frame)
    return str(row_markup.rows([RECORD], columns, made, lambda row: row.id, lambda row: row.name))


def column(name: str, **more: Any) -> row_markup.Column:
    return row_markup.Column(lambda row: getattr(row, name), **more)


def test_text_is_escaped_and_markup_stays() -> None:
    shown = markup([column("name"), column("figure", is_number=True), column("nothing")])
    assert "<td>&lt;b&gt;&#34;{key}&#34;</td>" in shown
    assert '<td class="num"><i>5</i></td><td></td>' in shown


def test_links_name_their_record_and_the_way_back() -> None:
    addresses = {"edit": "/edit/?id=", "delete": "/delete/?id="}
    shown = markup([column("name")], can_choose=True, back="&url=/list%3Fa%3D1", **addresses)
    assert 'href="/edit/?id=a%26b%2C1&amp;url=/list%3Fa%3D1"' in shown
    assert 'name="rowid" value="a&amp;b,1" aria-label="Select: &lt;b&gt;&#34;{key}&#34;"' in shown
    assert 'title="{Delete}"' in shown


def test_what_nobody_may_do_is_not_there() -> None:
    shown = markup([column("name")])
    assert "<a " not in shown
    assert "<input" not in shown


def test_a_row_says_which_version_it_shows_where_its_cells_can_be_edited() -> None:
    assert markup([column("name")]).startswith("<tr><td>")
    assert markup([column("name")], version_of=lambda row: len(row.id)).startswith('<tr data-v="5"><td>')


def test_a_record_without_a_value_in_the_column_that_leads_to_it_is_called_by_its_name() -> None:
    shown = markup([column("nothing", details="/details/?id=", is_pinned=True)])
    assert '<td class=" pin"><a class="name" href="/details/?id=a%26b%2C1">&lt;b&gt;' in shown
