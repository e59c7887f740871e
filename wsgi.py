"""Settings in, app out: gunicorn --config python:webapp.api.serving wsgi:app"""

import sys

from webapp import logs, placed, settings
from webapp.app import create_app

try:
    loaded = settings.from_environment()
except settings.SettingsError as error:
    # One line and no traceback, which would show the values of variables to tools that collect them.
    sys.stderr.write(f"stockcode: {error}\n")
    sys.exit(settings.EXIT_CONFIGURATION)

if (sentence := placed.lacking()) is not None:
    sys.stderr.write(f"stockcode: {sentence}\n")
    sys.exit(settings.EXIT_CONFIGURATION)

logs.configure(is_production=loaded.is_production)
app = create_app(loaded)
