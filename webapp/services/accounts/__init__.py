"""People: their accounts, passwords, rights and signing in; accounts are nobody's curated data."""
