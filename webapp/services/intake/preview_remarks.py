"""What a preview remarks, row by row, as it is kept: its place, its raw line, our reading and what is stored."""

from typing import Any

from webapp.files.rows import BadRow
from webapp.services.intake import file_findings
from webapp.services.intake.importing import Preview

REFUSED, KEPT, REMARK = "refused", "kept", "remark"


def of(preview: Preview) -> list[dict[str, Any]]:
    """Refused rows first, then the values that stay as a steward set them, then everything else that is remarked."""
    kept = [file_findings.placed(one, preview.listing) for one in preview.kept]
    others = preview.findings[len(preview.refused) :]
    return [
        *(of_row(bad) for bad in preview.refused),
        *({**finding.as_json(), "about": KEPT if finding in kept else REMARK} for finding in others),
    ]


def of_row(bad: BadRow) -> dict[str, Any]:
    """A refused row."""
    part = {} if bad.file is None else {"part": bad.file}
    return {**file_findings.of_refused(bad).as_json(), "about": REFUSED, **part}
