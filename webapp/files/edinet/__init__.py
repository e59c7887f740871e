"""Reports filed with EDINET: a document becomes facts, and the facts become statements by a mapping that is data.

`document` reads the zip; `filing` and `statements` make of it what is stored, `filed_facts` and `amendments` what is
looked at. What is stored already, and what stewards have set, is not known here.
"""
