"""How to get to a page, or to a state of one; each row's address is looked up once."""

import html
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.files.builders import company, edinet_text
from tests.screens.browsing import fields

Way = Callable[[Page], None]
COMPANIES = "/admin/companies/"
NINTENDO = f"{COMPANIES}?search=7974"
NAGOYA = f"{COMPANIES}?search=6797"
NAMES = ("Nagoya Electric Works Co., Ltd.", "Nagoya Electric Works Company, Limited")
VIEW = "商号順"
VIEWS = "/admin/views/"
UPLOADS = "/admin/imports/new/"
# What offers to undo what was just saved.
UNDO = "[data-flash=good] [data-key=u]"
_addresses: dict[tuple[str, str], str] = {}
# Answers once what is typed has been kept; a page's policy refuses it to no function.
DRAFT = """() => new Promise((kept) => {
    const isKept = () => Object.keys(localStorage).some((key) => key.startsWith('draft:'));
    const look = () => (isKept() ? kept() : setTimeout(look, 20));
    look();
})"""


def at(path: str, page: Page) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok, f"{answer.status} {path}"


def error(status: int, path: str, page: Page) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status


def of_first_row(path: str, part: str, page: Page) -> None:
    """A page of the first row of a list: what that row's link leads to."""
    at(address_of_first_row(path, part, page), page)


def statement_of_a_day(page: Page) -> None:
    """The page of a statement as it was known on a day, with ten periods of it."""
    address = address_of_first_row("/admin/statements/", "/statements/details/", page)
    at(f"{address}&known_on=2026-01-31&periods=10", page)


def verification(page: Page) -> None:
    """The page on which fields of a company are verified, by its key."""
    of_first_row(NINTENDO, "/companies/details/", page)
    page.keyboard.press("c")
    expect(page.locator("#verbs")).to_be_visible()


def formula(page: Page) -> None:
    """How an indicator was computed, of the first row of their list."""
    of_first_row("/admin/indicators/", "/indicators/details/", page)
    page.locator("a[href*='/indicators/formula/']").first.click()
    expect(page.locator("#formula-title")).to_be_visible()


def address_of_first_row(path: str, part: str, page: Page) -> str:
    """Where that is, looked up once in the one installation that a process drives."""
    if (path, part) not in _addresses:
        _addresses[path, part] = _first_link(path, part, page)
    return _addresses[path, part]


def _first_link(path: str, part: str, page: Page) -> str:
    rows = page.request.get(path).text().partition("<tbody")[2]
    link = re.search(rf'href="([^"]*{re.escape(part)}[^"]*)"', rows)
    assert link is not None, f"{part} in {path}"
    return html.unescape(link[1])


def merging(page: Page) -> None:
    of_first_row(NINTENDO, "/companies/details/", page)
    page.locator(".acts a[href*='/merge/']").click()
    expect(page.locator("#other")).to_be_visible()


def merging_choices(page: Page) -> None:
    merging(page)
    page.locator("#other").fill("6703")
    page.keyboard.press("Enter")
    expect(page.locator("input[type=radio][value=goes]").first).to_be_visible()


def form_with_errors(page: Page) -> None:
    of_first_row(NINTENDO, "/companies/edit/", page)
    page.locator("[name=name_ja]").fill("")
    page.locator("[name=capital_stock]").fill("12a")
    page.keyboard.press("Control+s")
    expect(page.locator("#errors")).to_be_focused()


def changed_form(page: Page) -> None:
    of_first_row("/admin/statements/", "/statements/edit/", page)
    page.locator("input[data-unit]:not([data-unit=''])").first.fill("△1,234,567")
    expect(page.locator(".was").first).to_be_visible()


def delete_several(page: Page) -> None:
    at("/admin/prices/", page)
    for row in (0, 1, 2):
        page.locator("[name=rowid]").nth(row).check()
    page.locator(".bulk button[value=delete]").click()
    expect(page.locator("form input[name=confirmed]")).to_have_count(1)


def selected_rows(page: Page) -> None:
    at(COMPANIES, page)
    page.locator("[name=rowid]").first.check()
    expect(page.locator("[data-bulk-bar]")).to_be_visible()


def bulk_edit(page: Page) -> None:
    """Two selected rows, of which one field is to be edited."""
    selected_rows(page)
    page.locator("[name=rowid]").nth(1).check()
    page.locator("[data-bulk-bar] [name=bulk-rows]").click()
    page.locator("[name=bulk-field][value=filer_type]").check()
    page.locator("[name=bulk-step][value=choose]").click()
    expect(page.locator(".bulk-part")).to_be_visible()


def bulk_preview(page: Page) -> None:
    """What would come of it."""
    bulk_edit(page)
    page.locator("[name=filer_type]").fill("試験")
    page.locator(".buttons [name=bulk-step][value=preview]").click()
    expect(page.locator("#preview table")).to_be_visible()


def paste(page: Page) -> None:
    """Where a range is pasted from a selected row on."""
    selected_rows(page)
    page.locator("[data-bulk-bar] [formaction*='/paste/']").click()
    expect(page.locator("#paste-text")).to_be_visible()


def paste_preview(page: Page) -> None:
    """What would come of one: a row that changes, and one that is refused."""
    paste(page)
    page.locator("#paste-column").select_option("name_en")
    page.locator("#paste-text").fill("Pasted Co., Ltd.\n" + "x" * 2000)
    page.locator(".buttons [name=bulk-step][value=preview]").click()
    expect(page.locator("#preview .notice.bad")).to_be_visible()


def open_panel(page: Page) -> None:
    """The panel of filters, with its values counted."""
    if not page.locator("#filters").is_visible():
        page.locator("[data-toggles=filters]:visible, [popovertarget=filters]:visible").first.click()
    expect(page.locator("#filters .facet .n").first).to_be_visible()


def filters(page: Page) -> None:
    """The panel, and some of its parts open."""
    at(COMPANIES, page)
    open_panel(page)
    parts = page.locator("#filters details:not([open])")
    for _part in range(min(3, parts.count())):
        parts.first.locator("summary").click()
    expect(page.locator("#filters .ops :is(select, input):visible").first).to_be_visible()


def filtered(page: Page) -> None:
    """Searched, narrowed by a value that was ticked, and sorted by two columns."""
    at(f"{COMPANIES}?search=株式会社&order=market_division,-name_ja", page)
    open_panel(page)
    page.locator("#filters .facet input").first.check()
    page.wait_for_url("**flt*")
    open_panel(page)
    expect(page.locator(".chips .chip").nth(1)).to_be_visible()


def group_of_filters(page: Page) -> None:
    """What narrows the list by any of two conditions, and a third that is being written."""
    filters(page)
    page.locator("#filters [data-add-any]").click()
    group = page.locator("#filters fieldset.any")
    expect(group.locator(".cond").first).to_be_visible()


def menu(path: str, menu: str, holds: str, page: Page) -> None:
    """One of a list's menus, open."""
    at(path, page)
    page.locator(f"main details.menu{menu} > summary").click()
    expect(page.locator(f"main details.menu[open] {holds}").first).to_be_visible()


def cell(page: Page) -> None:
    """The editor of a company's English name, in its list."""
    at(f"{NINTENDO}&columns=ticker_symbol,name_ja,name_en,edinet_code", page)
    page.keyboard.press("j")
    page.keyboard.press("i")
    for column in ("name_ja", "name_en"):
        expect(page.locator(f"#cell-{column}")).to_be_focused()
        page.keyboard.press("Tab")
    expect(page.locator("#cell-edinet_code")).to_be_focused()


def refused_cell(page: Page) -> None:
    cell(page)
    page.locator("#cell-edinet_code").fill("E0")
    page.keyboard.press("Enter")
    expect(page.locator("form.cell [role=alert]")).not_to_be_empty()


def forbidden(page: Page) -> None:
    """An action that nobody may do."""
    selected_rows(page)
    button = page.locator(".bulk button[name=action]").first
    button.evaluate("button => { button.value = 'anything' }")
    with page.expect_navigation() as answer:
        button.click()
    assert answer.value is not None
    assert answer.value.status == 403


def menu_of_account(page: Page) -> None:
    at(COMPANIES, page)
    page.locator(".who summary").click()


def palette(page: Page) -> None:
    at(COMPANIES, page)
    page.keyboard.press("Control+k")
    page.keyboard.type("79")
    expect(page.locator("#palette [role=option]").first).to_contain_text("7974")


def keys(page: Page) -> None:
    at(COMPANIES, page)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def peek(page: Page) -> None:
    at(COMPANIES, page)
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.locator("#peek .panel").first).to_be_visible()


def correct(page: Page) -> None:
    """Change a company as its form does, without opening it; the next page says that it is saved."""
    address = address_of_first_row(NAGOYA, "/companies/edit/", page)
    headers = {"Accept-Language": page.evaluate("navigator.language")}
    form = fields(page.request.get(address).text())
    form |= {"name_en": NAMES[form["name_en"] == NAMES[0]], "change_reason": "as in the annual report"}
    stored = page.request.post(address, form=form, headers=headers, max_redirects=0)
    assert stored.status == 302, stored.text()


def _correct_elsewhere(page: Page) -> None:
    """Change it, and let that be said on a page that nobody looks at."""
    correct(page)
    page.request.get(NAGOYA)


def saved(page: Page) -> None:
    """The list after a save: its message offers to undo it."""
    correct(page)
    at(NAGOYA, page)
    expect(page.locator(UNDO)).to_be_visible()
    page.wait_for_load_state()


def undone(page: Page) -> None:
    if not page.locator(UNDO).is_visible():
        saved(page)
    with page.expect_navigation():
        page.keyboard.press("u")
    expect(page.locator(UNDO)).to_be_visible()


def change_set(page: Page) -> None:
    """One of somebody's, which can be undone."""
    _correct_elsewhere(page)
    at(_first_link("/admin/change-sets/", "/change-sets/details/", page), page)
    expect(page.locator("main [data-key=u]")).to_be_enabled()


def conflict(page: Page) -> None:
    """Somebody saved the company while it was being edited."""
    of_first_row(NAGOYA, "/companies/edit/", page)
    page.locator("[name=name_en]").fill("Nagoya Electric Works Corporation")
    _correct_elsewhere(page)
    page.keyboard.press("Control+s")
    expect(page.locator(".conflicts")).to_be_visible()


def bring(page: Page, name: str, content: bytes) -> None:
    """The preview of a file; brought again it is the same one."""
    at(UPLOADS, page)
    page.locator("#files").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.locator("[data-upload] button[type=submit]").click()
    page.wait_for_url("**/preview/**")


def upload(page: Page) -> None:
    """What a list would do of which one row is refused and one makes a company."""
    wrong = company({"ＥＤＩＮＥＴコード": "E99992", "証券コード": "", "上場区分": "非上場", "資本金": "12a"})
    new = company({"ＥＤＩＮＥＴコード": "E99991", "証券コード": "", "上場区分": "非上場"})
    bring(page, "EdinetcodeDlInfo.csv", edinet_text(new, wrong).encode("cp932"))
    page.locator("#findings summary").first.click()
    expect(page.locator("#findings .meant")).to_be_visible()


def refused_upload(page: Page) -> None:
    """A file that is none of ours, called a list."""
    bring(page, "notes.txt", b"hello, world")
    page.locator("#kind").select_option("jpx-list")
    page.locator("[data-compare]").click()
    expect(page.locator(".notice.bad")).to_be_visible()


def uploads(page: Page) -> None:
    """Where files are brought, with some that wait."""
    upload(page)
    at(UPLOADS, page)
    expect(page.get_by_role("link", name="EdinetcodeDlInfo.csv")).to_be_visible()


def _kept_view(page: Page) -> str:
    """The list of views, with one of the companies in it that was kept once."""
    kept = page.request.get(VIEWS).text()
    if VIEW not in kept:
        menu(f"{COMPANIES}?order=-name_ja", "[data-content]", "[data-views]", page)
        page.locator("#view-name").fill(VIEW)
        page.keyboard.press("Enter")
        page.wait_for_url("**view=*")
        kept = page.request.get(VIEWS).text()
    return kept


def views(page: Page) -> None:
    _kept_view(page)
    at(VIEWS, page)
    expect(page.get_by_role("link", name=VIEW).first).to_be_visible()


def view(page: Page) -> None:
    """A list that came from a saved view and was changed since, with the menu of views open."""
    link = re.search(rf'href="([^"]+)"[^>]*>\s*{VIEW}', _kept_view(page))
    assert link is not None
    shown = page.request.get(html.unescape(link[1])).url
    assert "-name_ja" in shown
    menu(shown.replace("-name_ja", "name_ja"), "[data-content]", "[data-views]", page)


def view_form(page: Page) -> None:
    _kept_view(page)
    at(_first_link(VIEWS, "/edit/", page), page)
    page.locator("#name").fill(" ")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid=true], [role=alert]").first).to_be_visible()


def password(page: Page) -> None:
    at("/account/password/", page)
    page.locator("#present").fill("wrong")
    page.locator("#new").fill("a new password of twenty")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]").first).to_be_visible()


def lookup(page: Page) -> None:
    of_first_row(NINTENDO, "/companies/edit/", page)
    box = page.locator("[data-lookup-url] [role=combobox]").first
    box.evaluate("box => box.scrollIntoView({block: 'center'})")
    box.press_sequentially("3")
    expect(page.locator("[role=listbox] [role=option][data-selectable]:visible").first).to_be_visible()


def refused_login(page: Page) -> None:
    at("/login", page)
    page.locator("#email").fill("nobody@example.com")
    page.locator("#password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]").first).to_be_visible()


def wait_for_draft(page: Page) -> None:
    """Return once the typing has paused for so long that a draft of it is kept."""
    page.evaluate(DRAFT)
