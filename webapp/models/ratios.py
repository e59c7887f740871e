"""The ratios of a company (webapp/indicators/formulas.py); why one has no value, or what
stood in for a part of it, stands beside them in `statuses`.
"""

from decimal import Decimal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from webapp import db
from webapp.models import columns
from webapp.rules import indicator as rules


def _status(ja: str, en: str) -> MappedColumn[str]:
    """Read by the release before only; it goes with the next one, and `statuses` says the same of all."""
    info = db.about(f"{ja}の状態", f"{en}, status", rule=rules.STATUS)
    return mapped_column(String(16), default="missing_input", server_default="missing_input", info=info)


class Ratios:
    """Fractions, multiples and amounts, computed and never typed; NULL where `statuses` says why."""

    roe: Mapped[Decimal | None] = columns.ratio("自己資本利益率（ROE）", "Return on equity")
    roe_status: Mapped[str] = _status("自己資本利益率（ROE）", "Return on equity")
    roa: Mapped[Decimal | None] = columns.ratio("総資産利益率（ROA）", "Return on assets")
    roa_status: Mapped[str] = _status("総資産利益率（ROA）", "Return on assets")
    roa_ordinary: Mapped[Decimal | None] = columns.ratio(
        "総資産経常利益率", "Ordinary income to total assets"
    )
    roa_ordinary_status: Mapped[str] = _status("総資産経常利益率", "Ordinary income to total assets")
    roic: Mapped[Decimal | None] = columns.ratio("投下資本利益率（ROIC）", "Return on invested capital")
    roic_status: Mapped[str] = _status("投下資本利益率（ROIC）", "Return on invested capital")
    gross_margin: Mapped[Decimal | None] = columns.ratio("売上総利益率", "Gross margin")
    gross_margin_status: Mapped[str] = _status("売上総利益率", "Gross margin")
    operating_margin: Mapped[Decimal | None] = columns.ratio("売上高営業利益率", "Operating margin")
    operating_margin_status: Mapped[str] = _status("売上高営業利益率", "Operating margin")
    ordinary_margin: Mapped[Decimal | None] = columns.ratio("売上高経常利益率", "Ordinary margin")
    ordinary_margin_status: Mapped[str] = _status("売上高経常利益率", "Ordinary margin")
    net_margin: Mapped[Decimal | None] = columns.ratio("売上高当期純利益率", "Net margin")
    net_margin_status: Mapped[str] = _status("売上高当期純利益率", "Net margin")
    eps: Mapped[Decimal | None] = columns.per_share("１株当たり当期純利益（EPS）", "Earnings per share")
    eps_status: Mapped[str] = _status("１株当たり当期純利益（EPS）", "Earnings per share")
    bps: Mapped[Decimal | None] = columns.per_share("１株当たり純資産（BPS）", "Book value per share")
    bps_status: Mapped[str] = _status("１株当たり純資産（BPS）", "Book value per share")
    per: Mapped[Decimal | None] = columns.multiple("株価収益率（PER）", "Price-earnings ratio")
    per_status: Mapped[str] = _status("株価収益率（PER）", "Price-earnings ratio")
    pbr: Mapped[Decimal | None] = columns.multiple("株価純資産倍率（PBR）", "Price-book ratio")
    pbr_status: Mapped[str] = _status("株価純資産倍率（PBR）", "Price-book ratio")
    psr: Mapped[Decimal | None] = columns.multiple("株価売上高倍率（PSR）", "Price-sales ratio")
    psr_status: Mapped[str] = _status("株価売上高倍率（PSR）", "Price-sales ratio")
    ev_ebitda: Mapped[Decimal | None] = columns.multiple("EV/EBITDA倍率", "EV/EBITDA")
    ev_ebitda_status: Mapped[str] = _status("EV/EBITDA倍率", "EV/EBITDA")
    debt: Mapped[Decimal | None] = columns.money("有利子負債", "Interest-bearing debt")
    debt_status: Mapped[str] = _status("有利子負債", "Interest-bearing debt")
    revenue_growth: Mapped[Decimal | None] = columns.ratio("売上高成長率", "Revenue growth")
    revenue_growth_status: Mapped[str] = _status("売上高成長率", "Revenue growth")
    profit_growth: Mapped[Decimal | None] = columns.ratio("当期純利益成長率", "Profit growth")
    profit_growth_status: Mapped[str] = _status("当期純利益成長率", "Profit growth")
    revenue_cagr_3y: Mapped[Decimal | None] = columns.ratio(
        "売上高年平均成長率（3年）", "Revenue CAGR, 3 years"
    )
    revenue_cagr_3y_status: Mapped[str] = _status("売上高年平均成長率（3年）", "Revenue CAGR, 3 years")
    profit_cagr_3y: Mapped[Decimal | None] = columns.ratio(
        "当期純利益年平均成長率（3年）", "Profit CAGR, 3 years"
    )
    profit_cagr_3y_status: Mapped[str] = _status("当期純利益年平均成長率（3年）", "Profit CAGR, 3 years")
    current_ratio: Mapped[Decimal | None] = columns.ratio("流動比率", "Current ratio")
    current_ratio_status: Mapped[str] = _status("流動比率", "Current ratio")
    quick_ratio: Mapped[Decimal | None] = columns.ratio("当座比率", "Quick ratio")
    quick_ratio_status: Mapped[str] = _status("当座比率", "Quick ratio")
    debt_to_equity: Mapped[Decimal | None] = columns.multiple("D/Eレシオ", "Debt to equity")
    debt_to_equity_status: Mapped[str] = _status("D/Eレシオ", "Debt to equity")
    liabilities_to_equity: Mapped[Decimal | None] = columns.multiple("負債比率", "Liabilities to equity")
    liabilities_to_equity_status: Mapped[str] = _status("負債比率", "Liabilities to equity")
    equity_ratio: Mapped[Decimal | None] = columns.ratio("自己資本比率", "Equity ratio")
    equity_ratio_status: Mapped[str] = _status("自己資本比率", "Equity ratio")
    interest_coverage: Mapped[Decimal | None] = columns.multiple(
        "インタレスト・カバレッジ・レシオ", "Interest coverage"
    )
    interest_coverage_status: Mapped[str] = _status("インタレスト・カバレッジ・レシオ", "Interest coverage")
    fcf: Mapped[Decimal | None] = columns.money("フリー・キャッシュ・フロー", "Free cash flow")
    fcf_status: Mapped[str] = _status("フリー・キャッシュ・フロー", "Free cash flow")
    fcf_capex: Mapped[Decimal | None] = columns.money(
        "フリー・キャッシュ・フロー（設備投資基準）", "Free cash flow after capital expenditure"
    )
    fcf_capex_status: Mapped[str] = _status(
        "フリー・キャッシュ・フロー（設備投資基準）", "Free cash flow after capital expenditure"
    )
    dividend_yield: Mapped[Decimal | None] = columns.ratio("配当利回り", "Dividend yield")
    dividend_yield_status: Mapped[str] = _status("配当利回り", "Dividend yield")
    payout_ratio: Mapped[Decimal | None] = columns.ratio("配当性向", "Payout ratio")
    payout_ratio_status: Mapped[str] = _status("配当性向", "Payout ratio")
    total_payout_ratio: Mapped[Decimal | None] = columns.ratio(
        "配当総額／当期純利益", "Total dividends to profit"
    )
    total_payout_ratio_status: Mapped[str] = _status("配当総額／当期純利益", "Total dividends to profit")
    market_cap: Mapped[Decimal | None] = columns.money("時価総額", "Market capitalisation")
    market_cap_status: Mapped[str] = _status("時価総額", "Market capitalisation")
    market_cap_gross: Mapped[Decimal | None] = columns.money(
        "時価総額（自己株式を含む）", "Market capitalisation incl. treasury shares"
    )
    market_cap_gross_status: Mapped[str] = _status(
        "時価総額（自己株式を含む）", "Market capitalisation incl. treasury shares"
    )
