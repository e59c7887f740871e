"""Reports filed with EDINET: a document becomes facts, and the facts become statements by a mapping that is data.

`document` reads a report, `mapping` and its `elements_N.csv` say which element is which of our fields, `periods` and
`statements` which months, scope and standard a figure is of; a `filing` is one document, a `parcel` several together.
`filed_facts` and `amendments` make of a document what is looked at.
`persons` and `register_persons` write lists without their natural persons, by `hiding`, so that they can wait.
What is stored of a filer, and which of its statements is current, is for `services` to say.
"""
