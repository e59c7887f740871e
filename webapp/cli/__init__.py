"""What operators type.

`main.py` is the console script; `table.py` names every command. A command is two files of one name: `commands/NAME.py`
says what it is called with and loads nothing that takes long, `NAME.py` does it and is loaded when it is called. No
command needs the web application; one that needs the database says `@database.needed`. What a service could do for
another entrance does not belong here.
"""
