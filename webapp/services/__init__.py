"""Verbs on curated data; the only writers.

`changes` is the one way in which rows change, `intake` the files that lead there, `accounts` people, `lists` what is
done with whole lists; `releasing` says whether the database is at this release. A service takes values,
neither a request nor a form.
"""
