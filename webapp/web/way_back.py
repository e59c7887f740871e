"""The way back in an address: the address of a list as it is, or packed where many conditions make it long.

Written into another address, every character of a Japanese condition takes fifteen: after some conditions no server
takes the line any more. Packed it needs neither a session nor script, and survives in bookmarks and in several tabs.
"""

import base64
import re
import zlib

MARK = "~"
# Anything shorter stays readable.
LONGEST_AS_IT_IS = 400
# What is longer has been packed by us.
LONGEST_UNPACKED = 2000
# No address of ours is longer: gunicorn takes lines of 8,190 (webapp/api/serving.py).
LONGEST = 8190
# Browsers drop some control characters and read a backslash as a slash, so that /\host leaves the site.
MISREAD = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029]")


def packed(address: str) -> str:
    """The address for the query of another one."""
    if len(address) <= LONGEST_AS_IT_IS:
        return address
    return MARK + base64.urlsafe_b64encode(zlib.compress(address.encode(), 9)).decode().rstrip("=")


def unpacked(text: str) -> str | None:
    """The address that was packed, or that stands there as it is; None for anything else."""
    if not text.startswith(MARK):
        return text if len(text) <= LONGEST_UNPACKED else None
    code = text.removeprefix(MARK)
    try:
        # No more is unpacked than an address may have, whatever somebody has made.
        decompressor = zlib.decompressobj()
        content = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        address = decompressor.decompress(content, LONGEST).decode()
    except (ValueError, zlib.error):  # whatever else somebody has made
        return None
    return address if decompressor.eof else None


def safe_next(target: str | None) -> str | None:
    """The target, unpacked where it was long, where it is a path on this site; otherwise None."""
    target = unpacked(target) if target else None
    if not target or MISREAD.search(target):
        return None
    return target if target.startswith("/") and not target.startswith("//") else None
