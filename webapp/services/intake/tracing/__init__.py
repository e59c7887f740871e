"""From figures to the facts of filings and back, and from an amendment to what it amends."""
