"""Users: who may sign in and in which role. Passwords go in and never come out."""

from typing import Any

from flask import flash
from sqlalchemy.exc import SQLAlchemyError
from wtforms import PasswordField

from webapp import db
from webapp.forms import record_form
from webapp.forms.record_form import FormPlan, RecordForm
from webapp.label import Label
from webapp.lists.plan import ListPlan
from webapp.models.user import User
from webapp.rules.people import account as rules
from webapp.screens.record.base import RecordView, screen
from webapp.screens.record.screen import RecordScreen
from webapp.services.accounts import accounts, passwords
from webapp.services.accounts.accounts import AccountError, NewUser
from webapp.services.accounts.permissions import MANAGE_USERS
from webapp.services.changes.proposals import Conflict, Moved
from webapp.web import database_errors
from webapp.web.speaking import speech
from webapp.words.speech import Speech

AnyPasswordField: Any = PasswordField
SECRET = frozenset({"password_hash", "session_version"})


def _password(label: str, speech: Speech, *, is_needed: bool) -> Any:
    attributes = {"autocomplete": "new-password", "maxlength": rules.LONGEST_PASSWORD}
    hint = speech.gettext("at least %(shortest)s characters", shortest=rules.SHORTEST_PASSWORD)
    if is_needed:
        attributes["required"] = True
    return AnyPasswordField(label, description=hint, render_kw=attributes)


PLAN = FormPlan(
    User,
    sections=((Label("利用者", "User"), ("email", "name", "role", "is_active", "language")),),
    # Colours, row height and start page are everybody's own business.
    read_only=SECRET
    | {*("version", "created_at", "last_signed_in_at"), *("theme", "density", "start_view_id")},
)


def _form_class(speech: Speech, *, is_new: bool) -> Any:
    """The form of an account: the address by which it is known is typed once, and the password never shown."""
    form_class: Any = type("UserForm", (record_form.form_class(PLAN, speech, is_new=is_new),), {})
    if is_new:
        form_class.password = _password(speech.gettext("Initial password"), speech, is_needed=True)
    else:
        form_class.email = None
        label = speech.gettext("New password, if it is to change")
        form_class.password = _password(label, speech, is_needed=False)
    form_class.change_reason = None  # nobody is asked why
    return form_class


class AccountWriter:
    """Writes accounts, which are nobody's curated data and have verbs of their own."""

    def create(self, _screen: RecordScreen, form: Any) -> bool:
        """Whether there is a new account; otherwise the reason is at its field."""
        typed = form.values()
        account = NewUser(typed["email"], typed["role"], form.password.data or "", typed["name"])
        try:
            with db.transaction():
                _set_rest(accounts.add_user(account), typed)
        except (AccountError, SQLAlchemyError) as refused:
            _tell(form, refused)
            return False
        flash(speech().gettext("The user was added."), "success")
        return True

    def update(self, _screen: RecordScreen, form: Any, row: Any) -> bool:
        """Whether the account is now as typed."""
        try:
            with db.transaction():
                user = db.session.get_one(User, row.id, with_for_update=True, populate_existing=True)
                if user.version == form.base_version():
                    _set_all(user, form)
                elif not _is_as_typed(user, form):
                    raise _moved(form, user)
        except Moved as moved:
            form.moved = moved
            return False
        except (AccountError, SQLAlchemyError) as refused:
            _tell(form, refused)
            return False
        flash(speech().gettext("The user was saved."), "success")
        return True


@screen(menu="Administration", path="users", icon="users", place=10)
class UserView(RecordView):
    """Accounts. Nobody is deleted: change sets name their authors; a disabled user cannot sign in."""

    rights = dict.fromkeys(
        ("index_view", "facets_view", "questions_view", "details_view", "export", "create_view", "edit_view"),
        MANAGE_USERS,
    )
    plan = ListPlan(
        User,
        columns=("email", "name", "role", "is_active", "language", "last_signed_in_at", "created_at"),
        link="email",
        searched=("email", "name"),
        filtered=("role", "is_active", "last_signed_in_at"),
        sorts={"email": ("email",), "role": ("role",)},
        usual_order=("email", False),
        is_large=False,
        hidden=SECRET,
    )
    form_plan = PLAN

    writer = AccountWriter()

    def form_class(self, *, is_new: bool) -> Any:
        return _form_class(speech(), is_new=is_new)


def _set_all(user: User, form: Any) -> None:
    typed = form.values()
    if typed["name"] != user.name:
        accounts.rename(user, typed["name"])
    accounts.change_role(user, typed["role"])
    if form.password.data:
        accounts.set_password(user, form.password.data)
    _set_rest(user, typed)


def _set_rest(user: User, typed: dict[str, Any]) -> None:
    if typed["is_active"] is False:
        accounts.disable(user)
    else:
        accounts.enable(user)
    if typed["language"] is not None and typed["language"] != user.language:
        accounts.choose_language(user.id, typed["language"])


def _is_as_typed(user: User, form: Any) -> bool:
    """Whether nothing is left to do, as when a form was sent twice."""
    is_known = not form.password.data or passwords.is_right(form.password.data, user.password_hash)
    return is_known and all(getattr(user, field.name) == field.data for field in form.columns())


def _moved(form: RecordForm, user: User) -> Moved:
    """What differs between the form and the account that somebody else has changed; accounts keep no old versions."""
    theirs = {field.name: getattr(user, field.name) for field in form.columns()}
    differing = [
        Conflict(field.name, None, theirs[field.name], field.data)
        for field in form.columns()
        if theirs[field.name] != field.data
    ]
    return Moved(differing, version=user.version, changed_at=None, changed_by=speech().gettext("Somebody"))


def _tell(form: RecordForm, refused: AccountError | SQLAlchemyError) -> None:
    if isinstance(refused, SQLAlchemyError):
        form.say(database_errors.sentence(refused, speech()))
        return
    sentence = speech().sentence(refused.saying)
    if refused.field in form:
        form[refused.field].errors = [*form[refused.field].errors, sentence]
    else:
        form.say(sentence)
