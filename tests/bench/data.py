"""The data that pages are measured on, made inside PostgreSQL by formulas alone: every run has the same rows.

At SCALE 1: 11,000 companies of which 4,400 are listed, 160,000 annual statements, the shares that they
count of those, 10,000,000 daily prices.
"""

from dataclasses import dataclass

import psycopg

from tests.bench.statement_figures import STATED
from webapp.services.checking import price_days

COMPANIES, STATEMENTS, PRICES = 11_000, 160_000, 10_000_000
# EDINET codes have five digits.
LARGEST_SCALE = 9.0
SMALLEST_SCALE = 0.001
LETTERS = "0123456789ACDFGHJKLMNPRSTUWXY"
CHANGED_AT = "timestamptz '2026-01-05 09:00+09'"

INDUSTRIES = """
INSERT INTO industries (code, name_ja, name_en, sector17_code, sector17_name_ja, sector17_name_en, changed_at)
SELECT lpad((n * 50)::text, 4, '0'), '業種' || n, 'Sector ' || n, (n % 17 + 1)::text,
       '大分類' || n % 17 + 1, 'Group ' || n % 17 + 1, {changed_at}
FROM generate_series(1, 33) n
"""

# Two companies of five are listed; `place` counts those. The check digit: see webapp/rules/company.py.
COMPANIES_SQL = """
INSERT INTO companies (id, ticker_symbol, edinet_code, corporate_number, name_ja, name_ja_folded, name_en, name_kana,
    head_office_address, industry_code, edinet_industry, industry_format, market_division, listing_status, listed_on,
    filer_type, fiscal_year_end_month, fiscal_year_end_day, capital_stock, has_consolidated, changed_at)
SELECT n,
    CASE WHEN is_listed THEN (place / 8410 + 1)::text || substr('{letters}', place / 290 % 29 + 1, 1)
        || (place / 29 % 10)::text || substr('{letters}', place % 29 + 1, 1) END,
    'E' || lpad(n::text, 5, '0'), (9 - total % 9)::text || base,
    stem || '株式会社', stem, initcap(substr(md5(n::text), 1, 8)) || ' ' || n || ' Co., Ltd.', 'ケイソク' || n,
    '東京都千代田区丸の内' || n % 9 + 1 || '丁目' || n % 30 + 1 || '番',
    CASE WHEN is_listed THEN lpad((n % 33 * 50 + 50)::text, 4, '0') END, '業種' || n % 33 + 1, 'CTE',
    CASE WHEN is_listed THEN (ARRAY['PRIME', 'STANDARD', 'GROWTH'])[n / 5 % 3 + 1] END,
    CASE WHEN is_listed THEN 'listed' ELSE 'unlisted' END,
    CASE WHEN is_listed THEN date '1950-01-01' + n * 5 % 25000 END, '内国法人・組合',
    (ARRAY[3, 12, 9, 2])[n % 4 + 1], 31, n::bigint * 7919000 % 900000000000, n % 3 > 0, {changed_at}
FROM generate_series(1, {companies}) n
CROSS JOIN LATERAL (SELECT n % 5 < 2 AS is_listed, n / 5 * 2 + n % 5 AS place, lpad((n * 7919)::text, 12, '0') AS base,
    (ARRAY['東和', '日本', '大成', '新栄', '中央', '三光', '北陸', '旭'])[n % 8 + 1]
    || (ARRAY['電機', '化学', '食品', '商事', '建設', '製作所', '物産'])[n % 7 + 1] || n AS stem) one
CROSS JOIN LATERAL (SELECT sum(substr(base, 13 - k, 1)::int * (2 - k % 2)) AS total FROM generate_series(1, 12) k) two
"""

# Every company has its newest years, of one scope, as filers state them, which grow from year to year by some percent,
# as most companies' do. One statement of 97 does not add up.
STATEMENTS_SQL = """
INSERT INTO financial_statements (company_id, fiscal_year_start_on, fiscal_year_end_on, period_type, period_start_on,
    period_end_on, scope, accounting_standard, industry_format, currency, rounding_unit, revision_no, revision_type,
    announced_on, is_current, sources, changed_at, {figures})
SELECT company_id, make_date(year - 1, 4, 1), make_date(year, 3, 31), 'FY', make_date(year - 1, 4, 1),
    make_date(year, 3, 31), CASE WHEN is_group THEN 'consolidated' ELSE 'non_consolidated' END, 'JGAAP',
    'CTE', 'JPY', 1000000, 0, 'ORG', make_date(year, 5, 10), true, '{{}}', {changed_at}, {formulas}
FROM generate_series(0, {statements} - 1) n
CROSS JOIN LATERAL (SELECT n % {companies} + 1 AS company_id, 2025 - n / {companies} AS year) one
CROSS JOIN LATERAL (SELECT company_id % 3 > 0 AS is_group, 40 + company_id::bigint * 104729 % 99991 AS millions) two
CROSS JOIN LATERAL (SELECT (millions - millions * (2025 - year) / 40) * 1000000 AS size,
    (millions - millions * (2026 - year) / 40) * 1000000 AS before,
    millions * (10000 + company_id % 7 * 5000) AS shares, CASE WHEN n % 97 = 0 THEN 5000000 ELSE 0 END AS slip) three
"""

# By company, then by weekday, as their key orders them; a day in 499 had no trade. `place` counts the listed, as above.
PRICES_SQL = """
INSERT INTO stock_prices (company_id, traded_on, open, high, low, close, adjusted_close, volume, turnover, data_source,
    changed_at)
SELECT place / 2 * 5 + place % 2, date '2016-01-04' + day / 5 * 7 + day % 5, price + step, price + 12, price - 12,
    price, price, coalesce(volume, 0), volume * price, 'bench', {changed_at}
FROM generate_series(0, {prices} - 1) n
CROSS JOIN LATERAL (SELECT n / {days} + 1 AS place, n % {days} AS day) place_and_day
CROSS JOIN LATERAL (SELECT (place::bigint * 7919 + day::bigint * 104729) % 9973 AS mixed) one
CROSS JOIN LATERAL (SELECT CASE WHEN mixed % 499 > 0 THEN 300 + place % 8000 + mixed % 700 END AS price,
    mixed % 23 - 11 AS step, CASE WHEN mixed % 499 > 0 THEN (mixed + 1) * 100 END AS volume) two
"""

# What a company is worth is known, as annual reports count their shares.
SHARES_SQL = """
INSERT INTO shares_outstanding (company_id, as_of_on, issued, treasury, data_source, changed_at)
SELECT s.company_id, s.fiscal_year_end_on, s.shares_issued, s.treasury_share_count, 'bench', {changed_at}
FROM financial_statements s JOIN companies c ON c.id = s.company_id
WHERE c.listing_status = 'listed' AND s.shares_issued IS NOT NULL
"""

# Building these afterwards takes a fraction of the time that keeping them up while loading would.
REBUILT_INDEXES = """
SELECT quote_ident(c.relname), pg_get_indexdef(c.oid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = 'stock_prices'::regclass AND NOT i.indisunique
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows of each kind."""

    companies: int
    statements: int
    prices: int

    @property
    def days(self) -> int:
        """Trading days per listed company."""
        listed = sum(1 for number in range(1, self.companies + 1) if number % 5 < 2)
        return -(-self.prices // listed)


def size_at(scale: float) -> Size:
    """The size at this scale; raises ValueError where the formulas would not do."""
    if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        raise ValueError(f"SCALE is not from {SMALLEST_SCALE:g} to {LARGEST_SCALE:g}.")
    return Size(round(COMPANIES * scale), round(STATEMENTS * scale), round(PRICES * scale))


def build(superuser_url: str, size: Size) -> None:
    """Fill a migrated database that is empty. The triggers sleep meanwhile: this is no change by a steward."""
    facts = {
        "companies": size.companies,
        "statements": size.statements,
        "prices": size.prices,
        "days": size.days,
        "letters": LETTERS,
        "changed_at": CHANGED_AT,
        "figures": ", ".join(STATED),
        "formulas": ", ".join(stated.sql for stated in STATED.values()),
    }
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        # For this session only; CHECKs and unique indexes stay awake, and the keys are right by their making.
        connection.execute("SET session_replication_role = replica")
        indexes = connection.execute(REBUILT_INDEXES).fetchall()
        for name, _definition in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        # Awake even so; of ten million rows in one statement it would keep every one until the end.
        connection.execute("ALTER TABLE stock_prices DISABLE TRIGGER note_new_days")
        for statement in (INDUSTRIES, COMPANIES_SQL, STATEMENTS_SQL, SHARES_SQL, PRICES_SQL):
            connection.execute(statement.format(**facts).encode())
        for _name, definition in indexes:
            connection.execute(definition.encode())
        connection.execute("ALTER TABLE stock_prices ENABLE ALWAYS TRIGGER note_new_days")
        connection.execute(str(price_days.MISSING).encode())
        connection.execute("SELECT setval(pg_get_serial_sequence('companies', 'id'), max(id)) FROM companies")
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
