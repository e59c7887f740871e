"""A list as a value: its query, conditions, order, place and count; needs neither Flask-Admin nor a request.

What a list is asked (`query`), what it offers (`plan`), and how it is read (`reading`, `records`, `file`) are for
whoever lists records: screens, files, later an API. Nothing here makes a page, reads a cookie or knows who asks.
"""
