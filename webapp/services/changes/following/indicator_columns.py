"""What is written of an indicator's row, and how it takes the place of the one that was there."""

from webapp.indicators.formulas import INDICATORS

INPUTS = ("company_id", "as_of_on", "basis", "scope", "accounting_standard", "formula_version", "statement_id",
          "prior_statement_id", "price_on", "shares_on", "inputs_digest")  # fmt: skip
NAMES = tuple(indicator.name for indicator in INDICATORS)
COLUMNS = ", ".join((*INPUTS, *NAMES, "statuses"))
ON_CONFLICT = (
    "ON CONFLICT ON CONSTRAINT uq_financial_indicators_identity DO UPDATE SET computed_at = now(), "
    + ", ".join(f"{name} = excluded.{name}" for name in (*INPUTS, *NAMES, "statuses"))
)
# So many indicators that have moved are kept with a change set; of all others their number.
MOST_MOVES = 200
