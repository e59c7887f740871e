"""What counts as correct. Pure: no Flask, no SQLAlchemy, no WTForms.

A file a table, and the words of its columns with their sources, those of accounts, uploads and saved views in `people`;
`fields` are rules of one value, from which columns, CHECKs and forms take theirs. What has to look at other rows is no
rule but a constraint, or a part of `services`.
"""
