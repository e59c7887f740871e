"""A small admin over rows in memory, to see the templates at work without any screen of the application."""

import io
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

from flask import (
    Blueprint,
    Flask,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from flask_admin import Admin, AdminIndexView, BaseView, expose
from flask_admin.actions import action
from flask_admin.model import BaseModelView
from flask_admin.model.fields import InlineFieldList, InlineFormField
from flask_admin.model.filters import BaseFilter
from flask_admin.model.template import EndpointLinkRowAction, LinkRowAction
from flask_admin.theme import Bootstrap4Theme
from flask_babel import Babel, get_locale, gettext
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect
from markupsafe import Markup
from wtforms import Form, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired
from wtforms.widgets import html_params

from tests.face.cells import SampleCells
from webapp.db import Label
from webapp.forms import field_markup
from webapp.lists import panel
from webapp.screens.record import row_actions, row_markup
from webapp.screens.record.narrowing import Chip
from webapp.screens.record.orders import Head
from webapp.web import fragments
from webapp.web.headers import CONTENT_SECURITY_POLICY
from webapp.words import languages

COMPANIES = (
    ("7974", "任天堂株式会社", "Nintendo Co., Ltd.", 490642000000),
    ("6703", "沖電気工業株式会社", "Oki Electric Industry Co., Ltd.", -786000000),
    (None, "株式会社<script>例</script>", "Example & Co.", None),
)
YES_NO = [("1", "はい"), ("0", "いいえ")]
LABELS = {"ticker": "証券コード", "name_ja": "商号", "name_en": "英文名称", "profit": "純利益"}


class Steward(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """Whoever looks at the sample."""

    id, email, name, role = 1, "steward@example.jp", "佐藤 花子", "steward"


class NameContains(BaseFilter):  # type: ignore[misc]  # Flask-Admin's filters take any arguments
    """A filter with a text, as on any list."""

    def apply(self, query: Any, value: Any) -> Any:
        return [row for row in query if value in row.name_ja]

    def operation(self) -> str:
        return "含む"


class ListedOnly(NameContains):
    """A filter with a choice."""

    def apply(self, query: Any, value: Any) -> Any:
        return [row for row in query if (row.ticker is not None) == (value == "1")]

    def operation(self) -> str:
        return "等しい"


class LookupInput:
    """The markup of a reference field."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        box = {"class": "lookup", "data-lookup-url": "/industries", "data-lookup-clear": "消去"}
        key = {"type": "hidden", "name": field.name, "value": field.data or ""}
        name = {"type": "text", "name": field.name + "-name", "id": field.id, **attributes}
        return Markup("<div {}><input {}><input {}></div>").format(
            *(Markup(html_params(**part)) for part in (box, key, name))
        )


class SegmentForm(Form):  # type: ignore[misc]  # the library has no types
    """A form within the form."""

    name = StringField("セグメント名", description="注記のとおり。")
    sales = StringField("売上高", render_kw={"data-number": "0", "data-unit": "円"})


class CompanyForm(Form):  # type: ignore[misc]  # the library has no types
    """One field of each kind that the templates and scripts know."""

    row_version = HiddenField(default="4")
    ticker = StringField("証券コード", description="4文字。")
    name_ja = StringField("商号", [InputRequired("商号を入れてください")])
    name_en = StringField("英文名称")
    industry = StringField("業種", widget=LookupInput())
    market = SelectField("市場区分", choices=["PRIME", "GROWTH"])
    profit = StringField("純利益", render_kw={"data-number": "0", "data-unit": "円"})
    segments = InlineFieldList(InlineFormField(SegmentForm), label="セグメント")
    change_reason = StringField("変更の理由")


class CompanyView(SampleCells, BaseModelView):  # type: ignore[misc]  # the library has no types
    """A list with everything: search, filters, sorting, actions, export, paging."""

    label = Label("企業", "Companies")
    form = CompanyForm
    form_sections: ClassVar[Any] = [
        (Label("識別", "Identity"), ["ticker", "name_ja", "name_en", "industry"]),
        (Label("数値", "Figures"), ["market", "profit"]),
    ]
    link_column = "name_ja"
    column_extra_row_actions: ClassVar[Any] = [
        LinkRowAction("link", "/elsewhere/{row_id}", "EDINETで見る"),
        EndpointLinkRowAction("history", ".details_view", "履歴"),
    ]
    page_size, can_set_page_size, can_view_details, can_export = 20, True, True, True
    column_labels = LABELS
    column_list: ClassVar[Any] = list(LABELS)
    column_sortable_list: ClassVar[Any] = ["ticker", "name_ja"]
    column_filters: ClassVar[Any] = [
        NameContains("商号"),
        ListedOnly("上場", options=YES_NO),
    ]
    rows: ClassVar[Any] = [
        SimpleNamespace(
            id=n, ticker=t, name_ja=ja, name_en=en, profit=p, market="PRIME", industry="", row_version=4
        )
        for n, (t, ja, en, p) in enumerate(COMPANIES * 20, start=1)
    ]

    def get_pk_value(self, model: Any) -> Any:
        return model.id

    def record_label(self, model: Any) -> str:
        return str(model.name_ja)

    def column_is_number(self, name: str) -> bool:
        return name == "profit"

    def head_unit(self, name: str) -> str | None:
        return "百万円" if name == "profit" else None

    column_unit = head_unit

    def init_search(self) -> bool:
        return True

    def search_placeholder(self) -> str:
        return "商号"

    def get_list(self, page: Any, *_sort: Any, page_size: Any = None, **_more: Any) -> Any:
        search, filters = _sort[2:4]
        found = [row for row in self.rows if not search or search in row.name_ja]
        for index, _name, value in filters or []:
            found = self._filters[index].apply(found, value) if value else found
        shown = found[page * page_size : (page + 1) * page_size]
        start = page * page_size
        has_next = start + len(shown) < len(found)
        self._template_args.update(
            {
                "grid": self.grid(shown),
                "filter_panel": self.panel(filters or []),
                "chips": self.chips(search, filters or []),
                "heads": [Head(name, label, f"?order={name}") for name, label in LABELS.items()],
                "count_words": str(len(found)),
                "jump_kind": "text",
                "jump_column": "証券コード",
                "pager": SimpleNamespace(
                    first="?page=0" if page else None,
                    previous=f"?page={page - 1}" if page else None,
                    next=f"?page={page + 1}" if has_next else None,
                    last="?page=2" if has_next else None,
                    numbers=(start + 1, start + len(shown)) if shown else None,
                ),
            }
        )
        return len(found), shown

    def panel(self, filters: Any) -> Markup:
        """The panel as webapp.lists.panel makes it: a column to type into, and one to tick."""
        given = {index: value for index, _name, value in filters}
        field = panel.Input("flt0_0", "含む", "text", given.get(0, ""))
        ticks = [panel.Tick("flt1_1", value, label, value == given.get(1)) for value, label in YES_NO]
        parts = [
            panel.Part("商号", None, is_fetched=False, ticks=(), inputs=[field], is_used=0 in given),
            panel.Part("上場", "1", is_fetched=False, ticks=ticks, inputs=(), is_used=1 in given),
        ]
        return Markup().join(Markup(render_template("admin/model/filter.html", part=part)) for part in parts)

    def chips(self, search: Any, filters: Any) -> Any:
        found = [[Chip("検索:", "", search, "?")]] if search else []
        for index, name, value in filters:
            found.append([Chip(name, self._filters[index].operation(), dict(YES_NO).get(value, value), "?")])
        return found

    def grid(self, shown: Any) -> Any:
        columns = [
            row_markup.Column(
                attrgetter(name),
                is_number=name == "profit",
                is_pinned=name == "name_ja",
                details=f"{self.get_url('.details_view')}?id=" if name == "name_ja" else None,
            )
            for name in LABELS
        ]
        frame = row_markup.Frame(
            sprite=url_for("static", filename="icons.svg"),
            words={"edit": gettext("Edit"), "delete": gettext("Delete"), "select": gettext("Select")},
            edit=f"{self.get_url('.edit_view')}?id=",
            delete=f"{self.get_url('.confirm_delete_view')}?id=",
            can_choose=True,
            offers=row_actions.offers(self, self.column_extra_row_actions),
            version_of=attrgetter("row_version"),
        )
        return row_markup.rows(shown, columns, frame, self.get_pk_value, self.record_label)

    def get_one(self, id: Any) -> Any:
        return next(row for row in self.rows if str(row.id) == str(id))

    def scaffold_form(self) -> Any:
        return CompanyForm

    def scaffold_list_columns(self) -> Any:
        return list(LABELS)

    def scaffold_sortable_columns(self) -> Any:
        return {"ticker": "ticker", "name_ja": "name_ja"}

    def is_valid_filter(self, filter: Any) -> bool:
        return isinstance(filter, BaseFilter)

    def update_model(self, form: Any, model: Any) -> bool:
        return True

    def delete_model(self, model: Any) -> bool:
        return True

    def render(self, template: str, **context: Any) -> Any:
        if "model" in context:
            said = {"who": "鈴木", "what": "が 商号 を変更", "when": "2026-11-20 10:12", "url": None}
            context |= {"history": [said], "related": [{"label": "財務諸表", "url": "#", "count": 31}]}
        if request.args.get("conflict"):
            seen = {"field": "name_en", "label": "英文名称", "base": "NINTENDO", "theirs": "任天堂"}
            context |= {"conflicts": [{**seen, "yours": "Nintendo"}], "conflict_by": "鈴木"}
            context["conflict_at"] = "10:12"
        return super().render(template, **context)

    @expose("/delete-confirm/")
    def confirm_delete_view(self) -> Any:
        row = self.get_one(request.args["id"])
        return self.ask([row], ".delete_view")

    def ask(self, rows: Any, endpoint: str) -> Any:
        return self.render(
            "admin/model/delete.html",
            records=[(row.id, row.name_ja) for row in rows],
            hangs_on=[("財務諸表", 31)],
            delete_url=self.get_url(endpoint),
            return_url=self.get_url(".index_view"),
        )

    @action("delete", "削除")  # type: ignore[untyped-decorator]  # same
    def delete_many(self, ids: Any) -> Any:
        return self.ask([self.get_one(id) for id in ids], ".action_view")


class ChangeSetView(BaseView):  # type: ignore[misc]  # the library has no types
    """One change set."""

    label = Label("変更セット", "Change sets")

    @expose("/")
    def index(self) -> Any:
        rows = [("英文名称", "NINTENDO CO.,LTD.", "Nintendo Co., Ltd."), ("ウェブサイト", None, "https://…")]
        item = {"label": "任天堂", "url": "#", "action": "update", "action_label": "更新", "rows": rows}
        return self.render(
            "change_sets/details.html",
            change_set=SimpleNamespace(id=7),
            title="任天堂を変更",
            state="applied",
            state_label="反映済",
            facts=[("作成者", "佐藤"), ("出典", None)],
            counts=[("更新", 1)],
            items=[item],
            findings=[{"message": "注意", "is_blocking": False, "where": None}],
            return_url="#",
        )


class HomeView(AdminIndexView):  # type: ignore[misc]  # the library has no types
    """The start page."""

    label = Label("ホーム", "Home")

    @expose("/")
    def index(self) -> Any:
        tile = {"label": "企業", "count": 3884, "url": "/admin/companies/", "icon": "company"}
        event = {"title": "任天堂を変更", "url": "#", "who": "佐藤", "when": "10:12", "state": "applied"}
        return self.render(
            "home/index.html",
            counts=[tile],
            waiting=[{"title": "沖電気工業", "url": "#", "meta": "過年度", "tone": "warn"}],
            outside_writes=[{"title": "companies 2", "url": None, "meta": "03:12"}],
            recent=[{**event, "state_label": "反映済"}],
        )


def create(templates: str, static: str) -> Flask:
    """The application of the sample."""
    app = Flask("sample", template_folder=templates, static_folder=static)
    # From memory: a browser that turns to the next page leaves the development server with open files.
    app.view_functions["static"] = lambda filename: send_file(
        io.BytesIO((Path(static) / filename).read_bytes()), download_name=filename
    )
    app.config.update(SECRET_KEY="sample" * 8, BABEL_TRANSLATION_DIRECTORIES=f"{static}/../translations")
    Babel(app, locale_selector=_language)
    app.jinja_env.globals |= {"get_locale": get_locale, "now": languages.now}
    fragments.install(app)
    field_markup.install(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    CSRFProtect(app)
    LoginManager(app).request_loader(lambda _request: Steward())
    admin = Admin(
        app, theme=Bootstrap4Theme(base_template="admin/base.html"), index_view=HomeView(name="Home")
    )
    place = {"category": "Masters", "endpoint": "companies", "url": "/admin/companies/"}
    admin.add_view(CompanyView(SimpleNamespace, name="Companies", **place))
    admin.add_view(ChangeSetView(name="Change sets", category="Work", endpoint="sets", url="/admin/sets/"))
    app.register_blueprint(_account())
    app.register_blueprint(_appearance())
    app.add_url_rule("/industries", view_func=lambda: jsonify([["3650", "電気機器"], ["3700", "輸送用機器"]]))
    app.add_url_rule("/error", endpoint="error", view_func=_error)
    app.add_url_rule("/undo", endpoint="change_sets.undo", methods=["POST"], view_func=_error)
    app.after_request(_add_policy)
    return app


def _language() -> str:
    return str(session.get("lang") or request.accept_languages.best_match(["ja", "en"]) or "ja")


def _account() -> Blueprint:
    account = Blueprint("account", __name__)

    @account.route("/login", methods=["GET", "POST"])
    def login() -> str:
        return render_template("account/login.html", error="違います。" if request.method == "POST" else None)

    @account.post("/logout")
    def logout() -> Any:
        return redirect("/login")

    @account.post("/language")
    def language() -> Any:
        session["lang"] = request.form["lang"]
        return redirect(request.form["next"])

    return account


def _appearance() -> Blueprint:
    looks = Blueprint("appearance", __name__)

    @looks.post("/account/settings")
    def save() -> Response:
        answer = Response(status=204)
        for name in ("theme", "density"):
            if name in request.form:
                answer.set_cookie(name, request.form[name])
        return answer

    return looks


def _error() -> str:
    said = {"status": 503, "title": "混み合っています", "message": "届きません。", "error_number": "a1b2"}
    return render_template("errors/error.html", **said, retry_after=5)


def _add_policy(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response
