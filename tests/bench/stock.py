"""Stock Flask-Admin as its manual shows it: the same tables, the columns and filters of our lists, nobody signed in.

Its lists come as it has them, in no order at all until somebody clicks on a column.
"""

from typing import Any

from flask import Flask
from flask_admin.base import Admin
from flask_admin.contrib.sqla.view import ModelView
from flask_admin.theme import Bootstrap4Theme
from flask_babel import Babel
from sqlalchemy import create_engine, inspect
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from tests.bench.place import for_sqlalchemy
from webapp import db
from webapp.models.company import Company
from webapp.models.financial_statement import FinancialStatement
from webapp.models.stock_price import StockPrice
from webapp.screens.record import registry

# Without these the forms would look up every reference, and a statement's list of indicators, in a select.
WITH_AJAX = {
    "form_ajax_refs": {
        "company": {"fields": ("name_ja",)},
        "filing": {"fields": ("doc_id",)},
        "based_on": {"fields": ("scope",)},
        "revisions": {"fields": ("scope",)},
        "indicators": {"fields": ("basis",)},
        "indicators_beside": {"fields": ("basis",)},
    }
}
PATHS = {Company: "companies", FinancialStatement: "statements", StockPrice: "prices"}
AJAX_PATH = "statements_with_ajax"


class Database(scoped_session[Session]):
    """A session of a request that Flask-Admin also takes for its database object."""

    @property
    def session(self) -> "Database":
        return self


def create_app(url: str) -> Flask:
    """The application; its addresses are /admin/companies/ and so on, as ours."""
    app = Flask(__name__)
    app.secret_key = "stock"
    # Flask-Admin asks for it once Flask-Babel is installed.
    Babel(app)
    database = Database(sessionmaker(create_engine(for_sqlalchemy(url))))
    app.teardown_appcontext(lambda _error: database.remove())
    admin = Admin(app, name="Stock", theme=Bootstrap4Theme())
    for model, path in PATHS.items():
        admin.add_view(_view(model)(model, database, endpoint=path, url=path))
    view = _view(FinancialStatement, **WITH_AJAX)
    admin.add_view(view(FinancialStatement, database, endpoint=AJAX_PATH, url=AJAX_PATH, name="With AJAX"))
    return app


def _view(model: type[db.Base], **more: Any) -> Any:
    ours = next(screen.view for screen in registry.declared() if screen.model is model)
    known = inspect(model).attrs.keys()
    columns = inspect(model).columns.keys()
    facts = {
        "column_list": [name for name in ours.plan.columns if name in known],
        "column_searchable_list": [name for name in ours.plan.searched if name in columns],
        "column_filters": [name for name in ours.plan.filtered if name in columns],
        "page_size": ours.plan.size,
        "can_set_page_size": True,
        "can_view_details": True,
        "can_export": True,
    }
    return type(f"Stock{model.__name__}View", (ModelView,), facts | more)
