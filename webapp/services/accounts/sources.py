"""Where a request comes from, as one source: an IPv4 address, or the /64 that an IPv6 line is given whole."""

import ipaddress

# RFC 6177, BCP 157: a single site gets a /64 or more, so that one machine has all of its addresses to choose from.
SITE_BITS = 64
UNKNOWN = "(unknown)"


def of(address: str) -> str:
    """The source behind a network address; what is none, such as a proxy's own word, is one source together."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, SITE_BITS), strict=False))
