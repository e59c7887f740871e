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


def _filters(page: Page) -> None:
    _at(COMPANIES, page)
    shown = page.locator("#filters details")
    if not shown.first.is_visible():
        page.locator("[data-toggles=filters]:visible, [popovertarget=filters]:visible").first.click()
    for group in shown.all()[:3]:
        group.locator("summary").click()
    expect(page.locator("#filters select:visible, #filters input:visible").first).to_be_visible()


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


def _lookup(page: Page) -> None:
    _of_first_row(NINTENDO, "/companies/edit/", page)
    box = page.locator("[data-lookup-url] input[type=text]").first
    box.evaluate("box => box.scrollIntoView({block: 'center'})")
    box.fill("")
    box.press_sequentially("3")
    expect(page.locator("[role=listbox] [role=option]:visible").first).to_be_visible()


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
    **{name: partial(_at, f"/admin/{name}/") for name in LISTS},
    "companies-filters": _filters,
    "companies-filtered": partial(_at, f"{COMPANIES}?search=株式会社&sort=1"),
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
    "change-set-details": partial(_of_first_row, "/admin/change-sets/", "/change-sets/details/"),
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
