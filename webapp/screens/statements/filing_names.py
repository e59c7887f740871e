"""What a filing is called on its own pages: whose it is, which document, and of which period. Its id tells nobody."""

from collections.abc import Mapping
from datetime import date

from webapp.models.filing import Filing
from webapp.services.changes import row_codec
from webapp.words import document_types, formatters, labels, record_names
from webapp.words.speech import Speech


def heading(filing: Filing, spoken: Speech) -> Mapping[str, str]:
    """How its pages are headed: 京都株式会社 半期報告書 2025/04/01〜2025/09/30, and when it was submitted."""
    submitted = row_codec.table_of(Filing).columns.submitted_at
    return {
        "called": f"{record_names.of(filing.company, spoken)} {_document(filing, spoken)}",
        "submitted": spoken.pair(
            spoken.say(labels.of_column(submitted)), formatters.instant(filing.submitted_at, spoken) or ""
        ),
    }


def _document(filing: Filing, spoken: Speech) -> str:
    """What the document is: in the register's words, which are Japanese, where it has any."""
    if spoken.is_japanese and filing.description:
        return filing.description
    kind = document_types.BARE.get(filing.document_type)
    words = [filing.document_type if kind is None else spoken.say(kind), _period(filing, spoken)]
    return (" " if spoken.is_japanese else ", ").join(word for word in words if word)


def _period(filing: Filing, spoken: Speech) -> str:
    """From which day to which."""
    days: list[date | None] = [filing.period_start_on, filing.period_end_on]
    if None in days:
        return formatters.day(filing.period_end_on, spoken) or ""
    return ("〜" if spoken.is_japanese else " to ").join(str(formatters.day(day, spoken)) for day in days)
