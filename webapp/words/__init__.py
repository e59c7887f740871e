"""What values look like to people: languages, labels, units, eras, numbers, names of records; no page is made here."""
