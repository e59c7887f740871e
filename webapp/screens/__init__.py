"""What stewards see, one file per menu item."""
