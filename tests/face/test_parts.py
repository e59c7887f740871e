"""Flask-Admin's own hooks for rows and for forms within a form, with our templates under its names."""

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import axe, objections

__all__ = ["axe"]
ROOT = Path(__file__).parents[2]
LIST, EDIT = "/admin/companies/", "/admin/companies/edit/?id=1"
# What Flask-Admin asks for by name and what pages of others extend or import.
NAMES = (
    "admin/base.html",
    "admin/layout.html",
    "admin/index.html",
    "admin/actions.html",
    "admin/lib.html",
    *(f"admin/model/{name}.html" for name in ("list", "create", "edit", "details", "layout", "row_actions")),
    *(f"admin/model/inline_{name}.html" for name in ("field_list", "form", "list_base")),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_of_flask_admin_is_ours(sample_app: Flask, name: str) -> None:
    assert sample_app.jinja_env.get_template(name).filename == str(ROOT / "templates" / name)


def test_a_row_offers_what_its_view_adds(sample_app: Flask) -> None:
    page = sample_app.test_client().get(LIST, headers={"Accept-Language": "ja"}).text
    assert page.count('<th class="do" scope="col"><span class="sr">操作</span></th>') == 1
    (second,) = re.findall(r'<td class="do">(<a href="/elsewhere/2".*?)</td>', page)
    assert re.findall(r'href="([^"]+)" title="([^"]+)" aria-label="([^"]+)"', second) == [
        ("/elsewhere/2", "EDINETで見る", "EDINETで見る"),
        ("/admin/companies/details/?id=2", "履歴", "履歴"),
    ]
    assert re.findall(r"icons.svg#(\w+)", second) == ["link", "history"]


@pytest.mark.browser
def test_a_form_within_the_form_is_added_read_back_and_taken_away(page: Page, axe: str) -> None:
    page.goto(EDIT)
    group = page.get_by_role("group", name="セグメント", exact=True)
    expect(group.locator("fieldset")).to_have_count(0)
    add = group.get_by_role("button", name="セグメント: 追加")
    add.click()
    expect(page.locator("#segments-0-name")).to_be_focused()
    add.click()
    page.locator("#segments-0-name").fill("ゲーム専用機")
    page.locator("#segments-1-name").fill("映像")
    page.locator("#segments-1-sales").fill("△5")
    expect(group.locator("output").last).to_have_text("= ▲5 円")
    expect(page.locator("#segments-0-name")).to_have_accessible_description("注記のとおり。")
    expect(page.locator("[data-changes]")).to_have_text("3 項目を変更")
    assert objections(page, axe) == []
    group.get_by_role("button", name="外す").first.click()
    expect(page.locator("#segments-0-name")).to_have_count(0)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.keyboard.press("Control+s")
    assert re.findall(r'name="(segments[^"]*)"\r\n\r\n(.*)\r\n', sent.value.post_data or "") == [
        ("segments-1-name", "映像"),
        ("segments-1-sales", "△5"),
    ]


@pytest.mark.browser
def test_a_draft_brings_forms_within_the_form_back(page: Page) -> None:
    page.goto(EDIT)
    group = page.get_by_role("group", name="セグメント", exact=True)
    for name in ("ゲーム専用機", "映像"):
        group.get_by_role("button", name="セグメント: 追加").click()
        group.locator("[name$=-name]").last.fill(name)
    page.wait_for_timeout(600)  # the draft is kept once the typing has paused
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/")
    page.goto(EDIT)
    page.get_by_role("button", name="復元する").click()
    expect(page.locator("#segments-1-name")).to_have_value("映像")
    expect(group.locator("fieldset")).to_have_count(2)


def test_what_is_there_can_be_edited_and_taken_away_without_script(sample_app: Flask) -> None:
    form = {"name_ja": "", "segments-0-name": "ゲーム専用機", "segments-3-name": "映像"}
    client = sample_app.test_client()
    token = re.findall(r'name="csrf_token" value="([^"]+)"', client.get(EDIT).text)[0]
    page = client.post(EDIT, data=form | {"csrf_token": token}, headers={"Accept-Language": "ja"}).text
    assert re.findall(r'name="(segments-\d-name)"[^>]* value="([^"]+)"', page) == [
        ("segments-0-name", "ゲーム専用機"),
        ("segments-1-name", "映像"),
    ]
    assert re.findall(r'type="checkbox" name="(del-[^"]+)"', page) == ["del-segments-0", "del-segments-1"]
