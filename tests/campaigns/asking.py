"""Requests as nobody's page makes them: every route, role and parameter, with values that somebody once trusted."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

from flask import Flask
from hypothesis import strategies as st
from werkzeug.routing import Rule

from tests.campaigns.meaning import Form
from webapp import db
from webapp.rules.people import account

WEBAPP = Path(__file__).parents[2] / "webapp"
ANYBODY = "anybody"
# Those who may most come most often: the others are turned away early.
ROLES = (*reversed(account.ROLES), "admin", "steward", ANYBODY)
METHODS = ("GET", "GET", "GET", "POST", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS")
# What the code asks of addresses and forms: request.args.get("…"), request.form["…"], `name in request.form`.
ASKED = re.compile(
    r"(?:args|form|values|getlist)(?:\.get)?(?:list)?[\[(]\"([a-z_]+)\"|\"([a-z_]+)\" in request\.form"
)
OF_LISTS = (
    "search",
    "page",
    "page_size",
    "sort",
    "desc",
    "order",
    "down",
    "columns",
    "unit",
    "view",
    "after",
    "before",
)
OPERATIONS = ("is", "is_not", "contains", "from", "to", "empty", "is_empty", "changed_since", "no_such")
COMMON = (
    "1",
    "1",
    "1",
    "2",
    "",
    "0",
    "-1",
    "on",
    "listed",
    "7974",
    "任天堂",
    "2025-03-31",
    "id",
    "edinet_code",
)
# As they stand in an address: what is no text, what is too much, and what means something to somebody.
RAW = (
    "%00", "a%00b", "1%00", "%E4%BB%BB%00", "%00%00", "%07",
    "%FF", "%E3%81", "%ED%A0%80", "%C0%AF", "%0d%0aSet-Cookie:%20x=1", "%", "%zz",
    "9" * 30, "-" + "9" * 19, "9223372036854775807", "2147483648", "32768", "1e400",
    "NaN", "-0", "٣", "１２３", "△1,234",
    "1,2", "1.,2", ",", ".", "1," * 40, "0001-01-01", "9999-12-31", "2024-02-30",
    "%7B%22a%22:%5B1%5D%7D", "null", "[]",
    "%27;%20drop%20table%20companies%20--", "%25%25s", "%25(x)s", "%7B%7B7*7%7D%7D",
    "%3Cscript%3E", "../../etc/passwd",
    "//evil.example/", "/%5Cevil.example", "%E2%80%AE", "%E2%80%8B", "%EF%BB%BF",
    "e%CC%81", "%F0%9F%98%80", "a" * 3000,
    "%E9%AB%99" * 300, "%09", "%0a", "%1b", "%7f", "%c2%85", "True", "false", "all",
    "csv", "companies", "..", "%2e%2e%2f",
)  # fmt: skip


HEADERS: tuple[tuple[tuple[str, str], ...], ...] = (
    (),
    (),
    (("Accept", "application/json"),),
    (("X-Requested-With", "XMLHttpRequest"),),
    (("Sec-Fetch-Site", "cross-site"),),
    (("Cookie", "theme=dark; unit=%00; lang=\xff"),),
    (("Accept-Language", "en;q=x, *;q=9, ja-\xe9"),),
)


KINDS = [
    *["application/x-www-form-urlencoded"] * 16,
    *["multipart/form-data"] * 4,
    "application/json",
    "text/plain",
]
# Screens with a view of the same name that still are screens of their own.
FEW = 2
ARGUMENT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
PLACES = ("1", "2", "csv", "xlsx", "all", "companies", "statements", "x%00", "９", "a b")


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, and whether it carries the token of a form."""

    role: str
    endpoint: str
    method: str
    path: str
    query: str
    body: str
    kind: str = "application/x-www-form-urlencoded"
    headers: tuple[tuple[str, str], ...] = ()
    has_token: bool = True
    # Whether nothing is to be left of it for those that come behind.
    is_taken_back: bool = False


@cache
def vocabulary() -> st.SearchStrategy[str]:
    """Every name that the code, a form or a list may ask for, each kind of them as often."""
    sources = [path.read_text() for path in WEBAPP.rglob("*.py")]
    asked = {name for source in sources for pair in ASKED.findall(source) for name in pair if name}
    columns = sorted({column.name for table in db.Base.metadata.tables.values() for column in table.columns})
    of_code = sorted({*asked, *OF_LISTS, "row_version", "save_token", "seen"})
    of_forms = [*columns, *(f"{name}-name" for name in columns)]
    of_filters = [
        f"flt{place}_{name}_{operation}"
        for place in (0, "1.a")
        for name in columns
        for operation in OPERATIONS
    ]
    return st.one_of(map(st.sampled_from, (of_code, of_code, of_forms, of_filters)))


def values(keys: Sequence[str]) -> st.SearchStrategy[str]:
    """A value as it stands in an address."""
    known = st.sampled_from([quote(value) for value in (*COMMON, *keys)])
    text = st.text(max_size=12).map(lambda value: quote(value.encode(errors="surrogatepass")))
    return st.one_of(known, known, known, st.sampled_from(RAW), text)


def pairs(names: st.SearchStrategy[str], keys: Sequence[str], most: int) -> st.SearchStrategy[str]:
    """Some names and values, as an address or a form has them."""
    pair = st.tuples(names, values(keys)).map("=".join)
    return st.lists(pair, max_size=most).map("&".join)


def storms(form: Mapping[str, str]) -> st.SearchStrategy[str]:
    """One hostile value in every field of a form, or in every name beside a key, which is left blank."""
    beside = [name for name in form if name.endswith("-name")]
    names_only = [*beside, *(name.removesuffix("-name") for name in beside)]

    def everywhere(value: str) -> str:
        return "&".join(f"{name}={value}" for name in form)

    def beside_keys(value: str) -> str:
        return "&".join(f"{name}={value if name in beside else ''}" for name in names_only)

    return st.one_of(st.sampled_from(RAW).map(everywhere), st.sampled_from(RAW).map(beside_keys))


def _path(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    try:
        with app.test_request_context():
            built = rule.build(values | dict(rule.defaults or {}))
    except ValueError:
        # No number, where the route has one: it is asked for all the same.
        return ARGUMENT.sub(lambda found: quote(values[found[1]]), rule.rule)
    return "/" if built is None else built[1]


def _view(rule: Rule) -> str:
    return rule.endpoint.rpartition(".")[2]


@st.composite
def asks(draw: st.DrawFn, app: Flask, keys: Sequence[str], forms: Mapping[str, Form]) -> Ask:
    """A request of anybody to any route; most of what is posted is a real form with something changed.

    The routes that each screen has are many: those that there are once come as often as they do. One in ten is as good
    as what somebody who may do so would send.
    """
    if draw(st.integers(0, 9)) == 0:
        return draw(nearly_meant(app, keys, forms))
    rules = sorted(app.url_map.iter_rules(), key=str)
    with_forms = [rule for rule in rules if rule.endpoint in forms]
    shared = Counter(_view(rule) for rule in rules)
    alone = [rule for rule in rules if shared[_view(rule)] <= FEW]
    rule = draw(st.one_of(st.sampled_from(rules), st.sampled_from(with_forms), st.sampled_from(alone)))
    method = draw(st.sampled_from([one for one in METHODS if one in (rule.methods or ())] or ["GET"]))
    if draw(st.integers(0, 19)) == 0:
        method = draw(st.sampled_from(METHODS))
    names, form = vocabulary(), forms.get(rule.endpoint)
    row = draw(st.sampled_from(["", *(f"id={key}" for key in keys)]))
    body = ""
    if form is not None and draw(st.integers(0, 3)):
        row = form.query
        names = st.one_of(st.sampled_from(sorted(form.fields)), names) if form.fields else names
    if method in ("POST", "PUT"):
        # What comes first counts.
        body = _joined(
            draw(pairs(names, keys, 4)), "" if form is None or row != form.query else urlencode(form.fields)
        )
    return Ask(
        role=draw(st.sampled_from(ROLES)),
        endpoint=rule.endpoint,
        method=method,
        path=_path(app, rule, {name: draw(st.sampled_from(PLACES)) for name in rule.arguments}),
        query=_joined(row, draw(pairs(vocabulary(), keys, 3))),
        body=body,
        kind=draw(st.sampled_from(KINDS)),
        headers=draw(st.sampled_from(HEADERS)),
        has_token=draw(st.integers(0, 9)) > 0,
    )


def meant(app: Flask, role: str, endpoint: str, form: Form) -> Ask:
    """The form as its page has it, filled in and sent by somebody who may do so."""
    (rule,) = app.url_map.iter_rules(endpoint)
    body = urlencode({**form.fields, **form.typed})
    return Ask(role, endpoint, "POST", _path(app, rule, {}), form.query, body, is_taken_back=True)


@st.composite
def nearly_meant(draw: st.DrawFn, app: Flask, keys: Sequence[str], forms: Mapping[str, Form]) -> Ask:
    """The same with one field that holds something else, and a token of its own, as a page opened just now has."""
    endpoint = draw(st.sampled_from(sorted(name for name, form in forms.items() if form.stores)))
    ask = meant(app, draw(st.sampled_from(("admin", "steward"))), endpoint, forms[endpoint])
    other = draw(pairs(st.sampled_from(sorted(forms[endpoint].fields)), keys, 1))
    token = f"save_token={draw(st.uuids()).hex}"
    return replace(ask, body=_joined(other, token, ask.body), is_taken_back=draw(st.booleans()))


def _joined(*parts: str) -> str:
    return "&".join(filter(None, parts))
