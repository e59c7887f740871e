"""Facts become statements: a row per scope and standard of which a filing holds the statements. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from webapp.files.edinet import mapping
from webapp.files.edinet.document import Document, Fact
from webapp.files.rows import WrongFile, shown

CONSOLIDATED, NON_CONSOLIDATED = "consolidated", "non_consolidated"
# Any further suffix is a segment or a component of equity, and no headline figure.
OF_PARENT = "_NonConsolidatedMember"
STANDARDS = {"Japan GAAP": "JGAAP", "IFRS": "IFRS", "US GAAP": "USGAAP", "JMIS": "JMIS"}
PERIOD_TYPES = ("FY", "Q1", "Q2", "Q3", "HY")
# Where the figures of the period stand: of a year; of the fiscal year so far (the three months of a quarter alone are
# CurrentQuarterDuration); and of a half-year whose filer reports no quarters, or which was filed from 2025.
YEAR = ("CurrentYearDuration", "CurrentYearInstant")
QUARTER = ("CurrentYTDDuration", "CurrentQuarterInstant")
HALF = ("InterimDuration", "InterimInstant")
# Industry formats of EDINET whose statements have other lines; lower case and numbered ones occur.
INDUSTRY_FORMATS = {"BNK": "BNK", "BK": "BNK", "INS": "INS", "IN": "INS", "SEC": "SEC"}
INDUSTRY_ELEMENTS = {
    "jppfs_cor:OrdinaryIncomeBNK": "BNK",
    "jppfs_cor:OperatingIncomeINS": "INS",
    "jppfs_cor:OperatingRevenueSEC": "SEC",
}
INDUSTRY_DEI = {
    CONSOLIDATED: "IndustryCodeWhenConsolidatedFinancialStatementsArePreparedInAccordance"
    "WithIndustrySpecificRegulationsDEI",
    NON_CONSOLIDATED: "IndustryCodeWhenFinancialStatementsArePreparedInAccordance"
    "WithIndustrySpecificRegulationsDEI",
}
# Taxonomies of statements, not of summaries: 財務諸表 and IFRS.
OF_STATEMENTS = ("jppfs_cor:", "jpigp_cor:")
# Filers round to one unit; some notes give other ones.
ROUNDED = Decimal("0.97")
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Statement:
    """The figures of one scope and standard, and for each the element and context where it stands, or its formula.

    `values`: a figure, None where the filing does not give it, for every field that the mapping knows of the standard.
    """

    line: int
    scope: str
    accounting_standard: str
    currency: str
    rounding_unit: int
    values: Mapping[str, Decimal | None]
    places: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Period:
    """Which months the figures are of, cumulative from the start of the fiscal year."""

    type: str
    fiscal_year_start_on: date
    fiscal_year_end_on: date
    end_on: date


def period(document: Document) -> Period:
    """The period of the DEI; raises WrongFile where it names none. The register's own period end is not to be used."""
    kind = document.said("TypeOfCurrentPeriodDEI") or "－"
    if kind not in PERIOD_TYPES:
        raise WrongFile(
            expected="one of %(kinds)s in %(element)s",
            found="“%(value)s”",
            kinds=", ".join(PERIOD_TYPES),
            element="TypeOfCurrentPeriodDEI",
            value=shown(kind),
        )
    return Period(
        type=kind,
        fiscal_year_start_on=document.day("CurrentFiscalYearStartDateDEI"),
        fiscal_year_end_on=document.day("CurrentFiscalYearEndDateDEI"),
        end_on=document.day("CurrentPeriodEndDateDEI"),
    )


def read(document: Document) -> Sequence[Statement]:
    """The statements of the filing's own period; raises WrongFile where there are none."""
    own_standard = STANDARDS.get(document.said("AccountingStandardsDEI") or "")
    contexts = _contexts(document)
    by_key = {(fact.element, fact.context): fact for fact in document.facts if fact.number is not None}
    # Flags are compared as text: any text but the empty one is true in Python.
    has_consolidated = document.said("WhetherConsolidatedFinancialStatementsArePreparedDEI") == "true"
    own_scope = CONSOLIDATED if has_consolidated else NON_CONSOLIDATED
    statements = []
    for scope in (CONSOLIDATED, NON_CONSOLIDATED) if has_consolidated else (NON_CONSOLIDATED,):
        for standard in STANDARDS.values():
            is_own = (scope, standard) == (own_scope, own_standard)
            reading = _Reading(by_key, contexts, scope, standard, _industry_format(document, scope))
            if (statement := reading.statement(is_own=is_own)) is not None:
                statements.append(statement)
    if not statements:
        raise WrongFile(
            expected="figures of the period in %(contexts)s", found="none", contexts=", ".join(contexts)
        )
    return statements


def _contexts(document: Document) -> tuple[str, str]:
    """Duration and instant of the period, by what the DEI says and by which contexts are there."""
    if document.said("TypeOfCurrentPeriodDEI") == "FY":
        return YEAR
    has_interim = any(fact.context.removesuffix(OF_PARENT) == HALF[0] for fact in document.facts)
    return HALF if has_interim else QUARTER


def _industry_format(document: Document, scope: str) -> str:
    """BNK, INS, SEC, or nothing for all others; where the DEI says nothing, by the lines that only they have."""
    code = document.said(INDUSTRY_DEI[scope])
    if code is not None:
        return INDUSTRY_FORMATS.get(code.upper().rstrip("0123456789"), "")
    elements = {fact.element for fact in document.facts}
    return next((name for element, name in INDUSTRY_ELEMENTS.items() if element in elements), "")


@dataclass(frozen=True, slots=True)
class _Reading:
    """The facts with a number, and which of them are of one scope and standard."""

    facts: Mapping[Key, Fact]
    contexts: tuple[str, str]
    scope: str
    standard: str
    industry_format: str

    def statement(self, *, is_own: bool) -> Statement | None:
        """The statement, None where the filing holds none of this scope and standard.

        What is not the filing's own (the parent's statements in a consolidated report, a second standard) counts only
        where its balance sheet is there: a summary may name single figures of anything.
        """
        chosen = {
            name: fact
            for name, choice in mapping.of(self.standard, self.industry_format).items()
            if (fact := self._first(choice)) is not None
        }
        assets = chosen.get("total_assets")
        if assets is None or not (is_own or assets.element.startswith(OF_STATEMENTS)):
            return None
        values = {name: self._value(chosen.get(name), assets.unit) for name in mapping.fields(self.standard)}
        places = {
            name: {"element": fact.element, "context": fact.context}
            for name, fact in chosen.items()
            if values[name] is not None
        }
        if self.standard == "JGAAP" and values["net_assets"] is not None:
            values[mapping.DERIVED] = _own_equity(values)
            places[mapping.DERIVED] = {"element": mapping.FORMULA, "context": chosen["net_assets"].context}
        return Statement(
            line=assets.line,
            scope=self.scope,
            accounting_standard=self.standard,
            currency=assets.unit,
            rounding_unit=_rounding_unit(chosen.values(), assets.unit),
            values=values,
            places=places,
        )

    def _first(self, choice: Sequence[mapping.Line]) -> Fact | None:
        for line in choice:
            for context in self._contexts_of(line):
                fact = self.facts.get((line.element, context))
                if fact is not None:
                    return fact
        return None

    def _contexts_of(self, line: mapping.Line) -> Sequence[str]:
        plain = self.contexts[line.period == "instant"]
        of_parent = plain + OF_PARENT
        if self.scope == NON_CONSOLIDATED:
            return (of_parent,)
        if line.context == NON_CONSOLIDATED:
            return ()
        return (of_parent, plain) if line.context == "parent" else (plain,)

    def _value(self, fact: Fact | None, currency: str) -> Decimal | None:
        """The figure; one of another currency than the balance sheet's is none of this statement."""
        if fact is None or fact.unit.removesuffix("PerShares") not in (currency, "pure", "shares"):
            return None
        return fact.number


def _own_equity(values: Mapping[str, Decimal | None]) -> Decimal:
    """自己資本: net assets without what is not the owners'; a filer without such items leaves them out."""
    net_assets, *others = (
        values[name] or Decimal(0)
        for name in ("net_assets", "subscription_rights", "non_controlling_interests")
    )
    return net_assets - sum(others)


def _rounding_unit(facts: Iterable[Fact], currency: str) -> int:
    """The largest of a million, a thousand and one that divides nearly all amounts."""
    amounts = [fact.number for fact in facts if fact.unit == currency and fact.number]
    for unit in (1_000_000, 1_000):
        if amounts and sum(not amount % unit for amount in amounts) >= ROUNDED * len(amounts):
            return unit
    return 1
