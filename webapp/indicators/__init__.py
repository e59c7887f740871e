"""Indicators, declared as data: each is read by Python for one company, and as SQL for all. Pure: no row is read here.

`indicator` says what one is; `formulas` declares them, a line each, of `terms` and of `tax_rates`; `reported` says
beside what of the company's own each stands. `periods` derives twelve months and quarters, `splits` makes days
comparable, `assembling` puts a company's rows together, `as_rows` makes of them what is stored, `as_sql` does all of it
over sets, and `impact` says what a change moves. Who reads the rows and writes what comes of them is not in this room:
services.changes.following.
"""
