"""Every indicator, as 決算短信 and 有価証券報告書 define it; where vendors differ, the words say which."""

from collections.abc import Mapping

from webapp.indicators.indicator import COUNT, OLDER, Indicator, StandIn
from webapp.indicators.terms import (
    AFTER_TAX,
    ASSETS,
    BPS,
    BY_FINANCE_COSTS,
    BY_STATUTORY_RATE,
    CASH_AND_CLAIMS,
    CLOSE,
    CLOSE_OF_DIVIDEND,
    CLOSE_OF_EARNINGS,
    COVERAGE,
    DEBT,
    DIVIDEND,
    DIVIDEND_OF_YEAR,
    EBITDA,
    EPS,
    EQUITY,
    INVESTED,
    MARKET_CAP,
    MINORITIES,
    OWNERS_PROFIT,
    REVENUE,
    SHARES,
    TO_COVER,
    F,
    per_earnings,
)
from webapp.label import Label
from webapp.rules.accounting.rule import FINANCIAL
from webapp.rules.expressions import PRIOR, Absolute, Expression, Figure, FirstKnown, YearlyGrowth, average

TANSHIN = "決算短信・四半期決算短信作成要領等 (東京証券取引所)"
YUHO = "企業内容等の開示に関する内閣府令 第三号様式"
TEXTBOOK = "日本証券アナリスト協会 証券分析の用語"


def _margin(name: str, ja: str, en: str, of: Figure, not_for: frozenset[str] = frozenset()) -> Indicator:
    return Indicator(
        name=name,
        words=Label(f"{ja}÷売上高", f"{en} / revenue"),
        formula=of / REVENUE,
        bases=(REVENUE,),
        not_for=not_for,
        source=TANSHIN,
    )


def _growth(name: str, ja: str, en: str, of: Figure) -> Indicator:
    return Indicator(
        name=name,
        words=Label(f"{ja}÷前期の{ja}－1", f"{en} / {en} of the year before − 1"),
        formula=of / of.prior - 1,
        grows=(of, of.prior),
        as_long_as=PRIOR,
        source=TANSHIN,
    )


def _yearly(name: str, ja: str, en: str, of: Figure) -> Indicator:
    older = Figure(of.name, OLDER)
    return Indicator(
        name=name,
        words=Label(f"（{ja}÷3期前の{ja}）の3乗根－1", f"cube root of {en} / {en} three years before − 1"),
        formula=YearlyGrowth(of / older, 3),
        bases=(of, older),
        as_long_as=OLDER,
        source=TEXTBOOK,
    )


def _plain(  # noqa: PLR0913  # a row of the table of indicators
    name: str,
    ja: str,
    en: str,
    formula: Expression,
    *bases: Expression,
    source: str = TEXTBOOK,
    decimals: int = 8,
    not_for: frozenset[str] = frozenset(),
    of_years: bool = False,
    without: Expression | None = None,
    stands_in: StandIn | None = None,
) -> Indicator:
    return Indicator(
        name=name,
        words=Label(ja, en),
        formula=formula,
        bases=bases,
        source=source,
        decimals=decimals,
        not_for=not_for,
        of_years=of_years,
        without=without,
        stands_in=stands_in,
    )


INDICATORS: tuple[Indicator, ...] = (
    _plain(
        "roe",
        "親会社株主に帰属する当期純利益÷期首・期末平均の自己資本",
        "profit of owners / average equity",
        OWNERS_PROFIT / average(EQUITY),
        average(EQUITY),
        source=TANSHIN,
        of_years=True,
    ),
    _plain(
        "roa",
        "親会社株主に帰属する当期純利益÷期首・期末平均の資産合計",
        "profit of owners / average total assets",
        OWNERS_PROFIT / average(ASSETS),
        average(ASSETS),
        of_years=True,
    ),
    _plain(
        "roa_ordinary",
        "経常利益÷期首・期末平均の資産合計",
        "ordinary income / average total assets",
        F("ordinary_income") / average(ASSETS),
        average(ASSETS),
        source=TANSHIN,
        of_years=True,
    ),
    _plain(
        "roic",
        "営業利益×（1－法人税等÷税引前利益。0～60 % の範囲外は法定実効税率）"
        "÷期首・期末平均の（自己資本＋非支配株主持分＋有利子負債）",
        "operating income × (1 − income taxes / income before taxes, outside 0 to 60 % the statutory rate)"
        " / average of equity, minorities and debt",
        AFTER_TAX / INVESTED,
        INVESTED,
        stands_in=BY_STATUTORY_RATE,
        not_for=FINANCIAL,
        of_years=True,
    ),
    _margin("gross_margin", "売上総利益", "gross profit", F("gross_profit"), FINANCIAL),
    _margin("operating_margin", "営業利益", "operating income", F("operating_income"), FINANCIAL),
    _margin("ordinary_margin", "経常利益", "ordinary income", F("ordinary_income")),
    _margin("net_margin", "親会社株主に帰属する当期純利益", "profit of owners", OWNERS_PROFIT),
    _plain(
        "eps",
        "親会社株主に帰属する当期純利益÷期中平均株式数（なければ開示）",
        "profit of owners / average shares (as disclosed, where unknown)",
        EPS,
        source="企業会計基準第2号 第12項",
        decimals=4,
    ),
    _plain(
        "bps",
        "自己資本÷（発行済株式総数－自己株式数）（なければ開示）",
        "equity / (shares issued − treasury shares) (as disclosed, where unknown)",
        BPS,
        source="企業会計基準適用指針第4号 第34項",
        decimals=4,
    ),
    _plain(
        "per",
        "株価÷１株当たり当期純利益",
        "price / earnings per share",
        per_earnings(CLOSE_OF_EARNINGS),
        EPS,
        of_years=True,
    ),
    _plain(
        "pbr",
        "株価÷１株当たり純資産",
        "price / book value per share",
        FirstKnown(CLOSE * SHARES / EQUITY, CLOSE_OF_EARNINGS / F("bps")),
        BPS,
    ),
    _plain(
        "psr",
        "時価総額÷売上高",
        "market capitalisation / revenue",
        MARKET_CAP / REVENUE,
        REVENUE,
        of_years=True,
    ),
    _plain(
        "ev_ebitda",
        "（時価総額＋有利子負債＋非支配株主持分－現金）÷（営業利益＋減価償却費＋のれん償却額）",
        "(market capitalisation + debt + minorities − cash)"
        " / (operating income + depreciation + amortisation of goodwill)",
        (MARKET_CAP + DEBT + MINORITIES - F("cash_and_equivalents_end")) / EBITDA,
        EBITDA,
        not_for=FINANCIAL,
        of_years=True,
    ),
    _plain(
        "debt",
        "借入金＋社債＋コマーシャル・ペーパー＋リース債務（リース債務のほかに開示がなければ計算しない）",
        "borrowings + bonds + commercial papers + leases (not of leases alone)",
        DEBT,
        decimals=0,
    ),
    _growth("revenue_growth", "売上高", "revenue", REVENUE),
    _growth("profit_growth", "親会社株主に帰属する当期純利益", "profit of owners", OWNERS_PROFIT),
    _yearly("revenue_cagr_3y", "売上高", "revenue", REVENUE),
    _yearly("profit_cagr_3y", "親会社株主に帰属する当期純利益", "profit of owners", OWNERS_PROFIT),
    _plain(
        "current_ratio",
        "流動資産÷流動負債",
        "current assets / current liabilities",
        F("current_assets") / F("current_liabilities"),
        F("current_liabilities"),
        not_for=FINANCIAL,
    ),
    _plain(
        "quick_ratio",
        "（現金及び預金＋売上債権＋有価証券）÷流動負債",
        "(cash + receivables + securities) / current liabilities",
        CASH_AND_CLAIMS / F("current_liabilities"),
        F("current_liabilities"),
        not_for=FINANCIAL,
    ),
    _plain("debt_to_equity", "有利子負債÷自己資本", "debt / equity", DEBT / EQUITY, EQUITY),
    _plain(
        "liabilities_to_equity",
        "負債合計÷自己資本",
        "liabilities / equity",
        F("total_liabilities") / EQUITY,
        EQUITY,
    ),
    _plain(
        "equity_ratio", "自己資本÷資産合計", "equity / total assets", EQUITY / ASSETS, ASSETS, source=TANSHIN
    ),
    _plain(
        "interest_coverage",
        "（営業利益＋受取利息及び配当金）÷支払利息。IFRSは営業利益÷支払利息（なければ金融費用）",
        "(operating income + interest and dividends) / interest expense;"
        " IFRS: operating income / interest expense (finance costs, where unknown)",
        COVERAGE,
        TO_COVER,
        not_for=FINANCIAL,
        without=TO_COVER,
        stands_in=BY_FINANCE_COSTS,
    ),
    _plain(
        "fcf",
        "営業活動＋投資活動によるキャッシュ・フロー",
        "operating + investing cash flow",
        F("operating_cash_flow") + F("investing_cash_flow"),
        decimals=0,
    ),
    _plain(
        "fcf_capex",
        "営業活動によるキャッシュ・フロー－有形固定資産の取得による支出",
        "operating cash flow − purchases of property, plant and equipment",
        F("operating_cash_flow") - Absolute(F("capex_ppe")),
        decimals=0,
    ),
    _plain(
        "dividend_yield",
        "１株当たり配当額（中間配当は期末の株式に換算）÷株価",
        "dividends per share (the interim one on the shares of the year's end) / price",
        DIVIDEND_OF_YEAR / CLOSE_OF_DIVIDEND,
        CLOSE_OF_DIVIDEND,
    ),
    _plain(
        "payout_ratio",
        "１株当たり配当額（中間配当は期末の株式に換算）÷１株当たり当期純利益",
        "dividends per share (the interim one on the shares of the year's end) / earnings per share",
        per_earnings(DIVIDEND),
        EPS,
        of_years=True,
        source=YUHO,
    ),
    _plain(
        "total_payout_ratio",
        "配当金の支払額÷親会社株主に帰属する当期純利益",
        "dividends paid / profit of owners",
        Absolute(F("dividends_paid")) / OWNERS_PROFIT,
        OWNERS_PROFIT,
        of_years=True,
    ),
    _plain(
        "market_cap",
        "株価×（発行済株式総数－自己株式数）",
        "price × (shares issued − treasury shares)",
        MARKET_CAP,
        decimals=0,
    ),
    _plain(
        "market_cap_gross",
        "株価×発行済株式総数",
        "price × shares issued",
        CLOSE * F("issued", COUNT),
        decimals=0,
    ),
)
BY_NAME: Mapping[str, Indicator] = {indicator.name: indicator for indicator in INDICATORS}
