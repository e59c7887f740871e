"""How every record screen behaves: list, form, cells, details, deletion, export, undo; screens only declare.

`base.py` puts a screen together of pages beside each other, each a file; `screen.py` is what all of them are given. A
page answers a request and makes HTML. What one menu alone shows, how a list is read, how a field is typed into, and
what becomes of a wish are not decided here.
"""
