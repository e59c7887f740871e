"""People: `accounts` makes and changes them, `passwords` keeps what they sign in with, `signing_in` lets them in and
slows guessers (by `sources`), `visitors` is who asks in a session, `permissions` who may do what.

Accounts are nobody's curated data: they have verbs of their own, and no change sets. What a browser knows of its
visitor is `webapp/web`'s.
"""
