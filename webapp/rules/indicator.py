"""What an indicator may say of itself."""

from webapp.rules.fields import Between, OneOf

STATUS = OneOf(
    (
        "ok",
        "not_applicable",
        "missing_input",
        "negative_base",
        "turned_profit",
        "turned_loss",
        "not_comparable",
    )
)
BASIS = OneOf(("FY", "TTM", "QTR", "FORECAST"))
FORMULA_VERSION = Between(1, 9999)
