"""One's own password: changed by whoever knows the present one, which ends every other session of theirs."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_admin.base import expose

from webapp import db
from webapp.label import Label
from webapp.rules.people import account as rules
from webapp.screens.account import sign_in
from webapp.screens.record.base import PageView
from webapp.services.accounts import accounts, permissions, signing_in, visitors
from webapp.services.accounts.accounts import AccountError
from webapp.services.accounts.signing_in import Credentials
from webapp.web import current_person, known_browsers
from webapp.web.speaking import speech

UNPROCESSABLE, TOO_MANY = 422, 429
SIGNED_IN = "signed in"


class PasswordView(PageView):
    """A form of two passwords; it stands in the menu of the account, not among the screens."""

    label = Label("パスワードの変更", "Change the password")
    rights = {"index": permissions.SIGNED_IN}

    def __init__(self) -> None:
        super().__init__(name="Change the password", endpoint="password", url="/account/password")

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """The form, and what comes of it; nothing that was typed is ever shown again."""
        if request.method != "POST":
            return self._page({})
        present, new_password = request.form.get("present", ""), request.form.get("new", "")
        reader = current_person.signed_in()
        credentials = _credentials(reader.email, present)
        try:
            with db.transaction():
                attempt = signing_in.count(credentials, sign_in.secret_key())
            with db.transaction():
                user = signing_in.proven(credentials, attempt, sign_in.secret_key())
                if user is None:
                    return (
                        self._page({"present": speech().gettext("This is not the present password.")}),
                        UNPROCESSABLE,
                    )
                accounts.set_password(user, new_password)
                person = current_person.person(visitors.of_user(user))
        except signing_in.TooManyAttempts as refusal:
            sentence = speech().gettext("Too many attempts. Wait five minutes and try again.")
            return self._page({"present": sentence}), TOO_MANY, {"Retry-After": str(refusal.retry_after)}
        except AccountError as refused:
            sentence = speech().sentence(refused.saying)
            return self._page({"new": sentence}), UNPROCESSABLE
        sign_in.begin_session(person, current_person.last_visit_at())
        flash(
            speech().gettext(
                "Your password is changed. Wherever else you were signed in, you are signed out."
            ),
            "success",
        )
        return redirect(sign_in.first_page(person), 303)

    def _page(self, errors: dict[str, str]) -> str:
        return str(self.render("account/password.html", errors=errors, shortest=rules.SHORTEST_PASSWORD))


def _credentials(email: str, password: str) -> Credentials:
    """Whoever is signed in is no stranger to the account, whatever the browser kept of it."""
    browser = known_browsers.number_for(email) or SIGNED_IN
    return Credentials(email=email, password=password, address=request.remote_addr or "", browser=browser)
