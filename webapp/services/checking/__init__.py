"""What is wrong with stored rows, and what is missing: findings, kept until they no longer hold.

Each file answers one question about everything that is stored, by sets in SQL. What follows from a single change at
once is in changes/following; what counts as correct, and when something is due, in rules.
"""
