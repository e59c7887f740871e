"""What follows from a change: former names in the same change set; whose word each field is, which findings hold.

Each file follows a small change in its own transaction and can be called for everything, by a job. What is here is
derived: it makes no change set, and nobody types it.

`indicator_inputs` reads what a company's indicators are reckoned of; few companies' are reckoned in Python
(`indicators_of_few`), those of many, and of all, in one statement (`indicators`).
"""
