"""The words of a change set: its kinds, its states and what it does to a row."""

from webapp.rules.fields import OneOf, Pattern, Text

# release: what a revision of the release step fills in.
KIND = OneOf(("create", "edit", "delete", "import", "seed", "undo", "release"))
# What people do to the rows that a page of theirs shows.
OF_A_PAGE = frozenset({"edit", "delete"})
# What sets values by hand; and with it what takes rows away, what takes it back or brings it again.
SETTING = ("create", "edit")
BY_HAND = (*SETTING, "delete", "undo")
# proposed -> approved -> applied; proposed -> rejected.
STATUS = OneOf(("proposed", "approved", "applied", "rejected"))
# Who decided: the policy, or a person who is not the author.
POLICY, PERSON = "policy", "person"
DECIDED_HOW = OneOf((POLICY, PERSON))
CREATE, UPDATE, CLOSE, DELETE = "create", "update", "close", "delete"
# Neither changes a row: a field is looked at and found right, or handed back to the source that it came from.
VERIFY, RELEASE = "verify", "release"
VOUCHING = (VERIFY, RELEASE)
# close: an update that ends a company's listing or its place on the list of filers.
ACTION = OneOf((CREATE, UPDATE, CLOSE, DELETE, VERIFY, RELEASE))
# What leaves a row where it is: its fields before and after can be compared.
OF_STORED_ROWS = (UPDATE, CLOSE, VERIFY, RELEASE)
# What a row of a feed comes to beside the stored ones; one that is as it is stored already is only counted.
NEW, CHANGED, KEPT, REFUSED, LEFT = "new", "changed", "kept", "refused", "left"
VERDICT = OneOf((NEW, CHANGED, KEPT, REFUSED, LEFT))
AUTHOR_NAME = Text(120)
REASON = Text(1000, is_long=True)
SOURCE = Text(500)
# Made with a form when it is opened, so that sending it twice is one change.
SAVE_TOKEN = Pattern("[0-9a-f]{32}", "32 hexadecimal digits")

# How a value becomes a steward's word: typed, chosen or blanked by hand; or looked at and found right.
SET, VERIFIED = "set", "verified"
WORD = OneOf((SET, VERIFIED))
