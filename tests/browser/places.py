"""Every screen, and every state of one that people meet: where they are."""

from functools import partial

from playwright.sync_api import Page, expect

from tests.browser import ways
from tests.browser.filings import ways as filed
from tests.browser.ways import COMPANIES, NINTENDO, Way

LISTS = (
    "companies",
    "company-names",
    "industries",
    "statements",
    "filings",
    "indicators",
    "prices",
    "change-sets",
    "imports",
    "users",
    "jobs",
    "release",
)
# What somebody sees who has not signed in.
VISITORS_PLACES: dict[str, Way] = {
    "login": partial(ways.at, "/login"),
    "login-refused": ways.refused_login,
}
PLACES: dict[str, Way] = {
    "home": partial(ways.at, "/admin/"),
    "not-found": partial(ways.error, 404, "/admin/companies/nowhere/"),
    "forbidden": ways.forbidden,
    **{name: partial(ways.at, f"/admin/{name}/") for name in LISTS},
    "companies-filters": ways.filters,
    "companies-group": ways.group_of_filters,
    "companies-filtered": ways.filtered,
    "companies-order": partial(ways.menu, COMPANIES, ":has(.sorting)", "select"),
    "companies-columns": partial(ways.menu, COMPANIES, ":has(.columns)", "input"),
    "companies-export": partial(ways.menu, COMPANIES, ":has(a[href*='/export/'])", "a"),
    "companies-views": partial(ways.menu, COMPANIES, "[data-content]", "[data-views]"),
    "companies-size": partial(ways.menu, COMPANIES, ":has(> .drop > a[href*='page_size='])", "a"),
    "statements-unit": partial(
        ways.menu, "/admin/statements/", ":has(> .drop > a[href*='unit=million'])", "a"
    ),
    "companies-cell": ways.cell,
    "companies-cell-refused": ways.refused_cell,
    "companies-no-match": partial(ways.at, f"{COMPANIES}?search=zzz"),
    "companies-selected": ways.selected_rows,
    "companies-bulk": ways.bulk_edit,
    "companies-bulk-preview": ways.bulk_preview,
    "companies-paste": ways.paste,
    "companies-paste-preview": ways.paste_preview,
    "company-details": partial(ways.of_first_row, NINTENDO, "/companies/details/"),
    "company-form": partial(ways.of_first_row, NINTENDO, "/companies/edit/"),
    "company-form-errors": ways.form_with_errors,
    "company-form-lookup": ways.lookup,
    "company-new": partial(ways.at, f"{COMPANIES}new/"),
    "company-verify": ways.verification,
    "quality": partial(ways.at, "/admin/quality/"),
    "finding-details": partial(ways.of_first_row, "/admin/quality/", "/quality/details/"),
    "quality-trend": partial(ways.at, "/admin/quality/trend/"),
    "coverage": partial(ways.at, "/admin/coverage/"),
    "coverage-calendar": partial(ways.at, "/admin/coverage/calendar/"),
    "coverage-fields": partial(ways.at, "/admin/coverage/fields/?years=10"),
    "rules": partial(ways.at, "/admin/rules/"),
    "finding-decisions": partial(ways.at, "/admin/finding-decisions/"),
    "company-delete": partial(ways.of_first_row, NINTENDO, "/companies/delete/confirm/"),
    "company-merge": ways.merging,
    "company-merge-choices": ways.merging_choices,
    "prices-delete": ways.delete_several,
    "statement-details": partial(ways.of_first_row, "/admin/statements/", "/statements/details/"),
    "statement-known": ways.statement_of_a_day,
    "statement-form": partial(ways.of_first_row, "/admin/statements/", "/statements/edit/"),
    "statement-form-changed": ways.changed_form,
    "filing-details": partial(ways.of_first_row, "/admin/filings/", "/filings/details/"),
    # Of a filing whose zip is not stored: of the seed's none is.
    "filing-unread": filed.unread,
    "filing-facts": filed.facts,
    "filing-texts": filed.texts,
    "filing-difference": filed.difference,
    "price-details": partial(ways.of_first_row, "/admin/prices/", "/prices/details/"),
    "indicator-details": partial(ways.of_first_row, "/admin/indicators/", "/indicators/details/"),
    "indicator-formula": ways.formula,
    "company-saved": ways.saved,
    "company-undone": ways.undone,
    "company-conflict": ways.conflict,
    "change-set-details": ways.change_set,
    "uploads": ways.uploads,
    "upload-preview": ways.upload,
    "upload-refused": ways.refused_upload,
    "views": ways.views,
    "companies-view": ways.view,
    "view-form-errors": ways.view_form,
    "password": partial(ways.at, "/account/password/"),
    "password-refused": ways.password,
    "user-new": partial(ways.at, "/admin/users/new/"),
    "user-form": partial(ways.of_first_row, "/admin/users/", "/users/edit/"),
    "menu-of-account": ways.menu_of_account,
    "palette": ways.palette,
    "keys": ways.keys,
    "peek": ways.peek,
}


def correct_nintendo(page: Page, name: str, reason: str) -> None:
    """One edit through the form, so that there is a change set of somebody's to look at."""
    ways.of_first_row(NINTENDO, "/companies/edit/", page)
    page.locator("[name=name_en]").fill(name)
    page.locator("[name=change_reason]").fill(reason)
    page.keyboard.press("Control+s")
    expect(page.locator("[data-flash=good]")).to_be_visible()
