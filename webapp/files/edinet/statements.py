"""Facts become statements: a row per scope and standard of which a filing holds the statements. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from webapp.files.edinet import industries, mapping, numbers, periods, rounding
from webapp.files.edinet.document import Document, Fact
from webapp.files.edinet.numbers import PER_SHARE, Key
from webapp.files.edinet.periods import OF_PARENT, Contexts
from webapp.files.edinet.summaries import OF_SUMMARY, SUMMARISED, Summarised
from webapp.files.rows import WrongFile

CONSOLIDATED, NON_CONSOLIDATED = "consolidated", "non_consolidated"
STANDARDS = {"Japan GAAP": "JGAAP", "IFRS": "IFRS", "US GAAP": "USGAAP", "JMIS": "JMIS"}
# Taxonomies of statements, not of summaries: 財務諸表 and IFRS.
OF_STATEMENTS = ("jppfs_cor:", "jpigp_cor:")


@dataclass(frozen=True, slots=True)
class Statement:
    """The figures of one scope and standard, and for each the element and context where it stands, or its formula.

    `values`: a figure, None where the filing does not give it, for every field that the mapping knows of the standard.
    `industry_format` is the DEI's code, or that of the lines which only one industry has; "" where neither is there.
    """

    line: int
    scope: str
    accounting_standard: str
    industry_format: str
    currency: str
    rounding_unit: int
    values: Mapping[str, Decimal | None]
    places: Mapping[str, Mapping[str, str]]


def read(document: Document, version: int = mapping.VERSION) -> Sequence[Statement]:
    """The statements of the filing's own period; raises WrongFile where there are none."""
    own = periods.contexts(document)
    statements = tuple(_statements(document, own, version, is_own_period=True))
    if not statements:
        raise WrongFile(
            expected="figures of the period in %(contexts)s",
            found="none",
            contexts=f"{own.duration}, {own.instant}",
        )
    return statements


def year_before(document: Document, version: int = mapping.VERSION) -> Sequence[Statement]:
    """What the filing says of the same months a year before; in interim reports without a balance sheet."""
    before = periods.YEAR_BEFORE[periods.contexts(document)]
    return tuple(_statements(document, before, version, is_own_period=False))


def last_year_end(document: Document, version: int = mapping.VERSION) -> Sequence[Statement]:
    """What an interim report says of the end of the last fiscal year: stocks alone."""
    if document.said("TypeOfCurrentPeriodDEI") == periods.YEARLY:
        return ()
    return tuple(_statements(document, periods.LAST_YEAR_END, version, is_own_period=False))


def summarised(document: Document, version: int = mapping.VERSION) -> Sequence[Summarised]:
    """What the filing's summary says of its own period beside the statements of the same scope and standard."""
    readings = _readings(document, periods.contexts(document), version)
    return [one for reading, _is_own in readings for one in reading.summarised()]


def unmapped(document: Document, version: int = mapping.VERSION) -> Sequence[str]:
    """The elements of statements' own taxonomies with an amount of the period that the mapping does not know."""
    own = periods.contexts(document)
    known = mapping.elements(version)
    elements = (
        fact.element
        for fact in document.facts
        if fact.number is not None
        and fact.element.startswith(OF_STATEMENTS)
        and fact.context.removesuffix(OF_PARENT) in (own.duration, own.instant)
    )
    return [element for element in dict.fromkeys(elements) if element not in known]


def _statements(
    document: Document, contexts: Contexts, version: int, *, is_own_period: bool
) -> Iterator[Statement]:
    for reading, is_own in _readings(document, contexts, version):
        statement = reading.statement(is_own=is_own, needs_assets=is_own_period or not is_own)
        if statement is not None:
            yield statement


def _readings(document: Document, contexts: Contexts, version: int) -> Iterator[tuple["_Reading", bool]]:
    """A reading for each scope and standard, and whether those are the filing's own."""
    own_scope, own_standard = _own(document)
    by_key = numbers.by_key(document, contexts, version)
    for scope in (CONSOLIDATED, NON_CONSOLIDATED) if own_scope == CONSOLIDATED else (NON_CONSOLIDATED,):
        industry_format = industries.format_of(document, scope)
        for standard in _standards(own_standard):
            reading = _Reading(by_key, contexts, scope, standard, industry_format, version)
            yield reading, (scope, standard) == (own_scope, own_standard)


def is_own(document: Document, statement: Statement) -> bool:
    """Whether a statement is of the scope and standard that the DEI names."""
    return (statement.scope, statement.accounting_standard) == _own(document)


def _own(document: Document) -> tuple[str, str | None]:
    has_consolidated = document.flag("WhetherConsolidatedFinancialStatementsArePreparedDEI")
    if has_consolidated is None:
        # Everything of a company by itself stands in the suffix.
        plain = periods.contexts(document).instant
        has_consolidated = any(
            fact.context == plain and fact.element.startswith(OF_STATEMENTS) for fact in document.facts
        )
    standard = STANDARDS.get(document.said("AccountingStandardsDEI") or "")
    return CONSOLIDATED if has_consolidated else NON_CONSOLIDATED, standard


def _standards(own: str | None) -> Iterator[str]:
    """修正国際基準 has the elements of IFRS: only the DEI tells the two apart."""
    other = "IFRS" if own == "JMIS" else "JMIS"
    yield from (standard for standard in STANDARDS.values() if standard != other)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure that the filing gives: in one line, or as the sum of several in one context."""

    facts: Sequence[Fact]

    @property
    def number(self) -> Decimal:
        return sum(numbers.amounts(self.facts), Decimal(0))

    @property
    def unit(self) -> str:
        return self.facts[0].unit

    @property
    def element(self) -> str:
        return mapping.PLUS.join(fact.element for fact in self.facts)

    @property
    def place(self) -> Mapping[str, str]:
        return {"element": self.element, "context": self.facts[0].context}


@dataclass(frozen=True, slots=True)
class _Reading:
    """The facts with a number, and which of them are of one column, scope and standard."""

    facts: Mapping[Key, Fact]
    contexts: Contexts
    scope: str
    standard: str
    industry_format: str
    version: int

    def statement(self, *, is_own: bool, needs_assets: bool) -> Statement | None:
        """The statement, None where the filing holds none of this scope and standard.

        What is not the filing's own (the parent's statements in a consolidated report, a second standard) counts only
        where its balance sheet is there: a summary may name single figures of anything.
        """
        by_field = mapping.of(self.standard, self.industry_format, self.version)
        # First, as most scopes and standards are in no filing.
        assets = self._first(by_field.get("total_assets", ()))
        if assets is None and needs_assets:
            return None
        if assets is not None and not (is_own or assets.element.startswith(OF_STATEMENTS)):
            return None
        chosen = {
            name: figure for name, choice in by_field.items() if (figure := self._first(choice)) is not None
        }
        return self._made(chosen, assets) if chosen else None

    def summarised(self) -> Iterator[Summarised]:
        """The figures that stand in a statement and in the summary."""
        by_field = mapping.of(self.standard, self.industry_format, self.version)
        for name in SUMMARISED:
            lines = by_field.get(name, ())
            line = self._first([one for one in lines if one.element.startswith(OF_STATEMENTS)])
            of_summary = (self._first([one]) for one in lines if one.element.endswith(OF_SUMMARY))
            said = [
                Summarised(self.scope, self.standard, name, line.number, summary.number)
                for summary in of_summary
                if line is not None and summary is not None and line.unit == summary.unit
            ]
            if said:
                # A summary may give the whole and a part of it, 営業収益 and 売上高.
                yield next((one for one in said if one.agrees), said[0])

    def _made(self, chosen: Mapping[str, _Figure], assets: _Figure | None) -> Statement | None:
        currency = assets.unit if assets is not None else _currency(chosen.values())
        if currency is None:
            return None
        values = {
            name: _value(chosen.get(name), currency) for name in mapping.fields(self.standard, self.version)
        }
        places = {name: figure.place for name, figure in chosen.items() if values[name] is not None}
        net_assets = chosen.get("net_assets")
        if self.standard == "JGAAP" and net_assets is not None and _is_of_statement(net_assets):
            values[mapping.DERIVED] = own_equity(values)
            places[mapping.DERIVED] = {**net_assets.place, "element": mapping.FORMULA}
        first = assets or next(iter(chosen.values()))
        return Statement(
            line=first.facts[0].line,
            scope=self.scope,
            accounting_standard=self.standard,
            industry_format=self.industry_format,
            currency=currency,
            rounding_unit=rounding.unit_of(
                [one.number for one in chosen.values() if one.unit == currency and one.number]
            ),
            values=values,
            places=places,
        )

    def _first(self, choice: Sequence[mapping.Line]) -> _Figure | None:
        for line in choice:
            for context in self._contexts_of(line):
                facts = self._of(line.elements, context)
                if facts and (line.where is None or self._holds(line.where, context)):
                    return _Figure(facts)
        return None

    def _of(self, elements: Iterable[str], context: str) -> Sequence[Fact]:
        return [self.facts[key] for part in elements if (key := (part, context)) in self.facts]

    def _holds(self, where: mapping.Where, context: str) -> bool:
        left, right = (numbers.amounts(self._of(side, context)) for side in (where.left, where.right))
        if not where.sign or not left or not right:
            return bool(left) and not where.sign
        more = sum(left, Decimal(0)) - sum(right, Decimal(0))
        return more > 0 if where.sign == ">" else abs(more) < len(left) * rounding.unit_of(right)

    def _contexts_of(self, line: mapping.Line) -> Sequence[str]:
        plain = self.contexts.instant if line.period == "instant" else self.contexts.duration
        of_parent = plain + OF_PARENT
        if line.context == "filer":
            return (plain,)
        if self.scope == NON_CONSOLIDATED:
            return (of_parent,)
        if line.context == NON_CONSOLIDATED:
            return ()
        return (of_parent, plain) if line.context == "parent" else (plain,)


def _is_of_statement(figure: _Figure) -> bool:
    """Whether it is a line of a statement: beside a summary's total it is not known what else there is."""
    return figure.element.startswith(OF_STATEMENTS)


def _value(figure: _Figure | None, currency: str) -> Decimal | None:
    """The figure; one of another currency than the balance sheet's is none of this statement."""
    if figure is None or figure.unit.removesuffix(PER_SHARE) not in (currency, "pure", "shares"):
        return None
    return figure.number


def _currency(figures: Iterable[_Figure]) -> str | None:
    units = (figure.unit for figure in figures)
    return next((unit for unit in units if unit not in ("pure", "shares") and len(unit) == 3), None)


def own_equity(values: Mapping[str, Decimal | None]) -> Decimal:
    """自己資本: net assets without what is not the owners'; a filer without such items leaves them out."""
    net_assets, *others = (values.get(name) or Decimal(0) for name in mapping.PARTS)
    return net_assets - sum(others)
