"""What makes a sector of the exchange acceptable."""

from webapp.rules.fields import Pattern, Text

CODE = Pattern("[0-9]{4}", "four digits such as 0050 or 3800")
SECTOR17_CODE = Pattern("[0-9]{1,2}", "one or two digits")
NAME = Text(80)
