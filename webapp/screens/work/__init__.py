"""The menu of stewards' work: home, change sets, imports, saved views; a file a screen.

Home is put together from `panels`. What a change set or an import may do is decided in `services`; what every record
screen does is in `record`.
"""
