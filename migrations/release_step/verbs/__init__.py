"""What an operator may ask for, a file each: to upgrade, downgrade, stamp, plan, check, generate, ping; to be told.

What two verbs need belongs in a room below; only `running`, which applies revisions, serves several.
"""
