"""What values look like to people: languages, labels, units, eras, numbers, names of records; no page is made here.

Text out of values and values out of text, in the language of a speech that is handed in. Sentences that a single page
says stay with the page; what makes a value right is a rule.
"""
