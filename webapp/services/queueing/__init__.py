"""Work for later: stored with what it belongs to, in one transaction, and done by whichever worker is free."""
