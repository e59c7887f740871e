"""Files become change sets: received, merged with what is stored, seeded; writes only through services.changes.

A kind of file is one file in `kinds`. How bytes become rows belongs in `webapp.files`; what may be kept of them is said
by the kind, and nothing of a natural person is.
"""
