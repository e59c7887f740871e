"""Where an item of a change set is shown: the page of its change set that holds it, at its place."""

from flask import url_for

ITEMS_A_PAGE = 50


def address_of_item(number: int, position: int | None) -> str:
    """The address of an item; of the whole change set where the position is not known."""
    if position is None:
        return url_for("change_sets.details_view", id=number)
    page = position // ITEMS_A_PAGE or None
    return url_for("change_sets.details_view", id=number, page=page, _anchor=anchor(position))


def anchor(position: int, of_other: int | None = None) -> str:
    """The name of an item in its page, which may show those of other change sets, too; people count from 1."""
    return f"item-{position + 1}" if of_other is None else f"item-{of_other}-{position + 1}"
