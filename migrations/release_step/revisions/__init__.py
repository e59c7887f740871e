"""The revisions that this code was shipped with: read as files, ordered, written as SQL, and held to their rules.

Nothing here runs one on a database: that is what `verbs` are for.
"""
