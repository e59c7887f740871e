"""What EDINET's documents say of statements: read again from their zips, and laid out by all that stands.

Below whatever proposes a change, because a document that is withdrawn by whichever entrance moves statements with it.
"""
