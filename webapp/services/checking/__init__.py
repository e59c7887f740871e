"""What is wrong with stored rows: findings, kept until they no longer hold; and what a change would move.

`findings` files, `deciding` decides on them, `catching_up` looks at all of them after a large change; `coverage` and
`completeness` say what is missing, `rule_counts` and `trend` how rules and findings stand; `impact` says what would
move before anything is written; `price_days` notes days of prices that triggers have missed. What is filed with a
change itself stands below, in `changes.following`; this room asks, and writes no row.
"""
