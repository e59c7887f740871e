"""法定実効税率: the tax on a large company's income in the wards of Tokyo, by the day on which its fiscal year begins.

By 企業会計基準適用指針第28号 第4項: (法人税率 × (1 + 地方法人税率 + 住民税率) + 事業税率) ÷ (1 + 事業税率), with the
超過税率 of 東京都; what else is levied on 法人税, 復興特別法人税 and 防衛特別法人税, stands beside 地方法人税率.
Local taxes of other places make it some tenths of a point less.
"""

from datetime import date
from decimal import Decimal

from webapp.label import Label
from webapp.rules.choices import Since

STATUTORY_TAX_RATE = Since(
    "fiscal_year_start_on",
    Label("法定実効税率", "statutory tax rate"),
    (
        # 外形標準課税 (地方税法等の一部を改正する法律, 平成15年法律第9号): 事業税 on income falls to 7.56 %.
        (date(2004, 4, 1), Decimal("0.4069")),
        # 法人税 of 30 % becomes 25.5 % (平成23年法律第114号), and for two years 復興特別法人税 is a tenth of it
        # (平成23年法律第117号); the third year of it was given up (平成26年法律第10号).
        (date(2012, 4, 1), Decimal("0.3801")),
        (date(2014, 4, 1), Decimal("0.3564")),
        # 法人税 of 23.9 % (平成27年法律第9号), of 23.4 % and then 23.2 % (平成28年法律第15号), with less
        # 事業税 on income.
        (date(2015, 4, 1), Decimal("0.3306")),
        (date(2016, 4, 1), Decimal("0.3086")),
        (date(2018, 4, 1), Decimal("0.3062")),
        # 防衛特別法人税, 4 % of 法人税 above five million yen, which tell in no large one (令和7年法律第13号).
        (date(2026, 4, 1), Decimal("0.3152")),
    ),
)
