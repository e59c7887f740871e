"""Why a file is not taken, in one sentence."""

from webapp.files.rows import WrongFile
from webapp.words.speech import Speech


def sentence(error: WrongFile, speech: Speech) -> str:
    """What was expected and what was found; which of several files, where it is one of them."""
    expected = speech.gettext(error.expected, **error.values)
    found = speech.gettext(error.found, **error.values)
    why = speech.gettext("Expected %(expected)s; found %(found)s.", expected=expected, found=found)
    return f"{error.part}: {why}" if error.part else why
