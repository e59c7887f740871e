"""Rules of accounting, declared as data: each is read by Python for one statement and as SQL for all of them.

`rule` says what one is; `identities`, `comparisons`, `periods` and `magnitudes` declare them, a line each; `catalogue`
holds them all and makes sentences of what is broken; `as_sql` reads them for sets: of all statements `screen_sql` finds
the few that may break one, beside the rows that `everywhere_sql` joins; `beside_sql` says what stands beside a
statement. Here is nothing that writes, and nothing about companies.
"""
