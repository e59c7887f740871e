"""Days and moments as people in Japan type them; moments are typed and shown in Japan's time and stored in UTC."""

import re

from webapp.rules.calendar import JST

__all__ = ["DAY", "JST"]

DAY = re.compile(r"(?P<year>[0-9]{4})([-/])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})", re.ASCII)
