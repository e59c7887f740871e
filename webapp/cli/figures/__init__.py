"""What operators ask of figures: which rules hold, what is missing, and the indicators computed anew.

The SQL that answers is of services and rules; here it is only told, in lines or as JSON. Nothing is imported here.
"""
