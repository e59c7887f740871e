"""As SQL: who owes statements, what of it is not stored, and which documents are there without their figures."""

# How a company files. EDINETコードリスト prints the end of the fiscal year of those alone who have to report on it.
# 特定事業会社: banks, insurers and their parents (企業内容等の開示に関する内閣府令 第17条の15第2項, until March 2024).
FILER = (
    "CASE WHEN c.filer_type LIKE '外国%' THEN 'foreign' WHEN c.listing_status <> 'listed' THEN 'unlisted'"
    " WHEN c.industry_format IN ('BNK', 'INS') OR c.industry_code IN ('7050', '7150')"
    " OR c.edinet_industry IN ('銀行業', '保険業') THEN 'listed_financial' ELSE 'listed' END"
)
OWES = (
    "c.listing_status IN ('listed', 'unlisted') AND c.edinet_code IS NOT NULL AND c.fiscal_year_end_month IS NOT NULL"
    " AND c.filer_type IS DISTINCT FROM '外国政府等' AND {of_companies}"
)
# Which kinds of filer there are: their deadlines are reckoned in Python, once for all companies of a kind.
OWING = (
    "SELECT DISTINCT c.fiscal_year_end_month::int AS month, c.fiscal_year_end_day::int AS day,"
    f" {FILER} AS filer FROM companies c WHERE {OWES}"
)
DUE = (
    "due AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(CAST(:due AS jsonb)) AS d (month int, day int, filer text,"
    " fiscal_year_end_on date, period_type text, period_end_on date, due_on date))"
)
# By whom half a year is called Q2, and by whom HY: the same six months.
HALF = "replace({}.period_type, 'Q2', 'HY')"
# A year whose end the company has moved since is told from the next one by half a year.
STORED = (
    "SELECT FROM financial_statements s WHERE s.company_id = e.company_id AND s.is_current"
    " AND s.fiscal_year_end_on BETWEEN e.fiscal_year_end_on - 182 AND e.fiscal_year_end_on + 182"
    f" AND {HALF.format('s')} = {HALF.format('e')}"
)
# The oldest year of which something of the kind is stored: before it nobody expects any.
BEGUN = (
    "SELECT FROM financial_statements s WHERE s.company_id = e.company_id AND s.is_current"
    " AND s.fiscal_year_end_on < e.fiscal_year_end_on AND (s.period_type = 'FY') = (e.period_type = 'FY')"
)
# 書類種別コード, as far as they hold statements: 有価証券報告書, 四半期報告書, 半期報告書; and their 訂正.
ORIGINALS = "'120', '140', '160'"
WITH_AMENDMENTS = f"{ORIGINALS}, '130', '150', '170'"
STANDING = (
    "f.document_type IN ({types}) AND f.withdrawal_status = '0' AND f.disclosure_status IN ('0', '3')"
    # 企業内容等の開示に関する内閣府令; what other ordinances demand is of funds.
    " AND coalesce(f.ordinance_code, '010') = '010'"
)
SUBMITTED_ON = "({0}.submitted_at AT TIME ZONE 'Asia/Tokyo')::date"
# A report is handed in after its period, and before the next one of its kind is due.
IN_TURN = (
    f"{SUBMITTED_ON} > e.period_end_on AND {SUBMITTED_ON} <= e.period_end_on"
    " + CASE e.period_type WHEN 'FY' THEN 365 WHEN 'HY' THEN 182 ELSE 90 END"
)
KIND = (
    "CASE f.document_type WHEN '120' THEN 'FY' WHEN '130' THEN 'FY' WHEN '160' THEN 'HY' WHEN '170' THEN 'HY'"
    " ELSE coalesce('Q' || translate(substring(f.description from '第([1-3１-３])四半期'), '１２３', '123'), 'Q') END"
)
IS_KIND = "(u.kind = e.period_type OR (u.kind = 'Q' AND e.period_type LIKE 'Q%'))"
# What is stored in part of it, or what an amendment says that nobody has read, is not there either.
UNREAD = (
    f"SELECT f.doc_id, f.company_id, f.document_type, f.period_end_on, f.submitted_at, {KIND} AS kind FROM filings f"
    f" WHERE {STANDING.format(types=WITH_AMENDMENTS)} AND coalesce(f.has_csv, true)"
    f" AND (f.file_hash IS NULL OR f.document_type IN ({ORIGINALS}))"
    " AND NOT EXISTS (SELECT FROM financial_statements s WHERE s.filing_doc_id = f.doc_id) AND {of_filings}"
)
# Nobody owes for a period before there was the company, or before it was listed.
EXPECTED = (
    "SELECT c.id AS company_id, d.fiscal_year_end_on, d.period_type, d.period_end_on, d.due_on FROM companies c"
    f" JOIN due d ON d.month = c.fiscal_year_end_month AND d.day = c.fiscal_year_end_day AND d.filer = {FILER}"
    f" WHERE {OWES} AND d.period_end_on >= coalesce(c.listed_on, c.established_on, '-infinity')"
)
KNOWN = (
    f"SELECT FROM filings f WHERE f.company_id = e.company_id AND {STANDING.format(types=ORIGINALS)}"
    " AND f.document_type = CASE e.period_type WHEN 'FY' THEN '120' WHEN 'HY' THEN '160' ELSE '140' END"
    f" AND {IN_TURN.format('f')}"
)
OF_AMENDMENT = "u.period_end_on IN (e.period_end_on, e.fiscal_year_end_on)"
FOUND = f"""
    WITH expected AS MATERIALIZED ({EXPECTED}),
    unread AS MATERIALIZED (
        SELECT DISTINCT ON (u.doc_id) u.*, e.fiscal_year_end_on, e.period_type, e.period_end_on AS ended_on, e.due_on
        FROM ({UNREAD}) u LEFT JOIN expected e ON e.company_id = u.company_id AND {IS_KIND}
            AND CASE WHEN u.document_type IN ({ORIGINALS}) THEN {IN_TURN.format("u")} ELSE {OF_AMENDMENT} END
        ORDER BY u.doc_id, e.period_end_on DESC NULLS LAST
    )
    SELECT e.company_id, e.fiscal_year_end_on, e.period_type, e.period_end_on,
        CASE WHEN e.due_on < :today THEN 'missing' ELSE 'ahead' END AS state, e.due_on,
        CAST(NULL AS varchar) AS filing_doc_id
    FROM expected e
    WHERE (e.due_on >= :recent OR EXISTS ({BEGUN})) AND NOT EXISTS ({STORED}) AND NOT EXISTS ({KNOWN})
    UNION ALL
    SELECT u.company_id, coalesce(u.fiscal_year_end_on, u.period_end_on, {SUBMITTED_ON.format("u")}),
        coalesce(u.period_type, nullif(u.kind, 'Q')), coalesce(u.ended_on, u.period_end_on, {SUBMITTED_ON.format("u")}),
        'unread', u.due_on, u.doc_id
    FROM unread u
"""  # all of it is declared
