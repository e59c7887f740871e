"""Feeds: files of so many rows that their change set has no item for each of them.

Rows are copied into a table of the session's own (`receiving`), compared with the stored ones in one statement
(`classifying`), written in parts (`writing`) and taken back by what the history triggers have recorded (`reverting`).
A feed that waits for a decision keeps its rows (`keeping`). What it says against stewards and rules is gathered for
the queue of findings (`saying`). What a file says, and which of its rows are none of ours, is the business of whoever
reads it.
"""
