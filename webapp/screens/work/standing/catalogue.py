"""The catalogue: every rule and every indicator with its formula and source, and how many statements keep a rule."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_admin.base import expose
from sqlalchemy import func, select

from webapp import db
from webapp.indicators.formulas import INDICATORS
from webapp.indicators.indicator import FORMULA_VERSION, OLDER, PRICE
from webapp.label import Label
from webapp.models.financial_indicator import FinancialIndicator
from webapp.models.financial_statement import FinancialStatement
from webapp.models.findings.finding import FiledFinding
from webapp.models.findings.rule_count import RuleCount
from webapp.models.stock_price import StockPrice
from webapp.rules import finding, masters
from webapp.rules.accounting.catalogue import BY_ID, RULES
from webapp.rules.disclosure import reading
from webapp.rules.expressions import PRIOR, Figure
from webapp.screens.record.base import PageView
from webapp.screens.work.standing.completeness_page import percent
from webapp.services.accounts import permissions
from webapp.services.changes import row_codec
from webapp.web.speaking import speech
from webapp.words import formatters, labels
from webapp.words.watched import formulas, rule_words

TONES = labels.TONES["findings.severity"]
PARTS = {PRIOR: rule_words.PARTS[PRIOR], OLDER: Label("3期前", "three years before")}


class RulesView(PageView):
    """Rules, then what else findings are about, then indicators."""

    label = Label("ルールと指標の一覧", "Rules and indicators")
    rights = {"index": permissions.READ}

    def __init__(self) -> None:
        super().__init__(
            name="Rules and indicators",
            category="Work",
            endpoint="rules",
            url="rules",
            menu_icon_type="sprite",
            menu_icon_value="review",
        )

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """All of them on one page, which a browser can search."""
        standing = _standing()
        counts = {one.rule: one for one in db.session.scalars(select(RuleCount))}
        counted_at = max((one.counted_at for one in counts.values()), default=None)
        return self.render(
            "quality/rules.html",
            rules=list(_rules(counts, standing)),
            others=[_other(rule, label, counts, standing) for rule, label in _others()],
            indicators=list(_indicators()),
            formula_version=FORMULA_VERSION,
            counted_at=None if counted_at is None else formatters.instant(counted_at, speech()),
        )


def _standing() -> dict[str, tuple[int, int]]:
    """Of each rule, how many findings stand open and how many are accepted."""
    rows = select(
        FiledFinding.rule,
        func.count().filter(FiledFinding.status == finding.OPEN),
        func.count().filter(FiledFinding.status == finding.WAIVED),
    ).where(FiledFinding.status != finding.CLOSED)
    return {row[0]: (row[1], row[2]) for row in db.session.execute(rows.group_by(FiledFinding.rule))}


def _rules(counts: dict[str, RuleCount], standing: dict[str, tuple[int, int]]) -> Iterator[dict[str, Any]]:
    spoken = speech()
    for rule in BY_ID.values():
        alike = [rule_words.formula(one, spoken) for one in RULES if one.id == rule.id]
        yield {
            **_found(rule.id, standing),
            **_counted(rule.id, counts),
            "label": spoken.say(rule.label),
            "formulas": alike[: rule_words.MOST_FORMULAS],
            "more": len(alike) - rule_words.MOST_FORMULAS,
            "scope": rule_words.scope(rule.scope, spoken),
            "severity": spoken.say(labels.WORDS["severity"][rule.severity]),
            "tone": TONES[rule.severity],
            "official": rule.official,
            "source": spoken.gettext(rule.source),
        }


def _found(rule: str, standing: dict[str, tuple[int, int]]) -> dict[str, Any]:
    open_ones, accepted = standing.get(rule, (0, 0))
    asked: dict[str, Any] = {"flt0_rule_is": rule, "flt1_status_is": finding.OPEN}
    url = url_for("quality.index_view", **asked)
    return {"id": rule, "open": open_ones, "accepted": accepted, "url": url}


def _others() -> list[tuple[str, Label]]:
    """What findings are about beside the rules of accounting."""
    return [(rule, label) for rule, label in labels.WORDS["rule"].items() if rule not in BY_ID]


def _other(
    rule: str, label: Label, counts: dict[str, RuleCount], standing: dict[str, tuple[int, int]]
) -> dict[str, Any]:
    declared = masters.BY_ID.get(rule) or reading.BY_ID.get(rule) or finding.OF_SOURCES[rule]
    return {
        **_found(rule, standing),
        **_counted(rule, counts),
        "is_named_by_id": rule not in finding.OF_SOURCES,
        "label": speech().say(label),
        "source": speech().gettext(declared.source),
        "severity": speech().say(labels.WORDS["severity"][declared.severity]),
        "tone": TONES[declared.severity],
    }


def _counted(rule: str, counts: dict[str, RuleCount]) -> dict[str, Any]:
    count = counts.get(rule)
    asked = 0 if count is None else count.passed + count.failed
    return {
        "count": count,
        "rate": percent(count.passed, asked) if count is not None and asked else None,
    }


def _indicators() -> Iterator[dict[str, Any]]:
    spoken = speech()
    columns: Any = row_codec.table_of(FinancialIndicator).columns
    for one in INDICATORS:
        excluded = labels.WORDS["industry_format"]
        yield {
            "id": one.name,
            "label": spoken.say(labels.of_column(columns[one.name])),
            "words": spoken.say(one.words),
            "formula": formulas.written(one.formula, _named, spoken),
            "not_for": spoken.listed(
                spoken.say(label) for word, label in excluded.items() if word in one.not_for
            ),
            "bases": [formulas.written(base, _named, spoken) for base in one.bases],
            "source": one.source,
        }


def _named(figure: Figure) -> str:
    model = StockPrice if figure.part == PRICE else FinancialStatement
    columns: Any = row_codec.table_of(model).columns
    column = columns.get(figure.name)
    label = figure.name if column is None else speech().say(labels.of_column(column))
    return (
        label if figure.part not in PARTS else speech().in_brackets(label, speech().say(PARTS[figure.part]))
    )
