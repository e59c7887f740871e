"""Jobs that come every minute, or at night, each in a transaction of its own."""

from collections.abc import Callable, Mapping

from webapp.services.accounts import signing_in
from webapp.services.checking import catching_up, coverage, findings, rule_counts
from webapp.services.intake import importing
from webapp.services.intake.uploading import uploads
from webapp.services.queueing import deferring

PERIODIC: Mapping[str, Callable[[], object]] = {
    "forget old sign-in attempts": signing_in.forget_old_attempts,
    "decline forgotten imports": importing.decline_forgotten,
    "reopen findings accepted until a day": findings.reopen_expired,
    "look at what large changes moved": catching_up.after_large_changes,
    "look at prices of late": catching_up.after_prices,
    "look for statements that are missing": coverage.look_often,
    "repair what was written from outside": catching_up.everything,
    "look at all prices": catching_up.all_prices,
    "count how often rules are kept": rule_counts.count_daily,
    "forget old jobs": deferring.forget_old,
    "forget old uploads": uploads.forget_old,
}
# When those come that do not come every minute, as cron says it, in UTC: from 3:17 on in Japan.
AT_NIGHT: Mapping[str, str] = {
    "repair what was written from outside": "17 18 * * *",
    "look at all prices": "47 18 * * *",
}
