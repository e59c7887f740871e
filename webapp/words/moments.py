"""Days and moments as people in Japan type them; moments are typed and shown in Japan's time and stored in UTC."""

import re
from datetime import timedelta, timezone

# Japan has kept this offset without summer time since 1951, before any disclosure that we hold.
JST = timezone(timedelta(hours=9), "JST")
DAY = re.compile(r"(?P<year>[0-9]{4})([-/])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})", re.ASCII)
