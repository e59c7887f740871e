"""Every screen, and every state of one that people meet: where they are and how to get there."""

from collections.abc import Callable
from functools import partial

from playwright.sync_api import Page, expect

Way = Callable[[Page], None]
LISTS = (
    "companies",
    "industries",
    "statements",
    "filings",
    "indicators",
    "prices",
    "change-sets",
    "imports",
    "users",
    "release",
)
COMPANIES = "/admin/companies/"
NINTENDO = f"{COMPANIES}?search=7974"
NAGOYA = f"{COMPANIES}?search=6797"
NAMES = ("Nagoya Electric Works Co., Ltd.", "Nagoya Electric Works Company, Limited")
VIEW = "商号順"


def _at(path: str, page: Page) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok, f"{answer.status} {path}"


def _error(status: int, path: str, page: Page) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status


def _of_first_row(path: str, part: str, page: Page) -> None:
    _at(path, page)
    link = page.locator(f"tbody tr a[href*='{part}']").first.get_attribute("href")
    assert link is not None
    _at(link, page)


def _form_with_errors(page: Page) -> None:
    _of_first_row(NINTENDO, "/companies/edit/", page)
    page.locator("[name=name_ja]").fill("")
    page.locator("[name=capital_stock]").fill("12a")
    page.keyboard.press("Control+s")
    expect(page.locator("#errors")).to_be_focused()


def _changed_form(page: Page) -> None:
    _of_first_row("/admin/statements/", "/statements/edit/", page)
    page.locator("input[data-unit]:not([data-unit=''])").first.fill("△1,234,567")
    expect(page.locator(".was").first).to_be_visible()


def _delete_several(page: Page) -> None:
    _at("/admin/prices/", page)
    for row in (0, 1, 2):
        page.locator("[name=rowid]").nth(row).check()
    page.locator(".bulk button[value=delete]").click()
    expect(page.locator("form input[name=confirmed]")).to_have_count(1)


def _selected_rows(page: Page) -> None:
    _at(COMPANIES, page)
    page.locator("[name=rowid]").first.check()
    expect(page.locator("[data-bulk-bar]")).to_be_visible()


def _open_panel(page: Page) -> None:
    """The panel of filters, with its values counted."""
    if not page.locator("#filters").is_visible():
        page.locator("[data-toggles=filters]:visible, [popovertarget=filters]:visible").first.click()
    expect(page.locator("#filters .facet .n").first).to_be_visible()


def _filters(page: Page) -> None:
    """The panel, and some of its parts open."""
    _at(COMPANIES, page)
    _open_panel(page)
    parts = page.locator("#filters details:not([open])")
    for _part in range(min(3, parts.count())):
        parts.first.locator("summary").click()
    expect(page.locator("#filters .ops :is(select, input):visible").first).to_be_visible()


def _filtered(page: Page) -> None:
    """Searched, narrowed by a value that was ticked, and sorted by two columns."""
    _at(f"{COMPANIES}?search=株式会社&order=market_division,-name_ja", page)
    _open_panel(page)
    page.locator("#filters .facet input").first.check()
    page.wait_for_url("**flt*")
    _open_panel(page)
    expect(page.locator(".chips .chip").nth(1)).to_be_visible()


def _group_of_filters(page: Page) -> None:
    """What narrows the list by any of two conditions, and a third that is being written."""
    _filters(page)
    page.locator("#filters [data-add-any]").click()
    group = page.locator("#filters fieldset.any")
    expect(group.locator(".cond").first).to_be_visible()


def _menu(path: str, menu: str, holds: str, page: Page) -> None:
    """One of a list's menus, open."""
    _at(path, page)
    page.locator(f"main details.menu{menu} > summary").click()
    expect(page.locator(f"main details.menu[open] {holds}").first).to_be_visible()


def _cell(page: Page) -> None:
    """The editor of a company's English name, in its list."""
    _at(NINTENDO, page)
    page.keyboard.press("j")
    page.keyboard.press("i")
    for column in ("ticker_symbol", "name_ja", "name_en"):
        expect(page.locator(f"#cell-{column}")).to_be_focused()
        page.keyboard.press("Tab")
    expect(page.locator("#cell-edinet_code")).to_be_focused()


def _refused_cell(page: Page) -> None:
    _cell(page)
    page.locator("#cell-edinet_code").fill("E0")
    page.keyboard.press("Enter")
    expect(page.locator("form.cell [role=alert]")).not_to_be_empty()


def _forbidden(page: Page) -> None:
    """An action that nobody may do."""
    _selected_rows(page)
    button = page.locator(".bulk button[name=action]").first
    button.evaluate("button => { button.value = 'anything' }")
    with page.expect_navigation() as answer:
        button.click()
    assert answer.value is not None
    assert answer.value.status == 403


def _menu_of_account(page: Page) -> None:
    _at(COMPANIES, page)
    page.locator(".who summary").click()


def _palette(page: Page) -> None:
    _at(COMPANIES, page)
    page.keyboard.press("Control+k")
    page.keyboard.type("79")
    expect(page.locator("#palette [role=option]").first).to_contain_text("7974")


def _keys(page: Page) -> None:
    _at(COMPANIES, page)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()


def _peek(page: Page) -> None:
    _at(COMPANIES, page)
    page.keyboard.press("j")
    page.keyboard.press("p")
    expect(page.locator("#peek .panel").first).to_be_visible()


def _saved(page: Page) -> None:
    """The list after a save through the form: its message offers to undo it."""
    _of_first_row(NAGOYA, "/companies/edit/", page)
    field = page.locator("[name=name_en]")
    field.fill(NAMES[field.input_value() == NAMES[0]])
    page.locator("[name=change_reason]").fill("as in the annual report")
    page.keyboard.press("Control+s")
    expect(page.locator("[data-flash=good] [data-key=u]")).to_be_visible()
    page.wait_for_load_state()


def _undone(page: Page) -> None:
    _saved(page)
    with page.expect_navigation():
        page.keyboard.press("u")
    expect(page.locator("[data-flash=good] [data-key=u]")).to_be_visible()


def _change_set(page: Page) -> None:
    """One of somebody's, which can be undone."""
    _saved(page)
    _of_first_row("/admin/change-sets/", "/change-sets/details/", page)
    expect(page.locator("main [data-key=u]")).to_be_enabled()


def _conflict(page: Page) -> None:
    """Somebody saved the company while it was being edited."""
    _of_first_row(NAGOYA, "/companies/edit/", page)
    page.locator("[name=name_en]").fill("Nagoya Electric Works Corporation")
    other = page.context.new_page()
    _saved(other)
    other.close()
    page.keyboard.press("Control+s")
    expect(page.locator(".conflicts")).to_be_visible()


def _keep_view(page: Page) -> None:
    """A saved view of the companies, kept once."""
    _at("/admin/views/", page)
    if not page.get_by_role("link", name=VIEW).count():
        _menu(f"{COMPANIES}?order=-name_ja", "[data-content]", "[data-views]", page)
        page.locator("#view-name").fill(VIEW)
        page.keyboard.press("Enter")
        page.wait_for_url("**view=*")


def _views(page: Page) -> None:
    _keep_view(page)
    _at("/admin/views/", page)
    expect(page.get_by_role("link", name=VIEW).first).to_be_visible()


def _view(page: Page) -> None:
    """A list that came from a saved view and was changed since, with the menu of views open."""
    _views(page)
    page.get_by_role("link", name=VIEW, exact=True).click()
    page.wait_for_url("**view=*")
    _menu(page.url.replace("-name_ja", "name_ja"), "[data-content]", "[data-views]", page)


def _view_form(page: Page) -> None:
    _keep_view(page)
    _of_first_row("/admin/views/", "/edit/", page)
    page.locator("#name").fill(" ")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid=true], [role=alert]").first).to_be_visible()


def _password(page: Page) -> None:
    _at("/account/password/", page)
    page.locator("#present").fill("wrong")
    page.locator("#new").fill("a new password of twenty")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]").first).to_be_visible()


def _lookup(page: Page) -> None:
    _of_first_row(NINTENDO, "/companies/edit/", page)
    box = page.locator("[data-lookup-url] [role=combobox]").first
    box.evaluate("box => box.scrollIntoView({block: 'center'})")
    box.press_sequentially("3")
    expect(page.locator("[role=listbox] [role=option][data-selectable]:visible").first).to_be_visible()


def _refused_login(page: Page) -> None:
    _at("/login", page)
    page.locator("#email").fill("nobody@example.com")
    page.locator("#password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]").first).to_be_visible()


# What somebody sees who has not signed in.
VISITORS_PLACES: dict[str, Way] = {
    "login": partial(_at, "/login"),
    "login-refused": _refused_login,
}
PLACES: dict[str, Way] = {
    "home": partial(_at, "/admin/"),
    "not-found": partial(_error, 404, "/admin/companies/nowhere/"),
    "forbidden": _forbidden,
    **{name: partial(_at, f"/admin/{name}/") for name in LISTS},
    "companies-filters": _filters,
    "companies-group": _group_of_filters,
    "companies-filtered": _filtered,
    "companies-order": partial(_menu, COMPANIES, ":has(.sorting)", "select"),
    "companies-columns": partial(_menu, COMPANIES, ":has(.columns)", "input"),
    "companies-export": partial(_menu, COMPANIES, ":has(a[href*='/export/'])", "a"),
    "companies-views": partial(_menu, COMPANIES, "[data-content]", "[data-views]"),
    "companies-size": partial(_menu, COMPANIES, ":has(> .drop > a[href*='page_size='])", "a"),
    "statements-unit": partial(_menu, "/admin/statements/", ":has(> .drop > a[href*='unit=million'])", "a"),
    "companies-cell": _cell,
    "companies-cell-refused": _refused_cell,
    "companies-no-match": partial(_at, f"{COMPANIES}?search=zzz"),
    "companies-selected": _selected_rows,
    "company-details": partial(_of_first_row, NINTENDO, "/companies/details/"),
    "company-form": partial(_of_first_row, NINTENDO, "/companies/edit/"),
    "company-form-errors": _form_with_errors,
    "company-form-lookup": _lookup,
    "company-new": partial(_at, f"{COMPANIES}new/"),
    "company-delete": partial(_of_first_row, NINTENDO, "/companies/delete/confirm/"),
    "prices-delete": _delete_several,
    "statement-details": partial(_of_first_row, "/admin/statements/", "/statements/details/"),
    "statement-form": partial(_of_first_row, "/admin/statements/", "/statements/edit/"),
    "statement-form-changed": _changed_form,
    "filing-details": partial(_of_first_row, "/admin/filings/", "/filings/details/"),
    "price-details": partial(_of_first_row, "/admin/prices/", "/prices/details/"),
    "company-saved": _saved,
    "company-undone": _undone,
    "company-conflict": _conflict,
    "change-set-details": _change_set,
    "views": _views,
    "companies-view": _view,
    "view-form-errors": _view_form,
    "password": partial(_at, "/account/password/"),
    "password-refused": _password,
    "user-new": partial(_at, "/admin/users/new/"),
    "user-form": partial(_of_first_row, "/admin/users/", "/users/edit/"),
    "menu-of-account": _menu_of_account,
    "palette": _palette,
    "keys": _keys,
    "peek": _peek,
}


def correct_nintendo(page: Page, name: str, reason: str) -> None:
    """One edit through the form, so that there is a change set of somebody's to look at."""
    _of_first_row(NINTENDO, "/companies/edit/", page)
    page.locator("[name=name_en]").fill(name)
    page.locator("[name=change_reason]").fill(reason)
    page.keyboard.press("Control+s")
    expect(page.locator("[data-flash=good]")).to_be_visible()
