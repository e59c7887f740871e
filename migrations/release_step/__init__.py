"""What `run_migrations.py` does, in rooms from the bottom up; each may use those before it.

`telling`: what a command is asked and what it answers. `database`: one session, reached, found fit, locked, read.
`schema`: what the models declare, and how a database differs from it. `revisions`: the files of `versions/`, read,
written as SQL, held to their rules. `verbs`: what an operator may ask for. `commands`: what each command loads, as
`table.py` says. What revisions import stays outside, in `indexes.py` and `backfills.py`: old ones keep their names.
"""
