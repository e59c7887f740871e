"""Where an item of a change set is shown: the page of its change set that holds it, at its place."""

from collections.abc import Callable

from flask import url_for

ITEMS_A_PAGE = 50


def address_of_item(number: int, position: int | None) -> str:
    """The address of an item; of the whole change set where the position is not known."""
    return addresses_of_items()(number, position)


def addresses_of_items() -> Callable[[int, int | None], str]:
    """The same of many items of one page: where all of them are shown is asked for once."""
    start = url_for("change_sets.details_view")

    def address(number: int, position: int | None) -> str:
        if position is None:
            return f"{start}?id={number}"
        page = position // ITEMS_A_PAGE
        return f"{start}?id={number}{f'&page={page}' if page else ''}#{anchor(position)}"

    return address


def anchor(position: int, of_other: int | None = None) -> str:
    """The name of an item in its page, which may show those of other change sets, too; people count from 1."""
    return f"item-{position + 1}" if of_other is None else f"item-{of_other}-{position + 1}"
