"""The one look at os.environ: what this process was started with; what it means is for settings.py to say.

A file of its own, because the language of the terminal is wanted before SQLAlchemy, which settings need, is loaded.
"""

import os

MIN_SECRET_LENGTH = 32  # of SECRET_KEY; `stockcode up` makes one


def variables() -> dict[str, str]:
    """A copy of the variables as they are now."""
    return dict(os.environ)
