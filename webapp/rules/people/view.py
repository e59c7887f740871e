"""What makes a saved view acceptable."""

from webapp.rules.fields import Text

NAME = Text(80)
# The query of a list, as its address has it; none is the list as it is.
LONGEST_QUERY = 4000
