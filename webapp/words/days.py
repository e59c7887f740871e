"""Days as people in Japan type them."""

import re

DAY = re.compile(r"(?P<year>[0-9]{4})([-/])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})", re.ASCII)
