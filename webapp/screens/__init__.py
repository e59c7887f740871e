"""What stewards see: `record` is how every record screen behaves, the other rooms are menus with a file a screen.

A screen declares: which columns, filters, labels. What it needs of another screen goes through `record.registry`; what
a list or a form could do for an API belongs in `lists` or `forms`, what changes a row in `services`.
"""
