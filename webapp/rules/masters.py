"""What is wrong with the list of companies as a whole: declared as data, and read as SQL over sets.

A company `c` breaks a rule where its condition holds; what a company says of itself alone is in `company.py`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from webapp.label import Label
from webapp.rules.company import CEASED, DELISTED, LISTED, TOKYO_PRO
from webapp.rules.fields import Saying
from webapp.rules.finding import REVIEW

# The list that names companies, too, where EDINET's is the one that is followed.
OF_JPX = "jpx-list"
SOURCES_DIFFER = "M-sources"
CALLED = "concat_ws(' ', coalesce(o.ticker_symbol, o.edinet_code), o.name_ja)"
LIVE = f"{{}}.listing_status NOT IN ('{DELISTED}', '{CEASED}')"
# EDINET's name on the company that lost it is kept with its former codes.
HAD_EDINET_CODE = "EXISTS (SELECT FROM company_names n WHERE n.company_id = c.id AND n.kind = 'edinet_code')"
# Off the list of filers, and listed again by the exchange since EDINET's list was last imported.
LISTED_AGAIN = (
    "EXISTS (SELECT FROM change_set_items i JOIN change_sets s ON s.id = i.change_set_id"  # noqa: S608  # declared here
    f" JOIN import_files f ON f.id = s.import_file_id AND f.kind = '{OF_JPX}'"
    " WHERE i.table_name = 'companies' AND i.row_key = c.id::text AND s.status = 'applied'"
    f" AND i.before ->> 'listing_status' = '{CEASED}' AND i.after ->> 'listing_status' = '{LISTED}'"
    " AND NOT EXISTS (SELECT FROM change_sets l JOIN import_files e ON e.id = l.import_file_id"
    " AND e.kind = 'edinet-codes' WHERE l.status = 'applied' AND l.applied_at > s.applied_at))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRule:
    """A rule of the list of companies.

    `beside` is joined to a company `c`; `when` is what breaks the rule; `told` are the places of its sentence, as
    names and SQL; `observed` and `expected` are its two sides, as SQL of text.
    """

    id: str
    label: Label
    field: str
    when: str
    message: str
    source: str
    beside: str = ""
    told: Mapping[str, str]
    observed: str
    expected: str = "NULL"
    severity: str = REVIEW


def _others(which: str) -> str:
    """The others of which this holds, in order.

    They are found first, and put in order then (OFFSET 0): for the order, all companies were walked through by their
    numbers for each one where PostgreSQL believed that there are none.
    """
    return (
        f" CROSS JOIN LATERAL (SELECT string_agg({CALLED}, ', ' ORDER BY o.id) AS others"  # noqa: S608  # declared here
        f" FROM (SELECT o.* FROM companies o WHERE {which} OFFSET 0) o WHERE o.id <> c.id) o"
    )


YEAR_END = (
    " CROSS JOIN LATERAL (SELECT s.fiscal_year_end_on AS day, extract(month FROM s.fiscal_year_end_on) AS month,"
    " least(c.fiscal_year_end_day, extract(day FROM date_trunc('month', s.fiscal_year_end_on)"
    " + interval '1 month - 1 day')) AS due FROM financial_statements s WHERE s.company_id = c.id AND s.is_current"
    " AND s.period_type = 'FY' ORDER BY s.fiscal_year_end_on DESC LIMIT 1) s"
)
# A source's name is kept by the finding on it, open or closed: what that source said last.
SAID = (
    f" JOIN findings j ON j.rule = '{SOURCES_DIFFER}' AND j.origin = '' AND j.table_name = 'companies'"
    " AND j.row_key = c.id::text AND j.field = 'name_ja'"
)
# A name that passed is no other name, and one that a steward has set or seen is theirs.
IS_ANOTHER_NAME = (
    "j.params ->> 'folded' <> c.name_ja_folded AND NOT EXISTS (SELECT FROM company_names n WHERE n.company_id = c.id"
    " AND n.kind = 'name_ja' AND n.value_folded = j.params ->> 'folded') AND NOT EXISTS (SELECT FROM steward_values v"
    " WHERE v.table_name = 'companies' AND v.row_key = c.id::text AND v.field = 'name_ja')"
)
RULES = (
    MasterRule(
        id="M-number",
        label=Label("法人番号の重複", "A corporate number twice"),
        field="corporate_number",
        beside=_others("o.corporate_number = c.corporate_number"),
        when="o.others IS NOT NULL",
        told={"value": "c.corporate_number", "others": "o.others"},
        observed="concat_ws(' ', c.corporate_number, o.others)",
        # Seven of some 11,000 real numbers stand with two EDINET codes.
        message=Saying("%(others)s has the corporate number %(value)s, too").message,
        source="行政手続における特定の個人を識別するための番号の利用等に関する法律 第39条",
    ),
    MasterRule(
        id="M-name",
        label=Label("商号の重複", "A name twice"),
        field="name_ja",
        beside=_others(f"o.name_ja_folded = c.name_ja_folded AND {LIVE.format('o')}"),
        when=f"o.others IS NOT NULL AND {LIVE.format('c')}",
        told={"others": "o.others"},
        observed="concat_ws(' ', c.name_ja_folded, o.others)",
        message=Saying("%(others)s is called the same: one company that stands twice?").message,
        # The same name is free at another address.
        source="商業登記法 第27条",
    ),
    MasterRule(
        id=SOURCES_DIFFER,
        label=Label("商号の出典間の相違", "A name that differs between sources"),
        field="name_ja",
        beside=SAID,
        when=IS_ANOTHER_NAME,
        told={name: f"j.params ->> '{name}'" for name in ("value", "folded", "change_set")},
        observed="c.name_ja",
        expected="j.params ->> 'value'",
        # Of 3,774 companies 27 are called otherwise by JPX, beyond legal form, spaces and width.
        message=Saying("EDINET has this name; JPX's list of issues says %(value)s").message,
        source=Saying("measured on EDINET's list of filers beside JPX's list of issues").message,
    ),
    MasterRule(
        id="M-edinet",
        label=Label("上場会社のEDINETコード", "Listed without an EDINET code"),
        field="edinet_code",
        # Whoever is listed for professionals alone need not file with EDINET.
        when=(
            f"c.listing_status = '{LISTED}' AND c.edinet_code IS NULL"
            f" AND c.market_division IS DISTINCT FROM '{TOKYO_PRO}' AND NOT {HAD_EDINET_CODE}"
        ),
        told={"value": "c.ticker_symbol"},
        observed="c.ticker_symbol",
        message=Saying("is listed as %(value)s and has no EDINET code").message,
        source="金融商品取引法 第24条第1項第1号",
    ),
    MasterRule(
        id="M-gone",
        label=Label("EDINETから消えた上場会社", "Listed, and gone from EDINET"),
        field="edinet_code",
        when=(
            f"c.listing_status = '{LISTED}' AND c.market_division IS DISTINCT FROM '{TOKYO_PRO}'"
            f" AND (c.edinet_code IS NULL AND {HAD_EDINET_CODE} OR c.edinet_code IS NOT NULL AND {LISTED_AGAIN})"
        ),
        told={"value": "c.ticker_symbol"},
        observed="concat_ws(' ', c.ticker_symbol, c.edinet_code)",
        message=Saying("is listed as %(value)s, and gone from EDINET's list of filers").message,
        source="金融商品取引法 第24条第1項第1号",
    ),
    MasterRule(
        id="M-year-end",
        label=Label("決算日と財務諸表", "The year's end beside the statements"),
        field="fiscal_year_end_month",
        beside=YEAR_END,
        # 31 stands for 末日, the last day of whichever month.
        when="s.month <> c.fiscal_year_end_month OR extract(day FROM s.day) <> s.due",
        told={"month": "c.fiscal_year_end_month", "day": "c.fiscal_year_end_day", "date": "s.day"},
        observed="concat_ws('/', c.fiscal_year_end_month, c.fiscal_year_end_day)",
        expected="s.day::text",
        message=Saying(
            "the year ends on %(month)s/%(day)s, and the latest annual statement on %(date)s"
        ).message,
        source="会社計算規則 第59条第2項",
    ),
)
BY_ID: Mapping[str, MasterRule] = {rule.id: rule for rule in RULES}


def broken(rules: Iterable[MasterRule] = RULES, where: str = "true") -> str:
    """A row for every broken rule as findings are filed; `where` is a condition on companies `c`."""
    return " UNION ALL ".join(_broken(rule, where) for rule in rules)


def _broken(rule: MasterRule, where: str) -> str:
    params = ", ".join(f"'{name}', ({value})::text" for name, value in rule.told.items())
    message = rule.message.replace("'", "''")
    return (
        f"SELECT '{rule.id}' AS rule, 'companies' AS table_name, c.id::text AS row_key, '{rule.field}' AS field,"  # noqa: S608  # all of it is declared
        f" c.id AS company_id, '{rule.severity}' AS severity, '{message}' AS message,"
        f" jsonb_build_object({params}) AS params, to_jsonb({rule.observed}) AS observed,"
        f" to_jsonb(CAST({rule.expected} AS text)) AS expected"
        f" FROM companies c{rule.beside} WHERE ({rule.when}) AND {where}"
    )
